// How fast coverage answers at the end of a year in which every commune of the country was worked on every day.
//   npx tsx scripts/bench/coverage.ts [days = 365]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { load } from '../../src/gazetteer/load.ts'
import { communeCoverage, dayCoverage, provinceCoverage } from '../../src/registry/coverage/coverage.ts'
import { openReader, openWriter } from '../../src/store/sqlite/open.ts'

const DAYS = Number(process.argv[2] ?? 365)
/** Households of the country: some 23 in each commune on each day of a year. */
const HOUSEHOLDS = 28_000_000
const gazetteer = load()
const folder = mkdtempSync(join(tmpdir(), 'vpostcode-coverage-'))
const path = join(folder, 'coverage.db')
await openWriter(path).close()
const db = new Database(path)
const add = db.prepare('INSERT INTO coverage VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 1, 0, 1)')
const each = Math.ceil(HOUSEHOLDS / gazetteer.communes.length / DAYS)
db.transaction(() => {
  for (const { code, province } of gazetteer.communes)
    for (let day = 0; day < DAYS; day++)
      add.run(Number(province.code), Number(code), 20_000 + day, each, each - 3, 2, 1, 1)
  db.exec(`INSERT INTO coverage SELECT province, -1, day, sum(households), sum(coded), sum(visit), sum(review),
    sum(verified), sum(sampled), sum(checked), sum(wrong), sum(findings) FROM coverage GROUP BY province, day;
    INSERT INTO coverage_totals SELECT province, commune, sum(households), sum(coded), sum(visit), sum(review),
    sum(verified), sum(sampled), sum(checked), sum(wrong), sum(findings) FROM coverage GROUP BY province, commune`)
})()
db.close()

const store = openReader(path)
async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 7; round++) {
    const from = performance.now()
    await work()
    times.push(performance.now() - from)
  }
  return Math.round(times.sort((a, b) => a - b)[3]! * 10) / 10
}
const hanoi = gazetteer.province('01', 'current')!
const report = {
  communes: gazetteer.communes.length,
  days: DAYS,
  rows: gazetteer.communes.length * DAYS,
  households: (await provinceCoverage(store, gazetteer)).reduce((sum, { households }) => sum + households, 0),
  medianMilliseconds: {
    provinces: await median(() => provinceCoverage(store, gazetteer)),
    'communes of a province': await median(() => communeCoverage(store, gazetteer, hanoi)),
    'communes of the country': await median(() => communeCoverage(store, gazetteer, null)),
    'days of a province': await median(() =>
      dayCoverage(store, gazetteer, { provinceCode: hanoi.code, communeCode: null }),
    ),
    'days of the country': await median(() => dayCoverage(store, gazetteer, null)),
  },
}
await store.close()
// The floor: what counting the same rows takes when nothing was counted before.
const raw = new Database(path, { readonly: true })
const count = raw.prepare('SELECT count(*) FROM coverage WHERE households > 0').pluck()
const scan = await median(async () => count.get())
raw.close()
rmSync(folder, { recursive: true, force: true })
console.log(JSON.stringify({ ...report, scanOfAllRowsMilliseconds: scan }, null, 2))
