import { setImmediate } from 'node:timers/promises'
import { versions } from '../../registry/history.ts'
import { type IdCodec, idsOf } from '../../registry/id.ts'
import type { RegistryReader, StoredEvent, StoredHousehold } from '../../registry/store.ts'
import { Touched } from '../../registry/touched.ts'
import { publicHousehold } from '../../registry/view.ts'
import { codesOf, type PublishedHousehold, publishedHousehold } from './row.ts'

/** The number of the last event of each province: a moment of the registry. */
export type Ends = Readonly<Record<string, number>>

export type MomentStore = Pick<
  RegistryReader,
  'secret' | 'lastEvents' | 'events' | 'households' | 'withHistory'
>

/** A household at a moment, and where it stood at an earlier one when something happened to it since. */
export interface MomentRow {
  row: PublishedHousehold
  /** Undefined: nothing happened. Null: it was not there yet. */
  was?: { provinceCode: string; communeCode: string } | null
}

/** Households read at once, and events. */
const PAGE = 1_000
const EVENTS = 1_000

export async function endsOf(store: Pick<RegistryReader, 'lastEvents'>): Promise<Ends> {
  const last = await store.lastEvents()
  return Object.fromEntries(
    last
      .map(({ province, number }): [string, number] => [province, number])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/**
 * The households (n up to `last`) as they were at the moment `now`, in the order of n, a page at a time. No transaction is
 * held: each page is read as it is, and what happened to its households since that moment is taken back by their events. So
 * what was erased meanwhile comes out erased. With `since`, an earlier moment, each tells what happened to it since then.
 */
export async function* readMoment(
  store: MomentStore,
  { now, since, last }: { now: Ends; since: Ends | null; last: number },
): AsyncGenerator<MomentRow[]> {
  const ids = idsOf(store)
  const inserted = new Touched()
  const revised = new Touched()
  if (since) await note(store, since, now, revised, inserted)
  const moved = new Touched()
  let followed = now
  for (let first = 1; first <= last; first += PAGE) {
    const page = await store.households(
      Array.from({ length: Math.min(PAGE, last - first + 1) }, (_, i) => first + i),
    )
    // After the page was read: what it does not show as it was then is among these.
    const ends = await endsOf(store)
    await note(store, followed, ends, moved, moved)
    followed = ends
    yield await rowsOf(page)
    await setImmediate()
  }

  async function rowsOf(page: readonly StoredHousehold[]): Promise<MomentRow[]> {
    const hasHistory = ({ n, updatedAt, createdAt }: StoredHousehold) =>
      updatedAt !== createdAt || moved.has(n) || revised.has(n)
    const lives = new Map(
      (await store.withHistory(page.filter(hasHistory).map(({ n }) => n))).map((life) => [
        life.household.n,
        life,
      ]),
    )
    return page.flatMap((household): MomentRow[] => {
      const { n } = household
      const life = lives.get(n)
      if (!life) {
        const row = publish(household, [], ids)
        return [inserted.has(n) ? { row, was: null } : { row }]
      }
      const all = versions(life.household, life.events)
      const events = life.events.filter((event) => isBy(event, now))
      if (events.length === 0) return []
      const row = publish(all[events.length - 1]!, events, ids)
      if (!since || !(inserted.has(n) || revised.has(n))) return [{ row }]
      const before = events.filter((event) => isBy(event, since)).length
      return [{ row, was: before === 0 ? null : all[before - 1]! }]
    })
  }
}

const isBy = ({ province, number }: StoredEvent, ends: Ends) => number <= (ends[province] ?? 0)

const publish = (household: StoredHousehold, events: readonly StoredEvent[], ids: IdCodec) =>
  publishedHousehold(publicHousehold(household, ids), codesOf(household, events))

/** Notes the households of the events between two moments: those that were entered, and those that were changed. */
async function note(
  store: Pick<RegistryReader, 'events'>,
  from: Ends,
  to: Ends,
  changed: Touched,
  inserted: Touched,
): Promise<void> {
  for (const [province, end] of Object.entries(to)) {
    for (let after = from[province] ?? 0; after < end; ) {
      const events = await store.events(province, after, Math.min(EVENTS, end - after))
      if (events.length === 0) throw new Error(`events of province ${province} above ${after} are missing`)
      for (const { n, kind } of events) (kind === 'insert' ? inserted : changed).add(n)
      after = events.at(-1)!.number
      await setImmediate()
    }
  }
}
