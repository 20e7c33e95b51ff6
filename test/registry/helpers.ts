import { type AssignContext, type AssignRow, assignRows, type Outcome } from '../../src/registry/assign.ts'
import { idCodec } from '../../src/registry/id.ts'
import type { StoredEvent, StoredHousehold, StoreWriter } from '../../src/registry/store.ts'
import { Touched } from '../../src/registry/touched.ts'
import type { HouseholdDraft, HouseholdPoint } from '../../src/registry/types.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'

/** A point in Ben Thanh, moved by metres to the north. */
export const point = (north = 0, more: Partial<HouseholdPoint> = {}): HouseholdPoint => ({
  lat: 10.7721 + north / 110_600,
  lon: 106.6983,
  source: 'given',
  accuracy: 5,
  ...more,
})

const ALPHABET = '23456789CFGHJMPQRVWX'
/** Some canonical code that changes with the point: the registry takes the codes of a draft as they are. */
export function codeOf(postcode: string, { lat, lon }: { lat: number; lon: number }): string {
  let rest = Math.floor(lat * 25_000) * 7919 + Math.floor(lon * 25_000)
  let tail = ''
  for (let i = 0; i < 7; i++, rest = Math.floor(rest / 20)) tail += ALPHABET[rest % 20]
  return postcode + tail
}

/** A draft of "12 Lê Lợi, Bến Thành" with what a test changes in it. */
export function draft(more: Partial<HouseholdDraft> = {}): HouseholdDraft {
  const base: HouseholdDraft = {
    text: '12 Lê Lợi, Phường Bến Thành, TP Hồ Chí Minh',
    parts: { houseNumber: '12', street: 'Lê Lợi' },
    provinceCode: '79',
    communeCode: '26743',
    formerCommuneCode: null,
    postcode: '71009',
    point: null,
    vpostcode: null,
    grade: 'A',
    confidence: 0.98,
    review: [],
    externalId: null,
    ...more,
  }
  const coded = base.point !== null && base.review.length === 0
  return { ...base, vpostcode: more.vpostcode ?? (coded ? codeOf(base.postcode, base.point!) : null) }
}

/** A draft that stops at a hamlet. */
export const hamlet = (more: Partial<HouseholdDraft> = {}) =>
  draft({ text: 'thôn Đông Tảo, xã Khoái Châu', parts: { hamlet: 'thôn Đông Tảo' }, ...more })

export interface Loader {
  store: StoreWriter
  /** Loads drafts as one job of a list (rows numbered from 1), in chunks of `size`. */
  load(drafts: readonly HouseholdDraft[], options?: LoadOptions): Promise<Outcome[]>
  households(): Promise<StoredHousehold[]>
  events(province?: string): Promise<StoredEvent[]>
}
interface LoadOptions {
  list?: string
  size?: number
  context?: Partial<AssignContext>
}

let clock = Date.UTC(2026, 0, 1)

export function loader(store = openWriter(':memory:')): Loader {
  const ids = idCodec(store.secret)
  return {
    store,
    async load(drafts, { list = 'list', size = 1000, context = {} } = {}) {
      const touched = new Touched()
      const outcomes: Outcome[] = []
      const rows: AssignRow[] = drafts.map((draft, i) => ({ draft, row: i + 1 }))
      for (let from = 0; from < rows.length; from += size) {
        const part = await store.transaction((tx) =>
          assignRows(tx, rows.slice(from, from + size), {
            ids,
            job: null,
            list,
            actor: 'test',
            now: clock++,
            engineVersion: '1',
            dataVersion: '1',
            touched,
            ...context,
          }),
        )
        for (const { n } of part) touched.add(n)
        outcomes.push(...part)
      }
      return outcomes
    },
    households: async () => store.households(Array.from({ length: await store.count() }, (_, i) => i + 1)),
    events: (province = '79') => store.events(province, 0, 1_000_000),
  }
}

export const statuses = (outcomes: Outcome[]) => outcomes.map(({ status }) => status)
