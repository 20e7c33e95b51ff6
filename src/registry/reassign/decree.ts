import type { Gazetteer } from '../../gazetteer/types.ts'

/** Rows of a decree: every commune of the country many times over. */
const MOST_ROWS = 100_000
const COLUMNS = ['kind', 'from_code', 'to_code', 'postcode', 'effective'] as const

/**
 * What a decree changes. `from` are communes as the registry has them, `to` communes of the loaded data: the data come
 * first, then the decree.
 */
export interface Decree {
  /** ISO date from which it holds. */
  effective: string
  /** Code of a commune -> codes of the communes that it, or parts of it, became. */
  successors: ReadonlyMap<string, { whole: boolean; to: readonly string[] }>
  /** Code of a commune of today -> its postcode from now on. */
  postcodes: ReadonlyMap<string, string>
}

/** A decree that cannot be used; the message lists its faults by line. */
export class DecreeFaults extends Error {
  override name = 'DecreeFaults'
}

/**
 * Reads the rows of a decree: kind, from_code, to_code, postcode, effective.
 * `whole`: all of from_code becomes (a part of) to_code. `part`: a part of from_code becomes (a part of) to_code; one row
 * for each part, from_code itself among them when a part stays. `postcode`: to_code gets the postcode, nothing else.
 * An empty postcode is the one that the data have. Throws DecreeFaults.
 */
export function readDecree(
  rows: readonly Readonly<Record<string, string>>[],
  gazetteer: Gazetteer,
  today: string,
): Decree {
  const faults: string[] = []
  const successors = new Map<string, { whole: boolean; to: string[] }>()
  const postcodes = new Map<string, string>()
  const dates = new Set<string>()
  if (rows.length === 0)
    throw new DecreeFaults(`the decree has no rows; its columns are ${COLUMNS.join(', ')}`)
  if (rows.length > MOST_ROWS) throw new DecreeFaults(`the decree has more than ${MOST_ROWS} rows`)
  for (const [i, row] of rows.entries()) {
    const [kind, from, to, postcode, effective] = COLUMNS.map((name) => row[name]?.trim() ?? '') as [
      string,
      string,
      string,
      string,
      string,
    ]
    const fault = (text: string) => faults.push(`line ${i + 2}: ${text}`)
    const commune = gazetteer.commune(to)
    if (kind !== 'whole' && kind !== 'part' && kind !== 'postcode')
      fault(`kind "${kind}" is not whole, part or postcode`)
    if (!commune) fault(`to_code "${to}" is no commune of the loaded data`)
    if (!/^\d{4}-\d{2}-\d{2}$/.test(effective)) fault(`effective "${effective}" is no date like 2025-07-01`)
    if (postcode !== '' && !/^\d{5}$/.test(postcode)) fault(`postcode "${postcode}" is not five digits`)
    if (kind === 'postcode') {
      if (from !== '' && from !== to) fault('a row "postcode" has no from_code, or to_code again')
      if (postcode === '') fault('a row "postcode" needs a postcode')
    } else if (!/^\d{5}$/.test(from)) fault(`from_code "${from}" is not five digits`)
    else addSuccessor(successors, { from, to, whole: kind === 'whole' }, fault)
    dates.add(effective)
    if (!commune) continue
    const meant = postcode || commune.postcode
    if ((postcodes.get(to) ?? meant) !== meant) fault(`commune ${to} has two postcodes`)
    postcodes.set(to, meant)
  }
  for (const [from, { whole, to }] of successors)
    if (!whole && to.length < 2)
      faults.push(`commune ${from} has one part only: name the others, or say whole`)
  if (dates.size > 1) faults.push('the rows take effect on different days: make one decree of each day')
  const [effective = ''] = dates
  if (effective > today) faults.push(`the decree takes effect on ${effective}`)
  if (faults.length > 0) throw new DecreeFaults(listed(faults))
  return { effective, successors, postcodes }
}

function addSuccessor(
  successors: Map<string, { whole: boolean; to: string[] }>,
  { from, to, whole }: { from: string; to: string; whole: boolean },
  fault: (text: string) => void,
): void {
  const known = successors.get(from)
  if (!known) successors.set(from, { whole, to: [to] })
  else if (known.whole || whole) fault(`commune ${from} goes over as a whole and to another commune too`)
  else if (known.to.includes(to)) fault(`the part of ${from} in ${to} stands twice`)
  else known.to.push(to)
}

const MOST_FAULTS = 20
const listed = (faults: string[]) =>
  [
    `the decree cannot be used (${faults.length} faults):`,
    ...faults.slice(0, MOST_FAULTS),
    ...(faults.length > MOST_FAULTS ? ['...'] : []),
  ].join('\n  ')
