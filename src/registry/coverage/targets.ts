import type { Gazetteer } from '../../gazetteer/types.ts'
import type { Target } from './store.ts'

/** Households of a commune beyond which a target is a slip of the keyboard. */
const MOST = 1_000_000

/** Rows of a table of targets (commune_code, households) as targets, and what is wrong with the others. Row 0 is line 2. */
export function readTargets(
  rows: readonly Record<string, string>[],
  gazetteer: Gazetteer,
): { targets: Target[]; faults: { line: number; reason: string }[] } {
  const targets = new Map<string, Target>()
  const faults: { line: number; reason: string }[] = []
  for (const [i, row] of rows.entries()) {
    const fault = (reason: string) => faults.push({ line: i + 2, reason })
    const code = (row['commune_code'] ?? '').trim()
    const text = (row['households'] ?? '').trim()
    // A spreadsheet drops leading zeros.
    const communeCode = /^\d{1,5}$/.test(code) ? code.padStart(5, '0') : ''
    if (!gazetteer.commune(communeCode)) fault(`no commune of today has the code "${code}"`)
    else if (!/^\d{1,7}$/.test(text) || Number(text) > MOST)
      fault(`households "${text}" is no whole number from 0 to ${MOST}`)
    else if (targets.has(communeCode)) fault(`commune ${communeCode} stands in the table twice`)
    else targets.set(communeCode, { communeCode, households: Number(text) })
  }
  return { targets: [...targets.values()], faults }
}
