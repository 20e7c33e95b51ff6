import { readFileSync, writeFileSync } from 'node:fs'

/** The shares below which a figure must not fall again. */
const FILE = new URL('../../test/accuracy-floors.json', import.meta.url)

export type Floors = Record<string, number>

export const readFloors = (): Floors => JSON.parse(readFileSync(FILE, 'utf8'))

/** Floors only rise. Cut, not rounded, to four decimals, so that what was measured passes. */
export function raiseFloors(floors: Floors, measured: Floors): Floors {
  const raised = { ...floors }
  for (const [id, share] of Object.entries(measured))
    raised[id] = Math.max(floors[id] ?? 0, Math.floor(share * 10_000 + 1e-9) / 10_000)
  writeFileSync(FILE, `${JSON.stringify(raised, null, 2)}\n`)
  return raised
}
