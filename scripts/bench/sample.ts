// Does the blind check of a sample measure the true error, and how long does it take? Households whose error is known, in the
// communes of one province; a checker who tells the truth; the interval against the error that all households have.
//   npx tsx scripts/bench/sample.ts [households a commune = 1500] [share = 0.02]
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { load } from '../../src/gazetteer/load.ts'
import { communeCoverage, provinceCoverage } from '../../src/registry/coverage/coverage.ts'
import { idCodec } from '../../src/registry/id.ts'
import { KEY_VERSION, keyOf } from '../../src/registry/key.ts'
import { type CheckById, openLife } from '../../src/registry/life.ts'
import { draw, openRound } from '../../src/registry/sample/draw.ts'
import type { StoredHousehold } from '../../src/registry/store.ts'
import { lineOf } from '../../src/registry/streetLine.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { encodeVpostcode } from '../../src/vpostcode/vpostcode.ts'

const EACH = Number(process.argv[2] ?? 1500)
const SHARE = Number(process.argv[3] ?? 0.02)
const gazetteer = load()
const province = gazetteer.province('33', 'current')!
const communes = gazetteer.communes.filter((commune) => commune.province === province)

/** 0 to 1, the same for the same name. */
const dice = (name: string) => createHash('sha256').update(name).digest().readUInt32BE(0) / 2 ** 32
/** Communes err differently: from 0 to 12 % of their households. */
const errs = (n: number, commune: string) => dice(`household ${n}`) < 0.12 * dice(`commune ${commune}`)

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-sample-'))
const path = join(folder, 'sample.db')
const store = openWriter(path)
let n = 0
const truth = new Map<string, number>()
for (const { code, postcode, inside } of communes) {
  const changes = []
  for (let i = 1; i <= EACH; i++) {
    n++
    if (errs(n, code)) truth.set(code, (truth.get(code) ?? 0) + 1)
    const parts = { houseNumber: String(i), street: 'Trần Hưng Đạo' }
    const address = { parts, communeCode: code, formerCommuneCode: null }
    const household: StoredHousehold = {
      ...address,
      ...{ n, text: `${i} Trần Hưng Đạo`, provinceCode: province.code, postcode },
      ...{ status: 'provisional', of: null, successors: [], review: [], cleared: [], externalIds: [] },
      key: keyOf(address),
      keyVersion: KEY_VERSION,
      point: { ...inside, source: 'given', accuracy: 10 },
      access: null,
      vpostcode: encodeVpostcode(postcode, inside.lat, inside.lon),
      ...{ grade: 'A', confidence: 1, engineVersion: '1', dataVersion: '1', createdAt: 1, updatedAt: 1 },
    }
    changes.push({ kind: 'insert' as const, household })
  }
  const batch = { changes, lineOf, list: '', listRows: [], at: 1, actor: 'loader', job: null }
  await store.transaction((tx) => tx.write(batch))
}

const ids = idCodec(store.secret)
const places = communes.map(({ code }) => ({ provinceCode: province.code, communeCode: code }))
const seconds = async (work: () => Promise<void>) => {
  const from = performance.now()
  await work()
  return Math.round(performance.now() - from) / 1000
}
const drawing = await seconds(async () => {
  const round = await openRound(store, { actor: 'office', seed: 'bench', share: SHARE })
  for await (const _ of draw(store, ids, places, round));
})
const life = openLife({ store, gazetteer, engineVersion: '1' })
let checks = 0
const checking = await seconds(async () => {
  for (const [i, place] of places.entries())
    for (const sampled of await store.toCheck(place)) {
      const { inside, code } = communes[i]!
      // Half of the errors are no house at all, half a house 100 m away.
      const wrong = errs(sampled.n, code)
      const far = wrong ? 100 / 110_600 : 0
      const point = { lat: inside.lat + far, lon: inside.lon, accuracy: 5 }
      const found: CheckById['found'] =
        wrong && sampled.n % 2 === 0 ? { kind: 'none' } : { kind: 'house', communeCode: code, point }
      await life.check({ actor: 'checker' }, ids.idOf(sampled.n), { found })
      checks++
    }
})
const [whole] = (await provinceCoverage(store, gazetteer)).filter(({ code }) => code === province.code)
const lines = (await communeCoverage(store, gazetteer, province)).filter(({ checked }) => checked > 0)
const holding = lines.filter(({ code, error }) => {
  const share = (truth.get(code) ?? 0) / EACH
  return error!.low <= share && share <= error!.high
})
const wrong = [...truth.values()].reduce((sum, one) => sum + one, 0)
await store.close()
// The floor of drawing: one pass over the same households.
const raw = new Database(path, { readonly: true })
const count = raw.prepare('SELECT count(*) FROM households WHERE code IS NOT NULL AND review IS NULL').pluck()
const pass = await seconds(async () => void count.get())
raw.close()
rmSync(folder, { recursive: true })
console.log(
  JSON.stringify(
    {
      households: n,
      communes: communes.length,
      checks,
      trueErrorPercent: Math.round((wrong / n) * 10_000) / 100,
      measured: whole!.error,
      communesWhoseIntervalHoldsTheTruth: `${holding.length} of ${lines.length}`,
      seconds: { drawing, passOverAllHouseholds: pass, checking },
      checksPerSecond: Math.round(checks / checking),
    },
    null,
    2,
  ),
)
