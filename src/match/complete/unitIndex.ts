import type { NameIndex, Sense } from '../../gazetteer/names.ts'
import { inKeyOrder, NameList } from '../../text/nameList.ts'
import { fold } from '../../text/tokens.ts'
import type { PlaceFame } from './fame.ts'
import type { PlaceNumber } from './streetIndex.ts'

/** A unit by one of its names. */
export interface NamedUnit {
  /** As written. */
  readonly name: string
  readonly sense: Sense
  /** How well known it is among all that can be offered, 0 to 1. */
  readonly fame: number
  /** The communes of today that it is or became, the one that took most of it first; none of a province. */
  readonly communes: readonly PlaceNumber[]
}

/** All units of all eras by their names. */
export interface UnitIndex {
  readonly names: NameList
  readonly folded: readonly string[]
  /** For each row of `names` the units that bear it. */
  readonly units: readonly (readonly NamedUnit[])[]
}

/** Yields now and then. */
export function* indexUnits(index: NameIndex, fame: PlaceFame): Generator<undefined, UnitIndex> {
  const rows = new Map<string, { folded: string; units: NamedUnit[] }>()
  for (const [i, { name, sense }] of index.named.entries()) {
    if (i % 500 === 0) yield
    const folded = fold(name)
    const row = rows.get(folded) ?? { folded, units: [] }
    rows.set(folded, row)
    const { district, earlierDistrict, became } = sense
    const gone = district ?? earlierDistrict
    const communes = gone ? index.communesOf(gone).map(({ commune }) => commune) : became
    row.units.push({ name, sense, fame: fameOf(sense, fame), communes: communes.map((one) => one.index) })
  }
  const sorted = yield* inKeyOrder(rows.values())
  return {
    names: yield* NameList.of(sorted.map(({ folded }) => folded)),
    folded: sorted.map(({ folded }) => folded),
    units: sorted.map(({ units }) => units),
  }
}

/** The wider and those of today first. */
function fameOf(sense: Sense, fame: PlaceFame): number {
  const { currentProvince, formerProvince, current, district, earlierDistrict, former, became } = sense
  if (currentProvince) return 0.8 + 0.2 * fame.ofProvince(currentProvince)
  if (formerProvince) return 0.75
  if (current) return 0.45 + 0.4 * fame.of(fame.numberOf(current))
  if (district) return 0.4 + 0.4 * fame.of(fame.numberOf(district))
  if (earlierDistrict) return 0.5
  const now = became[0] ? fame.of(fame.numberOf(became[0])) : 0
  return (former ? 0.3 : 0.2) + 0.35 * now
}
