// How fast a follower reads the change feed from the beginning, page by page as GET /v1/changes answers it.
//   npx tsx scripts/bench/changes.ts [households = 200000]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import Database from 'better-sqlite3'
import { load } from '../../src/gazetteer/load.ts'
import { fullView } from '../../src/http/households/view.ts'
import { KEY_VERSION, keyOf } from '../../src/registry/key.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import type { Change, StoredHousehold } from '../../src/registry/store.ts'
import { lineOf } from '../../src/registry/streetLine.ts'
import { openReader, openWriter } from '../../src/store/sqlite/open.ts'
import { drawsFor } from '../households/random.ts'

const HOUSEHOLDS = Number(process.argv[2] ?? 200_000)
const CHUNK = 2_000
/** One household in so many is changed once. */
const CHANGED = 5
const gazetteer = load()
const folder = mkdtempSync(join(tmpdir(), 'vpostcode-changes-'))
const path = join(folder, 'changes.db')

const { next: random } = drawsFor(20_250_701, 0)

/** Commune after commune, as files are loaded. */
function household(n: number, at: number): StoredHousehold {
  const commune = gazetteer.communes[Math.floor(((n - 1) * gazetteer.communes.length) / HOUSEHOLDS)]!
  const parts = { houseNumber: String(n % 500), street: `Đường số ${n % 40}` }
  const place = { provinceCode: commune.province.code, communeCode: commune.code, formerCommuneCode: null }
  return {
    ...place,
    ...{ n, parts, key: keyOf({ ...place, parts }), keyVersion: KEY_VERSION, postcode: commune.postcode },
    text: `${parts.houseNumber} ${parts.street}, ${commune.fullName}, ${commune.province.fullName}`,
    ...{ status: 'provisional', of: null, successors: [], review: [], cleared: [], externalIds: [] },
    point: { lat: 9 + random() * 13, lon: 103 + random() * 6, source: 'given', accuracy: 10 },
    ...{ access: null, vpostcode: null, grade: 'A', confidence: 0.99 },
    ...{ engineVersion: '1', dataVersion: '1', createdAt: at, updatedAt: at },
  }
}

const writer = openWriter(path)
for (let first = 1; first <= HOUSEHOLDS; first += CHUNK) {
  const changes: Change[] = []
  for (let n = first; n < Math.min(first + CHUNK, HOUSEHOLDS + 1); n++)
    changes.push({ kind: 'insert', household: household(n, first) })
  for (const { household } of [...changes])
    if (household.n % CHANGED === 0) {
      const after = { text: `${household.text} (sửa)` }
      changes.push({
        kind: 'update',
        household: { ...household, ...after },
        before: { text: household.text },
        after,
      })
    }
  const batch = { changes, lineOf, list: 'bench', listRows: [], at: first, actor: 'bench', job: null }
  await writer.transaction((tx) => tx.write(batch))
}
await writer.close()

const store = openReader(path)
const registry = openRegistry(store)
async function follow(limit: number) {
  const times: number[] = []
  const delay = monitorEventLoopDelay({ resolution: 1 })
  let changes = 0
  let bytes = 0
  const begun = performance.now()
  delay.enable()
  for (let since: string | null = null; ; ) {
    const from = performance.now()
    const page = await registry.changes({ since, limit, provinces: null, reaches: () => true, places: '' })
    const told = page.changes.map((one) => ({ ...one, household: fullView(one.household!, gazetteer) }))
    bytes += Buffer.byteLength(JSON.stringify({ ...page, changes: told }))
    times.push(performance.now() - from)
    changes += page.changes.length
    since = page.next
    if (!page.more) break
  }
  delay.disable()
  times.sort((a, b) => a - b)
  const rounded = (value: number) => Math.round(value * 10) / 10
  return {
    changes,
    perSecond: Math.round(changes / ((performance.now() - begun) / 1000)),
    bytesAChange: Math.round(bytes / changes),
    pageMilliseconds: {
      median: rounded(times[times.length >> 1]!),
      p99: rounded(times[Math.floor(times.length * 0.99)]!),
    },
    longestBlockMilliseconds: rounded(delay.max / 1e6),
  }
}
const pages = { 100: await follow(100), 1000: await follow(1000) }

// The floor: the same events and households read in the order in which they lie, as JSON, without their versions.
const raw = new Database(path, { readonly: true })
const rows = raw.prepare('SELECT * FROM events e JOIN households h ON h.n = e.n ORDER BY e.id')
const from = performance.now()
let read = 0
for (const row of rows.iterate()) read += JSON.stringify(row) ? 1 : 0
const floorPerSecond = Math.round(read / ((performance.now() - from) / 1000))
raw.close()
await store.close()
rmSync(folder, { recursive: true, force: true })
console.log(JSON.stringify({ households: HOUSEHOLDS, pages, floorPerSecond }, null, 2))
