import { setImmediate } from 'node:timers/promises'
import { BadCursor, cursorCodec } from './cursor.ts'
import { inOrder, type Stretch } from './eventOrder.ts'
import { type HouseholdEvent, publicEvent, versions } from './history.ts'
import type { IdCodec } from './id.ts'
import type { RegistryReader, StoredEvent } from './store.ts'
import type { Place } from './types.ts'

/** Events that one page looks at: those of other places are passed over. */
export const MOST_CHANGES = 1_000
/** Events of a province that are read at once, and events whose households are: other work goes on in between. */
const PAGE = 64
const AT_ONCE = 50

export interface ChangesQuery {
  /** `next` of the page before; null = from the beginning; 'now' = from now on. */
  since: string | null
  limit: number
  /** Codes of the provinces that are followed; null = all. */
  provinces: readonly string[] | null
  /** The places that are asked for: all or some of those provinces. */
  reaches(place: Place): boolean
  /** See `feedOf`: a cursor belongs to it. */
  places: string
}

/** An event; the household as it stood after it is null when it went where the question does not reach. */
export interface ChangeEntry extends Omit<HouseholdEvent, 'household'> {
  householdId: string
  household: HouseholdEvent['household'] | null
}

export interface ChangesPage {
  changes: ChangeEntry[]
  next: string
  /** Whether there was more when this page was read. A page can be shorter than asked for, even empty, before the end. */
  more: boolean
  /** Events behind this page, in the provinces that are followed. */
  behind: number
}

type ChangesStore = Pick<RegistryReader, 'secret' | 'events' | 'lastEvents' | 'withHistory'>

/**
 * A page of the list of events over all provinces, by time; in a province by number, without a gap. A cursor is the number
 * that was reached in each province, so it is good for ever, and what is written meanwhile comes on a later page. Whoever asks
 * for some places is also told of households that left them. Throws BadCursor for a cursor of another question or registry,
 * and for one that has told what this one no longer has (it was brought back from a backup), also when it has gone on since.
 */
export async function readChanges(
  store: ChangesStore,
  ids: IdCodec,
  { since, limit, provinces, reaches, places }: ChangesQuery,
): Promise<ChangesPage> {
  const codec = cursorCodec(store.secret)
  const question = `changes ${places}`
  const last = await store.lastEvents()
  const end: Reached = new Map(last.map(({ province, number }) => [province, number]))
  const cursorAt = (reached: Reached, latest: Latest | null) => codec.encode(question, write(reached, latest))
  if (since === 'now')
    return { changes: [], next: cursorAt(end, await latestOf(store, end, provinces)), more: false, behind: 0 }

  const told =
    since === null
      ? { reached: new Map(), latest: null }
      : await heard(store, codec.decode(question, since), end)
  const { reached } = told
  const stretches = last.map(
    ({ province, number }): Stretch => ({
      province,
      after: reached.get(province) ?? 0,
      until: number,
      // Households that left a place that is asked for have their event where they went.
      arrivals: provinces !== null && !provinces.includes(province),
    }),
  )
  const list = inOrder(store, stretches, PAGE)
  const changes: ChangeEntry[] = []
  let seen = 0
  let { latest }: { latest: Latest | null } = told
  let some: StoredEvent[]
  do {
    some = await take(list, Math.min(AT_ONCE, limit - changes.length, MOST_CHANGES - seen))
    seen += some.length
    for (const { province, number } of some) reached.set(province, number)
    latest = some.at(-1) ?? latest
    changes.push(...(await entriesOf(store, ids, some, reaches)))
    await setImmediate()
  } while (some.length > 0 && changes.length < limit && seen < MOST_CHANGES)
  const more = !(await list.next()).done
  let behind = 0
  if (more)
    for (const { province, until, arrivals } of stretches)
      if (!arrivals) behind += until - (reached.get(province) ?? 0)
  return { changes, next: cursorAt(more ? reached : end, latest), more, behind }
}

/**
 * Tells a choice of places from every other: a province or (null) all, and the scope of the key that asks.
 */
export const feedOf = (province: string | null, scope: readonly string[] | null): string =>
  JSON.stringify([province, scope])

/** The cursor of the feed of these places behind the last events of the provinces given. */
export async function feedCursor(
  store: Pick<RegistryReader, 'secret' | 'events'>,
  province: string | null,
  scope: readonly string[] | null,
  last: Readonly<Record<string, number>>,
): Promise<string> {
  const reached: Reached = new Map(Object.entries(last))
  const latest = await latestOf(store, reached, province === null ? null : [province])
  return cursorCodec(store.secret).encode(`changes ${feedOf(province, scope)}`, write(reached, latest))
}

/** Throws BadCursor when a cursor of `feedCursor` has told of what is no longer there, or is of another registry. */
export async function requireHeard(
  store: Pick<RegistryReader, 'secret' | 'events' | 'lastEvents'>,
  province: string | null,
  scope: readonly string[] | null,
  cursor: string,
): Promise<void> {
  const end: Reached = new Map((await store.lastEvents()).map(({ province, number }) => [province, number]))
  await heard(store, cursorCodec(store.secret).decode(`changes ${feedOf(province, scope)}`, cursor), end)
}

async function entriesOf(
  store: ChangesStore,
  ids: IdCodec,
  events: readonly StoredEvent[],
  reaches: ChangesQuery['reaches'],
): Promise<ChangeEntry[]> {
  const lives = await store.withHistory([...new Set(events.map(({ n }) => n))])
  const versionsOf = new Map(
    lives.map(({ household, events }) => {
      const after = versions(household, events)
      return [
        household.n,
        new Map(events.map(({ province, number }, i) => [`${province} ${number}`, after[i]!])),
      ]
    }),
  )
  return events.flatMap((event): ChangeEntry[] => {
    const after = versionsOf.get(event.n)!.get(`${event.province} ${event.number}`)!
    const isHere = reaches(after)
    if (!isHere && !(event.before && reaches({ ...after, ...event.before }))) return []
    const { household, ...told } = publicEvent(event, after, ids)
    return [{ ...told, householdId: household.id, household: isHere ? household : null }]
  })
}

async function take<T>(items: AsyncIterator<T>, count: number): Promise<T[]> {
  const taken: T[] = []
  while (taken.length < count) {
    const { done, value } = await items.next()
    if (done) break
    taken.push(value)
  }
  return taken
}

/** The number that was reached in each province. */
type Reached = Map<string, number>
/**
 * The latest event that was told. After a backup was restored its number is given again, but not at its time; and when any
 * event that was told is gone, the latest is.
 */
type Latest = Pick<StoredEvent, 'province' | 'number' | 'at'>

type Events = Pick<RegistryReader, 'events'>

/** What a cursor has told. Throws BadCursor when some of it is not there, or is there no longer. */
async function heard(store: Events, cursor: string, end: Reached) {
  const told = read(cursor)
  for (const [province, number] of told.reached)
    if (number > (end.get(province) ?? 0)) throw new BadCursor('a cursor of events that are not there')
  if (told.latest) {
    const { province, number, at } = told.latest
    const [event] = await store.events(province, number - 1, 1)
    if (event?.number !== number || event.at !== at)
      throw new BadCursor('a cursor of events that are no longer there')
  }
  return told
}

/** The latest of the events that were reached in these provinces (null: all). */
async function latestOf(store: Events, reached: Reached, provinces: readonly string[] | null) {
  let latest: Latest | null = null
  for (const [province, number] of reached) {
    if (provinces && !provinces.includes(province)) continue
    const [event] = await store.events(province, number - 1, 1)
    if (event && event.at >= (latest?.at ?? 0)) latest = event
  }
  return latest
}

/** Two digits of the province, then the number to the base of 36; last, after a mark, the latest event with its time. */
const write = (reached: Reached, latest: Latest | null): string =>
  [
    ...[...reached].sort(([a], [b]) => (a < b ? -1 : 1)).map(([province, number]) => one(province, number)),
    ...(latest ? [`@${one(latest.province, latest.number)}@${latest.at.toString(36)}`] : []),
  ].join(' ')
const one = (province: string, number: number) => `${province}${number.toString(36)}`

function read(text: string): { reached: Reached; latest: Latest | null } {
  // Cursors of before had no latest event.
  const [list = '', event, at = ''] = text.split('@')
  const number = (written: string) => Number.parseInt(written, 36)
  const reached: Reached = new Map(
    list.split(' ').flatMap((one) => (one ? [[one.slice(0, 2), number(one.slice(2))]] : [])),
  )
  const latest = event
    ? { province: event.slice(0, 2), number: number(event.slice(2)), at: number(at) }
    : null
  return { reached, latest }
}
