import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Express } from 'express'
import { type Logger, pino } from 'pino'
import type { Caller, Role, Scope } from '../../src/access/caller.ts'
import { openCounts } from '../../src/access/counts.ts'
import { createKey } from '../../src/access/manage.ts'
import type { KeyStore } from '../../src/access/store.ts'
import { readWish } from '../../src/access/wish.ts'
import { lookAt } from '../../src/bulk/lookAt.ts'
import { type LoadedGazetteer, load } from '../../src/gazetteer/load.ts'
import { createApp } from '../../src/http/app.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import type { AppSettings, Deps, HouseholdReader, Route } from '../../src/http/route.ts'
import type { RowFields } from '../../src/pipeline/row.ts'
import { prepareRow } from '../../src/pipeline.ts'
import { assignRows, type Outcome } from '../../src/registry/assign.ts'
import { openLife } from '../../src/registry/life.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import type { StoreWriter } from '../../src/registry/store.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { memory } from '../access/memory.ts'

export const gazetteer: LoadedGazetteer = load()

const HOAN_KIEM = { street: 'Hàng Trống', commune: 'phường Hoàn Kiếm', province: 'Hà Nội' }
/** Homes in Ha Noi around 21.0312, 105.8493: two flats in one cell, a house beside them, one without a known place. */
const HOMES: RowFields[] = [
  { ...HOAN_KIEM, houseNumber: '12', unit: 'phòng 301', lat: '21.0312', lon: '105.8493' },
  { ...HOAN_KIEM, houseNumber: '12', unit: 'phòng 302', lat: '21.0312', lon: '105.8493' },
  { ...HOAN_KIEM, houseNumber: '14', lat: '21.03135', lon: '105.84942', externalId: 'HK-14' },
  { address: '90 Lê Duẩn, phường Cửa Nam, Hà Nội' },
]

/** The page that the browser key of the test API belongs to: send it as Origin. */
export const SHOP = 'https://shop.example'
const caller = (id: number, role: Role, name: string, scope: Scope, line = id): Caller => ({
  role,
  name,
  scope,
  key: { id, line, origins: role === 'browser' ? [SHOP] : [], perMinute: 1_000_000 },
})
/** Keys of the test API: the role is the key, a colon and the scope of a staff key may follow. */
export const CALLERS: Record<string, Caller> = {
  browser: caller(1, 'browser', 'shop', []),
  server: caller(2, 'server', 'carrier', null),
  courier: caller(3, 'courier', 'rider', []),
  staff: caller(4, 'staff', 'clerk', null),
  'staff:01': caller(5, 'staff', 'clerk of Ha Noi', ['01']),
  'staff:79': caller(6, 'staff', 'clerk of Ho Chi Minh City', ['79']),
  'staff of all communes': caller(
    10,
    'staff',
    'clerk of many',
    gazetteer.communes.map(({ code }) => code),
  ),
  // Made from the key of the clerk with rotate; and a later key with the name of the clerk.
  'staff rotated': caller(7, 'staff', 'clerk', null, 4),
  'staff again': caller(8, 'staff', 'clerk', null),
  admin: caller(9, 'admin', 'administrator', []),
}

/** The header with a key that may ask this. */
export const keyFor = ({ access }: Pick<Route, 'access'>): Record<string, string> =>
  access === 'open' ? {} : { 'X-Api-Key': access === 'manage' ? 'admin' : 'staff' }

export interface TestApi {
  app: Express
  deps: Deps
  /** Of HOMES, in their order. */
  ids: string[]
  codes: (string | null)[]
  store: StoreWriter
  /** Loads rows through the pipeline and the registry, as `assign` does; answers the ids of their households. */
  assign(rows: RowFields[], list: string): Promise<string[]>
  close(): Promise<void>
}

/** The API over a new database in memory; single questions to the registry, the log and settings can be replaced. */
export async function openTestApi(
  replaced: Partial<HouseholdReader> & {
    log?: Logger
    settings?: Partial<AppSettings>
    keyStore?: KeyStore
  } = {},
): Promise<TestApi> {
  const store = openWriter(':memory:')
  const registry = openRegistry(store)
  const uploads = join(tmpdir(), `vpostcode-api-${randomUUID()}`)
  const { log = pino({ level: 'silent' }), settings, keyStore = await oneKey(), ...questions } = replaced
  const outcomes = await assign(store, registry.ids, HOMES, 'homes')
  const deps: Deps = {
    gazetteer,
    households: { ...registry, ...questions },
    coverage: store,
    alive: () => store.crosswalksVersion(),
    life: openLife({ store, gazetteer, engineVersion: '0.0.0-test', now: () => Date.now() }),
    log,
    metrics: createMetrics(gazetteer, store, 'main'),
    keys: { callerOf: (key) => (Object.hasOwn(CALLERS, key) ? CALLERS[key]! : null) },
    keyStore,
    crosswalks: { schemes: [], version: 0 },
    counts: openCounts(),
    settings: {
      version: '0.0.0-test',
      schema: store.schema,
      metrics: 'loopback',
      publicPerMinute: 0,
      trustProxy: 0,
      ...settings,
    },
    bulk: {
      jobs: store,
      looker: { look: (file) => lookAt(file, gazetteer) },
      uploads: { folder: uploads, maxBytes: 1_000_000, keepDays: 14 },
    },
    published: { folder: `${uploads}-published`, registry: 'f'.repeat(32) },
  }
  return {
    app: createApp(deps),
    deps,
    ids: idsOf(outcomes),
    store,
    codes: outcomes.map(({ household }) => household.vpostcode),
    assign: async (rows, list) => idsOf(await assign(store, registry.ids, rows, list)),
    async close() {
      await store.close()
      for (const folder of [uploads, deps.published.folder]) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A store of keys that has one. */
async function oneKey(): Promise<KeyStore> {
  const store = memory()
  const wish = { role: 'staff', name: 'Hoa', scope: ['01'], origins: [] }
  await createKey(store, readWish(wish, gazetteer, Date.now()), Date.now(), 'test')
  return store
}

const idsOf = (outcomes: readonly Outcome[]) => outcomes.map(({ household }) => household.id)

function assign(
  store: StoreWriter,
  ids: ReturnType<typeof openRegistry>['ids'],
  rows: RowFields[],
  list: string,
) {
  const drafts = rows.map((fields, row) => {
    const { draft, rejected } = prepareRow(fields, gazetteer)
    if (!draft) throw new Error(`${fields.address}: ${rejected}`)
    return { draft, row }
  })
  const context = { ids, job: null, list, actor: 'test', touched: new Set<number>() }
  return store.transaction((tx) =>
    assignRows(tx, drafts, {
      ...context,
      now: Date.now(),
      engineVersion: 'test',
      dataVersion: gazetteer.version,
    }),
  )
}
