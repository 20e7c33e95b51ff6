import { once } from '../gazetteer/once.ts'
import type {
  CurrentCommune,
  District,
  EarlierCommune,
  Era,
  FormerCommune,
  Gazetteer,
  Province,
  Unit,
} from '../gazetteer/types.ts'
import { type UnitSearch, unitSearch } from './unitSearch.ts'

/** A unit of one era with its level; `unit` is the gazetteer's own object. */
export type UnitEntry =
  | { era: Era; level: 'province'; unit: Province }
  | { era: 'former'; level: 'district'; unit: District }
  | { era: 'current'; level: 'commune'; unit: CurrentCommune }
  | { era: 'former'; level: 'commune'; unit: FormerCommune }

/** Where a unit came from or went to. `takesPopulation` is null above the commune. */
export interface Relation {
  entry: UnitEntry
  whole: boolean
  takesPopulation: boolean | null
}

/** Look-ups over all units of both eras that only the reference routes need. */
export interface UnitIndex {
  entries: UnitEntry[]
  search: UnitSearch
  byCode(code: string): UnitEntry[]
  /** The unit of one era with this code. */
  at(code: string, era: Era): UnitEntry | undefined
  /** Units directly under a province or district, in order of code. */
  childrenOf(parent: Unit): UnitEntry[]
  sourcesOf(entry: UnitEntry): Relation[]
  successorsOf(entry: UnitEntry): Relation[]
  /** Communes gone before June 2025 that lead to this one. */
  earlierOf(unit: Unit): EarlierCommune[]
  earlierByCode(code: string): EarlierCommune[]
  /** The communes of today that together are exactly this unit; null for a former one that some of them cross. */
  communesOf(entry: UnitEntry): CurrentCommune[] | null
}

/** The index of a gazetteer, made on first use. */
export const unitIndex: (gazetteer: Gazetteer) => UnitIndex = once(build)

function build(gazetteer: Gazetteer): UnitIndex {
  const entries: UnitEntry[] = [
    ...gazetteer.provinces.map((unit) => ({ era: 'current', level: 'province', unit }) as const),
    ...gazetteer.communes.map((unit) => ({ era: 'current', level: 'commune', unit }) as const),
    ...gazetteer.formerProvinces.map((unit) => ({ era: 'former', level: 'province', unit }) as const),
    ...gazetteer.districts.map((unit) => ({ era: 'former', level: 'district', unit }) as const),
    ...gazetteer.formerCommunes.map((unit) => ({ era: 'former', level: 'commune', unit }) as const),
  ]
  const entryOf = new Map<Unit, UnitEntry>(entries.map((entry) => [entry.unit, entry]))
  const byCode = groupBy(entries, ({ unit }) => unit.code)
  const children = groupBy(entries, parentOf)
  const sources = new Map<Unit, Relation[]>()
  const successors = new Map<Unit, Relation[]>()
  for (const entry of entries) {
    const relations = successorsOf(entry, (unit) => children.get(unit) ?? [])
    successors.set(
      entry.unit,
      relations.map(({ unit, whole, takesPopulation }) => ({
        entry: entryOf.get(unit)!,
        whole,
        takesPopulation,
      })),
    )
    for (const { unit, whole, takesPopulation } of relations) {
      // A district went into many communes; it is the source of one only where it was all there was (islands).
      if (entry.level === 'district' && entry.unit.becameCommune !== unit) continue
      const list = sources.get(unit) ?? []
      list.push({ entry, whole, takesPopulation })
      sources.set(unit, list)
    }
  }
  const earlier = new Map<Unit, EarlierCommune[]>()
  for (const gone of gazetteer.earlierCommunes)
    for (const unit of gone.successors) earlier.set(unit, [...(earlier.get(unit) ?? []), gone])
  const earlierCodes = groupBy(
    gazetteer.earlierCommunes.filter(({ code }) => code !== null),
    ({ code }) => code!,
  )
  return {
    entries,
    search: unitSearch(entries),
    byCode: (code) => byCode.get(code) ?? [],
    at: (code, era) => byCode.get(code)?.find((entry) => entry.era === era),
    childrenOf: (parent) => children.get(parent) ?? [],
    sourcesOf: ({ unit }) => sources.get(unit) ?? [],
    successorsOf: ({ unit }) => successors.get(unit) ?? [],
    earlierOf: (unit) => earlier.get(unit) ?? [],
    earlierByCode: (code) => earlierCodes.get(code) ?? [],
    communesOf: (entry) => communesOf(entry, (unit) => children.get(unit) ?? []),
  }
}

function parentOf(entry: UnitEntry): Unit | null {
  if (entry.level === 'province') return null
  if (entry.level === 'district') return entry.unit.province
  return entry.era === 'former' ? entry.unit.district : entry.unit.province
}

interface Step {
  unit: Unit
  whole: boolean
  takesPopulation: boolean | null
}

/** A commune goes where the official relation says; a district and a province where their communes went. */
function successorsOf(entry: UnitEntry, children: Children): Step[] {
  if (entry.era === 'current') return []
  if (entry.level === 'commune')
    return entry.unit.successors.map(({ current, whole, takesPopulation }) => ({
      unit: current,
      whole,
      takesPopulation,
    }))
  const reached = new Set<Unit>()
  if (entry.level === 'district') {
    if (entry.unit.becameCommune) reached.add(entry.unit.becameCommune)
    for (const child of children(entry.unit))
      for (const { unit } of successorsOf(child, children)) reached.add(unit)
  } else {
    for (const district of children(entry.unit))
      for (const { unit } of successorsOf(district, children)) reached.add((unit as CurrentCommune).province)
  }
  return [...reached].map((unit) => ({ unit, whole: reached.size === 1, takesPopulation: null }))
}

type Children = (unit: Unit) => UnitEntry[]

function communesOf(entry: UnitEntry, children: Children): CurrentCommune[] | null {
  if (entry.level === 'commune' && entry.era === 'current') return [entry.unit]
  const below = (of: UnitEntry): UnitEntry[] => [of, ...children(of.unit).flatMap(below)]
  const all = below(entry)
  const communes = all.flatMap((one) => (one.level === 'commune' && one.era === 'current' ? [one.unit] : []))
  if (entry.era === 'current') return communes
  const formers = new Set(
    all.flatMap((one) => (one.level === 'commune' && one.era === 'former' ? [one.unit] : [])),
  )
  // Islands that were a district without communes.
  const islands = all.flatMap((one) =>
    one.level === 'district' && one.unit.becameCommune ? [one.unit.becameCommune] : [],
  )
  const successors = new Set(
    [...formers].flatMap((former) => former.successors.map(({ current }) => current)),
  )
  const within = [...successors].every(({ sources }) => sources.every(({ former }) => formers.has(former)))
  return within ? [...successors, ...islands] : null
}

function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group) group.push(item)
    else groups.set(key(item), [item])
  }
  return groups
}
