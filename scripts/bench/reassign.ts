// The change of July 2025 rehearsed on made-up households: a registry as it could have stood on 30 June 2025, in the former
// communes, with MADE-UP postcodes (the real ones of before are not published with this project), is carried over by a
// decree made of the official relation of former and current communes. Every household's new commune is known beforehand.
// Then the job is taken back, and the load before it too. Compared with a floor: the bare rewriting of as many rows.
//   npx tsx scripts/bench/reassign.ts [households = 1000000]
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { reassign } from '../../src/bulk/reassign.ts'
import { undoJob } from '../../src/bulk/undoJob.ts'
import { load } from '../../src/gazetteer/load.ts'
import { resolveCode } from '../../src/locate/resolve.ts'
import { openAssignRun } from '../../src/registry/assignRun.ts'
import { keyOf } from '../../src/registry/key.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import type { HouseholdDraft } from '../../src/registry/types.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { encodeVpostcode } from '../../src/vpostcode/vpostcode.ts'
import { drawsFor } from '../households/random.ts'
import { pointIn } from '../households/row.ts'

const HOUSEHOLDS = Number(process.argv[2] ?? 1_000_000)
const SEED = 2025
/** One household in so many is known by its address alone, and one in so many names only its hamlet. */
const WITHOUT_POINT = 7
const HAMLET_ONLY = 10
const STREETS = ['Nguyễn Trãi', 'Trần Hưng Đạo', 'Lê Lợi', 'Hai Bà Trưng', 'Quang Trung']
const UNTIL = '2025-07-01'

const gazetteer = load()
const formers = gazetteer.formerCommunes.filter(({ successors }) => successors.length > 0)
const madeUpPostcodes = madeUp(formers.length)

/** Five digits for each former commune, none of them a postcode of today. */
function madeUp(count: number): string[] {
  const found: string[] = []
  for (let number = 10_000; found.length < count; number++)
    if (!gazetteer.communeByPostcode(String(number))) found.push(String(number))
  return found
}

/** The household `i`, where it stands truly, and whether its text leaves that open. */
function household(i: number): { draft: HouseholdDraft; truth: string; open: boolean } {
  const draw = drawsFor(SEED, i)
  const at = Math.floor((i * formers.length) / HOUSEHOLDS)
  const former = formers[at]!
  const { current } = draw.pick(former.successors)
  const nameless = i % HAMLET_ONLY === 0
  const known = i % WITHOUT_POINT !== 0
  const place = known ? pointIn(current, gazetteer.boundaries, draw) : null
  // A point of six decimals falls into a commune of islets now and then only by its inner point: the polygons decide.
  const here = place && gazetteer.communes[gazetteer.boundaries.communeAt(place.lat, place.lon)]
  const truth = here && former.successors.some((other) => other.current === here) ? here : current
  const postcode = madeUpPostcodes[at]!
  const parts = nameless
    ? { hamlet: `Thôn ${1 + (i % 8)}` }
    : { houseNumber: String(1 + (i % 400)), street: STREETS[i % STREETS.length]! }
  const point = place && { ...place, source: 'given' as const, accuracy: 10 }
  const draft: HouseholdDraft = {
    text: [...Object.values(parts), former.fullName, former.district.fullName, former.province.fullName].join(
      ', ',
    ),
    parts,
    provinceCode: former.province.code,
    communeCode: former.code,
    formerCommuneCode: null,
    postcode,
    point,
    vpostcode: point && encodeVpostcode(postcode, point.lat, point.lon),
    grade: 'A',
    confidence: 0.95,
    review: [],
    externalId: null,
  }
  return { draft, truth: truth.code, open: !known && former.successors.length > 1 }
}

const decree = formers
  .flatMap((former) =>
    former.successors.map(({ current }) =>
      [former.successors.length === 1 ? 'whole' : 'part', former.code, current.code, '', UNTIL].join(','),
    ),
  )
  .join('\n')

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-bench-'))
const path = join(folder, 'registry.db')
const decreeFile = join(folder, 'decree.csv')
writeFileSync(decreeFile, `kind,from_code,to_code,postcode,effective\n${decree}\n`)
const store = openWriter(path)

async function loadAll() {
  const CHUNK = 2000
  const job = await store.createJob({
    kind: 'assign',
    owner: 'bench',
    fingerprint: 'bench',
    input: 'made up',
    output: '',
    list: 'bench',
    options: {},
    engineVersion: '1',
    dataVersion: 'June 2025',
    startedAt: Date.now(),
  })
  const run = await openAssignRun(store, job, { actor: 'bench' })
  for (let from = 0; from < HOUSEHOLDS; from += CHUNK) {
    const rows = Array.from({ length: Math.min(CHUNK, HOUSEHOLDS - from) }, (_, i) => ({
      draft: household(from + i).draft,
      row: from + i + 1,
    }))
    await run.commit(rows, (outcomes) => {
      if (outcomes.some(({ n }, i) => n !== from + i + 1)) throw new Error('two made-up households are one')
      return { firstRow: from + 1, rows: rows.length, outBytes: 0, counts: {} }
    })
  }
  await store.finishJob(job.id, 'done', Date.now())
  return job.id
}

/** What a step takes, and so how long another writer waits: by the clock, and of the processor alone. */
function stopwatch() {
  const times: number[] = []
  const cpu: number[] = []
  let last = performance.now()
  let used = process.cpuUsage()
  const summary = (values: number[]) => {
    values.sort((a, b) => a - b)
    const at = (share: number) => Math.round(values[Math.floor((values.length - 1) * share)]! * 10) / 10
    return { median: at(0.5), p99: at(0.99), max: at(1) }
  }
  return {
    onProgress() {
      const { user, system } = process.cpuUsage(used)
      times.push(performance.now() - last)
      cpu.push((user + system) / 1000)
      last = performance.now()
      used = process.cpuUsage()
    },
    steps: () => ({ steps: times.length, ms: summary(times), cpuMs: summary(cpu) }),
  }
}
const quiet = { onStart: () => {}, stop: () => false }
const versions = { engineVersion: '1', dataVersion: gazetteer.version }

/** Holds every household against what is known of it. */
async function check() {
  const found = {
    wrongCommune: 0,
    wrongCode: 0,
    wrongKey: 0,
    wrongReview: 0,
    oldCodeLost: 0,
    oldCodesAsked: 0,
  }
  const registry = openRegistry(store)
  const PAGE = 1000
  for (let from = 0; from < HOUSEHOLDS; from += PAGE) {
    const homes = await store.households(Array.from({ length: PAGE }, (_, i) => from + i + 1))
    for (const home of homes) {
      const { draft, truth, open } = household(home.n - 1)
      const commune = gazetteer.commune(open ? home.communeCode : truth)!
      if (home.communeCode !== commune.code) found.wrongCommune++
      const point = home.point
      const code = point && encodeVpostcode(commune.postcode, point.lat, point.lon)
      if (home.vpostcode !== code || home.postcode !== commune.postcode) found.wrongCode++
      if (home.key !== keyOf({ ...home, formerCommuneCode: draft.communeCode })) found.wrongKey++
      if (home.review.includes('split-commune') !== open) found.wrongReview++
      if (home.n % 97 === 0 && draft.vpostcode) {
        found.oldCodesAsked++
        const { status, superseded } = await resolveCode({ gazetteer, households: registry }, draft.vpostcode)
        if (status !== 'superseded' || !superseded.some(({ current }) => current === code))
          found.oldCodeLost++
      }
    }
  }
  return found
}

/** The same number of rows in the same file settings and chunks: new commune and code, one index, one line of log. */
function floor(): number {
  const db = new Database(join(folder, 'floor.db'))
  db.pragma('journal_mode = WAL')
  db.exec(`CREATE TABLE t (n INTEGER PRIMARY KEY, commune INTEGER, code INTEGER, text TEXT);
    CREATE INDEX t_code ON t (code);
    CREATE TABLE log (id INTEGER PRIMARY KEY, body TEXT)`)
  const rows = Math.min(HOUSEHOLDS, 200_000)
  const insert = db.prepare('INSERT INTO t VALUES (?, 1, ?, ?)')
  const text = 'x'.repeat(150)
  db.transaction(() => {
    for (let n = 1; n <= rows; n++) insert.run(n, n * 1_000, text)
  })()
  db.pragma('synchronous = FULL')
  const update = db.prepare('UPDATE t SET commune = 2, code = ? WHERE n = ?')
  const log = db.prepare('INSERT INTO log (body) VALUES (?)')
  const chunk = db.transaction((from: number) => {
    for (let n = from; n < Math.min(rows + 1, from + 500); n++) {
      update.run(n * 1_000 + 5e12, n)
      log.run(text)
    }
  })
  const started = performance.now()
  for (let from = 1; from <= rows; from += 500) chunk(from)
  const perSecond = rows / ((performance.now() - started) / 1000)
  db.close()
  return Math.round(perSecond)
}

/** What `work` took: by the clock, and by the processor alone, for other work may run beside. */
async function measured<T extends { rows: number; seconds: number }>(work: () => Promise<T>) {
  const begun = process.cpuUsage()
  const summary = await work()
  const { user, system } = process.cpuUsage(begun)
  const speed = {
    perSecond: Math.round(summary.rows / summary.seconds),
    perCpuSecond: Math.round((summary.rows / (user + system)) * 1e6),
  }
  return { summary, speed }
}

const loading = await loadAll()
const watch = stopwatch()
const { summary: done, speed } = await measured(() =>
  reassign({
    ...quiet,
    store,
    gazetteer,
    decree: decreeFile,
    actor: 'bench',
    engineVersion: '1',
    output: join(folder, 'decree.result.csv'),
    onProgress: watch.onProgress,
  }),
)
const checked = await check()
const undone: Record<string, unknown> = {}
for (const [name, job] of [
  ['reassign', done.job],
  ['load', loading],
] as const) {
  const undoWatch = stopwatch()
  const output = join(folder, `undo-${name}.csv`)
  const common = { ...quiet, ...versions, store, actor: 'bench', onProgress: undoWatch.onProgress }
  const { summary, speed } = await measured(() => undoJob({ ...common, job, output }))
  const { households, wrong } = await asBefore(name === 'load')
  undone[name] = {
    ...speed,
    ...undoWatch.steps(),
    counts: summary.counts,
    households,
    wrong,
  }
}

/** After the reassign was taken back all stand as loaded; after the load too, none is found by its key or code. */
async function asBefore(withdrawn: boolean) {
  let [households, wrong] = [0, 0]
  for (let n = 1; n <= HOUSEHOLDS; n += 101) {
    const [home] = await store.households([n])
    const { draft } = household(n - 1)
    households++
    const same = withdrawn
      ? home!.status === 'historical' && home!.vpostcode === null && home!.text === draft.text
      : home!.vpostcode === draft.vpostcode &&
        home!.communeCode === draft.communeCode &&
        home!.key === keyOf(draft)
    if (!same) wrong++
  }
  return { households, wrong }
}

const { counts, why, rows } = done
console.log(
  JSON.stringify(
    {
      households: HOUSEHOLDS,
      formerCommunes: formers.length,
      decreeRows: decree.split('\n').length,
      note: 'the postcodes of before are made up',
      reassign: { concerned: rows, ...speed, ...watch.steps(), counts, why },
      checked,
      undone,
      floorPerSecond: floor(),
      databaseMb: Math.round(statSync(path).size / 2 ** 20),
      rssMb: Math.round(process.memoryUsage().rss / 2 ** 20),
    },
    null,
    2,
  ),
)
await store.close()
rmSync(folder, { recursive: true })
