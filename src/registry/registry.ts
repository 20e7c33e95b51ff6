import type { Gazetteer } from '../gazetteer/types.ts'
import { scaleAt } from '../geo/flatEarth.ts'
import type { KnownPlaces } from '../locate/knownHouseholds.ts'
import { keysOf } from './canonical.ts'
import { type ChangesPage, type ChangesQuery, MOST_CHANGES, readChanges } from './changes.ts'
import { type HouseholdEvent, heirsOf, publicHistory, versionOf } from './history.ts'
import { type IdCodec, idsOf } from './id.ts'
import { CORE_LENGTH, differByUnknown, identifies, type KeyInput } from './key.ts'
import { knownPlaces } from './knownPlaces.ts'
import { type ListPage, type ListQuery, listHouseholds } from './listing.ts'
import { type Case, type QueueEntry, type QueueFilter, queue, reviewCase } from './review/queue.ts'
import type { OldPostcode, RegistryReader } from './store.ts'
import type { Household, Place } from './types.ts'
import { publicHousehold } from './view.ts'

/** A code that a household once had. Times are ISO. */
export interface OldCode {
  vpostcode: string
  householdId: string
  /** The household's code now, or of the households that took its place the first that has one; else null. */
  current: string | null
  /** The live households that took its place. */
  successors: string[]
  /** The commune that the household stands in, or stood in last. */
  communeCode: string
  from: string
  until: string
}

const MAX_ANSWERS = 100
const MAX_METRES = 10_000

/** The questions that people and programs ask the registry. Every answer has at most 100 households. */
export interface Registry extends KnownPlaces {
  readonly ids: IdCodec
  household(id: string): Promise<Household | null>
  /** The household with what tells this state of it from every other (see versionOf). */
  versioned(id: string): Promise<{ household: Household; version: string } | null>
  /** Households whose current code this is (canonical form), oldest first. */
  atCode(vpostcode: string, limit: number): Promise<Household[]>
  /** Those of the codes that a household has now. */
  knownCodes(vpostcodes: readonly string[]): Promise<Set<string>>
  /** Households that had this code once and no longer have it, latest change first. */
  oldCodes(vpostcode: string, limit: number): Promise<OldCode[]>
  /** What communes of today had this postcode before, the latest first; empty where no table was imported. */
  oldPostcodes(postcode: string): Promise<OldPostcode[]>
  /** Households with a point within `metres` (at most 10,000) of a point in degrees WGS 84, nearest first. */
  nearest(
    lat: number,
    lon: number,
    metres: number,
    limit: number,
  ): Promise<{ household: Household; metres: number }[]>
  /** The ids alone of the same. */
  idsNear(lat: number, lon: number, metres: number, limit: number): Promise<string[]>
  byExternalId(scheme: string, value: string): Promise<Household | null>
  /**
   * Households of an address that names one: those of exactly this address first, then those that differ only by a former
   * commune or hamlet which one of the two does not name. Historical ones too. None for an address without a house.
   */
  atAddress(address: KeyInput, limit: number): Promise<Household[]>
  /** What happened to a household, oldest first, with the household as it stood after; empty when there is none. */
  history(id: string): Promise<HouseholdEvent[]>
  /** The live households that took a historical one's place, however many steps ago; at most 100. */
  successors(id: string): Promise<Household[]>
  /** The lists that loaded a household or have a row that leads to it, by name; none for an id that nobody has. */
  listsOf(id: string): Promise<string[]>
  /** A page of the households of communes, in the order in which the communes are given. Throws BadCursor. */
  list(places: readonly Place[], query: ListQuery): Promise<ListPage>
  /** What waits for a person's decision: households in review by place, then findings about others, the likeliest first. */
  queue(filter: QueueFilter): Promise<QueueEntry[]>
  /** All that a person needs to decide about a household; null when there is none. */
  reviewCase(id: string, gazetteer: Gazetteer): Promise<Case | null>
  /** A page of the list of events, with the households as they stood after each. Throws BadCursor. */
  changes(query: ChangesQuery): Promise<ChangesPage>
  count(): Promise<number>
}

export function openRegistry(store: RegistryReader): Registry {
  const ids = idsOf(store)
  const bounded = (limit: number) => Math.max(0, Math.min(limit, MAX_ANSWERS))
  const view = async (ns: readonly number[]) =>
    (await store.households(ns)).map((stored) => publicHousehold(stored, ids))
  const first = async (n: number | null) => (n === null ? null : ((await view([n]))[0] ?? null))

  const lifeOf = async (id: string) => {
    const n = ids.nOf(id)
    return n === null ? null : ((await store.withHistory([n]))[0] ?? null)
  }

  const around = (lat: number, lon: number, metres: number, limit: number) =>
    store.nearest({
      lat,
      lon,
      scale: scaleAt(lat),
      metres: Math.min(metres, MAX_METRES),
      limit: bounded(limit),
    })

  return {
    ids,
    household: (id) => first(ids.nOf(id)),
    async versioned(id) {
      const found = await lifeOf(id)
      return found && { household: publicHousehold(found.household, ids), version: versionOf(found.events) }
    },
    atCode: async (vpostcode, limit) => view(await store.atCode(vpostcode, bounded(limit))),
    knownCodes: (vpostcodes) => store.knownCodes(vpostcodes),
    async oldCodes(vpostcode, limit) {
      const aliases = await store.oldCodes(vpostcode, bounded(limit))
      const found: OldCode[] = []
      for (const { n, from, until } of aliases) {
        const [household] = await store.households([n])
        if (!household) continue
        const heirs = await heirsOf(store, household)
        const standing = [household, ...heirs].find((one) => one.vpostcode !== null)
        found.push({
          vpostcode,
          householdId: ids.idOf(n),
          current: standing?.vpostcode ?? null,
          successors: heirs.map((heir) => ids.idOf(heir.n)),
          communeCode: household.communeCode,
          from: new Date(from).toISOString(),
          until: new Date(until).toISOString(),
        })
      }
      return found
    },
    oldPostcodes: (postcode) => store.oldPostcodes(postcode),
    async nearest(lat, lon, metres, limit) {
      const near = await around(lat, lon, metres, limit)
      const households = await view(near.map(({ n }) => n))
      return households.map((household, i) => ({ household, metres: near[i]!.metres }))
    },
    idsNear: async (...asked) => (await around(...asked)).map(({ n }) => ids.idOf(n)),
    byExternalId: async (scheme, value) => first(await store.byExternalId(scheme, value)),
    async atAddress(address, limit) {
      if (!identifies(address.parts)) return []
      const found: number[] = []
      for (const key of keysOf(address)) {
        const same = await store.sameCore(key, CORE_LENGTH, MAX_ANSWERS)
        const exact = same.filter((other) => other.key === key)
        const alike = same.filter((other) => differByUnknown(other.key, key))
        found.push(...[...exact, ...alike].map(({ n }) => n))
      }
      return view(found.slice(0, bounded(limit)))
    },
    async history(id) {
      const found = await lifeOf(id)
      return found ? publicHistory(found.household, found.events, ids) : []
    },
    async successors(id) {
      const n = ids.nOf(id)
      const [household] = n === null ? [] : await store.households([n])
      const heirs = household ? await heirsOf(store, household) : []
      return heirs.map((heir) => publicHousehold(heir, ids))
    },
    async listsOf(id) {
      const n = ids.nOf(id)
      return n === null ? [] : store.listsOf(n)
    },
    list: (places, query) => listHouseholds(store, ids, places, { ...query, limit: bounded(query.limit) }),
    queue: (filter) => queue(store, ids, filter),
    async reviewCase(id, gazetteer) {
      const n = ids.nOf(id)
      const [household] = n === null ? [] : await store.households([n])
      return household ? reviewCase(store, ids, household, gazetteer) : null
    },
    changes: (query) => readChanges(store, ids, { ...query, limit: Math.min(query.limit, MOST_CHANGES) }),
    ...knownPlaces(store, ids),
    count: () => store.count(),
  }
}
