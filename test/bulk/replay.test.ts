import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { reassign } from '../../src/bulk/reassign.ts'
import { undoJob } from '../../src/bulk/undoJob.ts'
import { load } from '../../src/gazetteer/load.ts'
import { prepareRow } from '../../src/pipeline.ts'
import { idCodec } from '../../src/registry/id.ts'
import { openLife } from '../../src/registry/life.ts'
import { differences, replay } from '../../src/registry/replay.ts'
import { draw, openRound } from '../../src/registry/sample/draw.ts'
import type { StoredHousehold } from '../../src/registry/store.ts'
import { lineOf } from '../../src/registry/streetLine.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { expectCounts } from '../registry/counts.ts'
import { assign } from './run.ts'

vi.setConfig({ testTimeout: 240_000 })

const gazetteer = load()
const folder = mkdtempSync(join(tmpdir(), 'vpostcode-replay-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const quiet = { onStart: () => {}, onProgress: () => {}, stop: () => false }

test('a load, life changes, decisions, a job taken back and a decree: the list of events gives the same registry', async () => {
  const store = openWriter(join(folder, 'one.db'))
  const sample = join(folder, 'sample.csv')
  copyFileSync('seeds/sample-households.csv', sample)
  await assign(store, sample)

  // Another load corrects addresses by the office's number, and is taken back.
  const [header, ...rows] = readFileSync(sample, 'utf8').trimEnd().split('\n')
  const other = rows.slice(0, 300).map((row, i) => row.replace(/Số (\d+)/, (_, n) => `Số ${Number(n) + i}`))
  const bad = join(folder, 'bad.csv')
  writeFileSync(bad, [header, ...other].join('\n'))
  const { job, counts } = await assign(store, bad)
  expect(counts.updated).toBeGreaterThan(50)
  const same = { store, actor: 'boss', engineVersion: 'test', dataVersion: gazetteer.version }
  await undoJob({ ...same, ...quiet, job, output: join(folder, 'undo.csv') })
  await expectCounts(store)

  const { idOf } = idCodec(store.secret)
  const life = openLife({ store, gazetteer, engineVersion: 'test' })
  const by = { actor: 'lan', reason: 'test' }
  const all = await store.households(Array.from({ length: await store.count() }, (_, i) => i + 1))
  const used = new Set<number>()
  /** The next household of a kind. */
  const take = (of: (household: StoredHousehold) => boolean) => {
    const found = all.find((household) => !used.has(household.n) && of(household))!
    used.add(found.n)
    return found
  }
  const coded = (one: StoredHousehold) => one.status === 'provisional' && one.vpostcode !== null
  const moved = take(coded)
  const point = { ...moved.point!, lat: moved.point!.lat + 0.0002, source: 'surveyed' as const, accuracy: 3 }
  await life.move(by, idOf(moved.n), { point })
  await life.verify(by, idOf(moved.n))
  const corrected = take(({ parts, ...one }) => coded(one as StoredHousehold) && parts.street !== undefined)
  const { fullName, province } = gazetteer.commune(corrected.communeCode)!
  const address = `Số 987 ${corrected.parts.street}, ${fullName}, ${province.fullName}`
  const { draft } = prepareRow({ address }, gazetteer)
  await life.correct(by, idOf(corrected.n), draft!)
  await life.retire(by, idOf(take(coded).n))
  const [into, from] = [take(coded), take(coded)]
  await life.merge(by, idOf(into.n), [idOf(from.n)])
  const parted = take(({ parts, ...one }) => coded(one as StoredHousehold) && parts.houseNumber !== undefined)
  const part = (unit: string) => ({
    draft: { ...draft!, parts: { ...draft!.parts, unit }, provinceCode: parted.provinceCode },
  })
  await life.split(by, idOf(parted.n), [part('1'), part('2')])
  await life.setMain(by, idOf(take(coded).n), idOf(into.n))
  const numbered = idOf(take(coded).n)
  await life.addExternalId(by, numbered, { scheme: 'digital-address', value: '1234567890' })
  await life.undo(by, numbered)
  const erased = idOf(take(coded).n)
  await life
    .move({ actor: 'kt' }, erased, { point: { ...point, ...all[0]!.point!, accuracy: 2 } })
    .catch(() => {})
  await life.erase(by, erased)
  const doubtful = take(({ review }) => review.includes('split-commune'))
  await life.decide(by, idOf(doubtful.n), { kind: 'commune', communeCode: doubtful.communeCode })
  await life.undo(by, idOf(doubtful.n))

  const round = await openRound(store, { actor: 'lan', seed: 'abc', least: 3 })
  const places = []
  for (const { provinceCode } of await store.provinceTallies())
    for (const { communeCode } of await store.communeTallies(provinceCode))
      places.push({ provinceCode, communeCode })
  let drawn = 0
  for await (const step of draw(store, idCodec(store.secret), places, round)) drawn = step.households
  expect(drawn).toBeGreaterThan(100)
  for (const place of places)
    for (const [i, { n }] of (await store.toCheck(place)).entries())
      if (i < 2) await life.check({ actor: 'kt' }, idOf(n), { found: { kind: 'none' } })

  // A made-up decree: one commune goes into another one, a third gets a postcode.
  const communes = [...new Set(all.filter(coded).map(({ communeCode }) => communeCode))]
  const [gone, kept, renamed] = communes.filter(
    (code) => gazetteer.commune(code)!.province.code === all[0]!.provinceCode,
  )
  const decree = join(folder, 'decree.csv')
  const lines = [`whole,${gone},${kept},,2026-01-01`, `postcode,,${renamed},99999,2026-01-01`]
  writeFileSync(decree, `kind,from_code,to_code,postcode,effective\n${lines.join('\n')}\n`)
  const changed = await reassign({
    ...same,
    ...quiet,
    gazetteer,
    decree,
    output: join(folder, 'changed.csv'),
  })
  expect(changed.counts.updated).toBeGreaterThan(3)

  const kinds = new Set<string>()
  for (const { provinceCode } of await store.provinceTallies())
    for (const { kind } of await store.events(provinceCode, 0, 100_000)) kinds.add(kind)
  expect([...kinds].sort()).toEqual([
    'erase',
    'insert',
    'merge',
    'retire',
    'split',
    'undo',
    'update',
    'verify',
  ])

  await expectCounts(store)

  const again = openWriter(join(folder, 'again.db'))
  const { events, gaps } = await replay(store, again)
  expect([events > 1000, gaps]).toEqual([true, []])
  expect(await differences(store, again)).toEqual([])

  // What no event tells is seen.
  await again.transaction((tx) =>
    tx.write({
      changes: [{ kind: 'update', household: { ...moved, text: 'x' }, before: {}, after: {} }],
      lineOf,
      list: '',
      listRows: [],
      at: Date.now(),
      actor: 'x',
      job: null,
    }),
  )
  expect(await differences(store, again, 1)).toEqual([`household ${moved.n}`])
  await store.close()
  await again.close()
})
