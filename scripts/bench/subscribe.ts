// How fast a copy is loaded from a published set, and follows changes, beside what the same rows cost without it: read from their
// files, and bare inserts of the lines into SQLite. No network: the source is this process.
//   npx tsx scripts/bench/subscribe.ts [households = 100000]
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { publishSet } from '../../src/bulk/publish/publish.ts'
import { readFeature } from '../../src/bulk/publish/readRow.ts'
import type { Source, SourcePage } from '../../src/bulk/subscribe/source.ts'
import { subscribe } from '../../src/bulk/subscribe/subscribe.ts'
import { load } from '../../src/gazetteer/load.ts'
import { feedOf, readChanges } from '../../src/registry/changes.ts'
import { idCodec } from '../../src/registry/id.ts'
import { copyPlace } from '../../src/store/sqlite/copyStore.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { changeSome, registerDrafts } from './madeUpRegistry.ts'

const HOUSEHOLDS = Number(process.argv[2] ?? 100_000)
/** Rows of one transaction, as subscribe has them. */
const ROWS = 1_000
/** One household in so many changes after the set. */
const CHANGED = 20
const folder = mkdtempSync(join(tmpdir(), 'vpostcode-subscribe-'))
const sets = join(folder, 'sets')

const store = openWriter(join(folder, 'source.db'))
const ids = idCodec(store.secret)
const count = await registerDrafts(store, HOUSEHOLDS)
const { manifest } = (await publishSet({
  ...{ store, folder: sets, gazetteer: load(), engineVersion: '1', days: 7, lastN: () => store.count() },
}))!

const linesOf = (path: string) =>
  gunzipSync(readFileSync(join(sets, manifest.set, path)))
    .toString()
    .split('\n')
    .slice(0, -1)
const source: Source = {
  publications: async () => ({ registry: manifest.registry, publications: [{ set: manifest.set }] }),
  manifest: async () => manifest,
  lines: async (_set, { path }) =>
    (async function* () {
      yield* linesOf(path)
    })(),
  async changes(since, limit) {
    const page = await readChanges(store, ids, {
      ...{ since, limit, provinces: null, reaches: () => true, places: feedOf(null, null) },
    })
    return JSON.parse(JSON.stringify(page)) as SourcePage
  },
}
const follow = () =>
  subscribe({
    ...{
      place: copyPlace(join(folder, 'copy.db')),
      source,
      url: 'http://localhost',
      province: null,
      once: true,
    },
    signal: new AbortController().signal,
    onLost() {},
    onLoad() {},
    onFollow() {},
  })

/** The lines, in as many transactions, each with its id as key: what any loading into SQLite costs. */
async function bareInserts(): Promise<void> {
  const db = new Database(join(folder, 'bare.db'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec('DROP TABLE IF EXISTS lines; CREATE TABLE lines (id INTEGER PRIMARY KEY, line TEXT NOT NULL)')
  const insert = db.prepare('INSERT INTO lines VALUES (?, ?)')
  const write = db.transaction((some: readonly string[]) => {
    for (const line of some) insert.run(Number(JSON.parse(line).id), line)
  })
  for (const { geojsonl } of manifest.snapshot) {
    const lines = linesOf(geojsonl.path)
    for (let first = 0; first < lines.length; first += ROWS) write(lines.slice(first, first + ROWS))
  }
  db.close()
}
/** Every line unpacked, parsed and checked, and nothing written. */
async function plainRead(): Promise<void> {
  for (const { geojsonl } of manifest.snapshot) for (const line of linesOf(geojsonl.path)) readFeature(line)
}
const seconds = async (work: () => Promise<void>) => {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

const bare = [await seconds(bareInserts)]
const read = await seconds(plainRead)
const loading = await seconds(follow)
bare.push(await seconds(bareInserts))
const changes = await changeSome(store, CHANGED)
const following = await seconds(follow)

const rate = (rows: number, seconds: number) => Math.round(rows / seconds)
console.log(
  JSON.stringify(
    {
      households: count,
      communes: manifest.snapshot.length,
      bareInserts: { rowsASecond: bare.map((seconds) => rate(count, seconds)) },
      read: { rowsASecond: rate(count, read) },
      loading: {
        rowsASecond: rate(count, loading),
        seconds: loading,
        timesTheBareInserts: (2 * loading) / (bare[0]! + bare[1]!),
        bytesAHousehold: statSync(join(folder, 'copy.db')).size / count,
      },
      following: { changes, changesASecond: rate(changes, following) },
      residentMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    },
    null,
    1,
  ),
)
await store.close()
rmSync(folder, { recursive: true, force: true })
