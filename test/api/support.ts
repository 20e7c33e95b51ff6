import type { Express } from 'express'
import { type Logger, pino } from 'pino'
import type { Caller } from '../../src/access/caller.ts'
import { load } from '../../src/gazetteer/load.ts'
import type { Gazetteer } from '../../src/gazetteer/types.ts'
import { createApp } from '../../src/http/app.ts'
import type { Deps, HouseholdReader } from '../../src/http/route.ts'
import type { RowFields } from '../../src/pipeline/row.ts'
import { prepareRow } from '../../src/pipeline.ts'
import { assignRows, type Outcome } from '../../src/registry/assign.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import type { StoreWriter } from '../../src/registry/store.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'

export const gazetteer: Gazetteer = load()

const HOAN_KIEM = { street: 'Hàng Trống', commune: 'phường Hoàn Kiếm', province: 'Hà Nội' }
/** Homes in Ha Noi around 21.0287, 105.8523: two flats in one cell, a house beside them, one without a known place. */
const HOMES: RowFields[] = [
  { ...HOAN_KIEM, houseNumber: '12', unit: 'phòng 301', lat: '21.0287', lon: '105.8523' },
  { ...HOAN_KIEM, houseNumber: '12', unit: 'phòng 302', lat: '21.0287', lon: '105.8523' },
  { ...HOAN_KIEM, houseNumber: '14', lat: '21.02885', lon: '105.85242', externalId: 'HK-14' },
  { address: '90 Lê Duẩn, phường Cửa Nam, Hà Nội' },
]

/** Keys of the test API: the role is the key, a colon and the scope of a staff key may follow. */
export const CALLERS: Record<string, Caller> = {
  browser: { role: 'browser', name: 'shop', scope: [] },
  server: { role: 'server', name: 'carrier', scope: null },
  courier: { role: 'courier', name: 'rider', scope: [] },
  staff: { role: 'staff', name: 'clerk', scope: null },
  'staff:01': { role: 'staff', name: 'clerk of Ha Noi', scope: ['01'] },
  'staff:79': { role: 'staff', name: 'clerk of Ho Chi Minh City', scope: ['79'] },
}

export interface TestApi {
  app: Express
  deps: Deps
  /** Of HOMES, in their order. */
  ids: string[]
  codes: (string | null)[]
  /** Loads rows through the pipeline and the registry, as `assign` does; answers the ids of their households. */
  assign(rows: RowFields[], list: string): Promise<string[]>
  close(): Promise<void>
}

/** The API over a new database in memory; single questions to the registry and the log can be replaced. */
export async function openTestApi(
  replaced: Partial<HouseholdReader> & { log?: Logger } = {},
): Promise<TestApi> {
  const store = openWriter(':memory:')
  const registry = openRegistry(store)
  const { log = pino({ level: 'silent' }), ...questions } = replaced
  const outcomes = await assign(store, registry.ids, HOMES, 'homes')
  const deps: Deps = {
    gazetteer,
    households: { ...registry, ...questions },
    log,
    keys: { callerOf: (key) => CALLERS[key] ?? null },
    settings: { version: '0.0.0-test' },
  }
  return {
    app: createApp(deps),
    deps,
    ids: idsOf(outcomes),
    codes: outcomes.map(({ household }) => household.vpostcode),
    assign: async (rows, list) => idsOf(await assign(store, registry.ids, rows, list)),
    close: () => store.close(),
  }
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
