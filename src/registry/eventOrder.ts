import type { RegistryReader, StoredEvent } from './store.ts'

/** A stretch of a province's list of events: numbers above `after`, up to `until`. */
export interface Stretch {
  province: string
  after: number
  until: number
  /** Only events that brought a household here from another province. */
  arrivals?: boolean
}

/**
 * The events of some stretches by time; those of one province in the order of their numbers. When the stretches end where
 * `lastEvents` says, what is written meanwhile changes nothing: of a household no event is missing before one that is there.
 */
export async function* inOrder(
  store: Pick<RegistryReader, 'events'>,
  stretches: readonly Stretch[],
  page: number,
): AsyncGenerator<StoredEvent, undefined> {
  const lists = stretches.map((stretch) => eventsOf(store, stretch, page))
  const heads = await Promise.all(lists.map((list) => list.next()))
  for (;;) {
    let first = -1
    for (const [i, head] of heads.entries())
      if (!head.done && (first < 0 || comesBefore(head.value, heads[first]!.value!))) first = i
    if (first < 0) return undefined
    yield heads[first]!.value!
    heads[first] = await lists[first]!.next()
  }
}

/** At one time those that give a number away come first: it has one holder. */
function comesBefore(a: StoredEvent, b: StoredEvent): boolean {
  return a.at < b.at || (a.at === b.at && taken(a) < taken(b))
}
const taken = ({ before, after }: StoredEvent) =>
  (after?.externalIds?.length ?? 0) - (before?.externalIds?.length ?? 0)

/** Most stretches are asked for their first event alone while one of them is read. */
const FIRST_PAGE = 2

/** The events of one stretch, page by page; the first pages are small. */
export async function* eventsOf(
  store: Pick<RegistryReader, 'events'>,
  { province, after, until, arrivals = false }: Stretch,
  page: number,
): AsyncGenerator<StoredEvent, undefined> {
  for (let last = after, size = FIRST_PAGE; last < until; size = Math.min(2 * size, page)) {
    const found = await store.events(province, last, size, arrivals)
    for (const event of found) {
      if (event.number > until) return undefined
      yield event
    }
    if (found.length < size) return undefined
    last = found.at(-1)!.number
  }
  return undefined
}
