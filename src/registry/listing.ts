import { BadCursor, cursorCodec } from './cursor.ts'
import type { IdCodec } from './id.ts'
import { NO_KEY } from './key.ts'
import type { RegistryReader, StoredHousehold } from './store.ts'
import type { Household, HouseholdStatus, Place } from './types.ts'
import { publicHousehold } from './view.ts'

/** Households that one page looks at: those of another status are passed over. */
const MOST_SEEN = 2_000
/** Communes that one page looks into: most of them can be empty. */
const MOST_COMMUNES = 500

export interface ListQuery {
  /** Of the page before; null for the first one. */
  cursor: string | null
  limit: number
  status?: HouseholdStatus | undefined
  /** Only those that wait for a person's decision. */
  waits?: 'review' | undefined
}

export interface ListPage {
  households: Household[]
  /** Null at the end. A page can be shorter than asked for, even empty, before it. */
  next: string | null
}

/** The last household that a page looked at; null when nothing of the commune was seen yet. */
interface Position {
  place: Place
  last: Pick<StoredHousehold, 'key' | 'n'> | null
}

/**
 * A page of the households of communes: commune after commune in the order given, in each by key, then n (those that wait
 * for a decision: by n). Those that were erased or withdrawn have no key and are in no list. A household whose address changes
 * between two pages can be missed or come twice. Throws BadCursor.
 */
export async function listHouseholds(
  store: Pick<RegistryReader, 'householdsOf' | 'inReview' | 'secret'>,
  ids: IdCodec,
  places: readonly Place[],
  { cursor, limit, status, waits }: ListQuery,
): Promise<ListPage> {
  const codec = cursorCodec(store.secret)
  const found: StoredHousehold[] = []
  const page = (next: Position | null): ListPage => ({
    households: found.map((household) => publicHousehold(household, ids)),
    next: next && codec.encode('households', write(next, ids)),
  })
  const from = cursor === null ? null : read(codec.decode('households', cursor), ids)
  const start = from ? places.findIndex((place) => samePlace(place, from.place)) : 0
  if (start < 0) throw new BadCursor('a cursor of other communes')
  let seen = 0
  for (const [i, place] of places.slice(start, start + MOST_COMMUNES).entries()) {
    let last = i === 0 && from ? from.last : null
    for (;;) {
      const size = Math.min(limit - found.length, MOST_SEEN - seen)
      if (size === 0) return page({ place, last })
      const some = waits
        ? await store.inReview(place, null, size, last?.n)
        : await store.householdsOf(place.communeCode, last, size)
      seen += some.length
      found.push(
        ...some.filter(
          (one) =>
            one.key !== NO_KEY &&
            one.provinceCode === place.provinceCode &&
            (status === undefined || one.status === status),
        ),
      )
      last = some.at(-1) ?? last
      if (some.length < size) break
    }
  }
  const next = places[start + MOST_COMMUNES]
  return page(next ? { place: next, last: null } : null)
}

const samePlace = (a: Place, b: Place) => a.communeCode === b.communeCode && a.provinceCode === b.provinceCode

/** Province, commune, key and id: an n would tell how many households there are. */
const write = ({ place, last }: Position, ids: IdCodec) =>
  [place.provinceCode, place.communeCode, ...(last ? [last.key, ids.idOf(last.n)] : [])].join(' ')

function read(text: string, ids: IdCodec): Position {
  const [provinceCode, communeCode, key, id] = text.split(' ') as [string, string, string?, string?]
  return {
    place: { provinceCode, communeCode },
    last: key && id ? { key, n: ids.nOf(id)! } : null,
  }
}
