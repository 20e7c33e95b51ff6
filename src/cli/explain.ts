import type { Explanation } from '../match/explain.ts'
import type { Understanding } from '../match/types.ts'

const percent = (share: number) => `${(100 * share).toFixed(1).padStart(5)} %`

/** An explained understanding as text for a terminal. */
export function explanationText({
  input,
  explanation,
  ...answer
}: Understanding & { explanation: Explanation }): string {
  const { readAs, parts, era, grade, candidates, readings } = explanation
  const lines = [input, ...(readAs ? [`read as: ${readAs}`] : []), '', 'Parts']
  for (const { part, text } of parts) lines.push(`  ${part.padEnd(12)} ${text}`)
  const { current, issues } = answer
  const unit = current && [current.commune?.fullName, current.province.fullName].filter(Boolean).join(', ')
  lines.push('', `Answer  ${unit ?? '(none)'}`, `Era     ${era}`, `Grade   ${grade}`)
  if (candidates.length > 0) lines.push('', 'Communes weighed')
  const contradicts = issues.some(({ code }) => code === 'province-contradicts')
  if (current && !current.commune && candidates.length > 1 && !contradicts)
    lines.push('  (the communes of a district or province that is named without one share its belief)')
  for (const { commune, province, former, belief, evidence } of candidates) {
    const { units, street, point } = belief
    lines.push(`  ${percent(point)}  ${commune ?? '(no commune)'}, ${province}`)
    const steps = [`${percent(units).trim()} by the units`]
    if (street !== units) steps.push(`${percent(street).trim()} with the street`)
    if (point !== street) steps.push(`${percent(point).trim()} with the point`)
    if (steps.length > 1) lines.push(`      ${steps.join(', ')}`)
    if (former) lines.push(`      from ${former}`)
    for (const what of evidence) lines.push(`      ${what}`)
  }
  if (readings.length > 0) lines.push('', 'Readings of the units, by points')
  for (const { points, share, evidence } of readings) {
    lines.push(`  ${points.toFixed(2)} points, ${share > 0 ? percent(share).trim() : 'dropped'}`)
    for (const { points: given, what } of evidence)
      lines.push(`    ${given === null ? '      ' : signed(given)}  ${what}`)
  }
  if (issues.length > 0) lines.push('', `Issues  ${issues.map(({ code }) => code).join(', ')}`)
  return lines.join('\n')
}

const signed = (points: number) => `${points < 0 ? '-' : '+'}${Math.abs(points).toFixed(2)}`.padStart(6)
