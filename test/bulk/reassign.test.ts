import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type ReassignOptions, type ReassignSummary, reassign } from '../../src/bulk/reassign.ts'
import { undoJob } from '../../src/bulk/undoJob.ts'
import { parseCsv } from '../../src/gazetteer/csv.ts'
import { load } from '../../src/gazetteer/load.ts'
import type { FormerCommune } from '../../src/gazetteer/types.ts'
import { resolveCode } from '../../src/locate/resolve.ts'
import { keyOf } from '../../src/registry/key.ts'
import { DecreeFaults } from '../../src/registry/reassign/decree.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import type { StoredHousehold, StoreWriter } from '../../src/registry/store.ts'
import { lineOf } from '../../src/registry/streetLine.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { encodeVpostcode } from '../../src/vpostcode/vpostcode.ts'
import { household as stored } from '../store/contract.ts'

const gazetteer = load()
const folder = mkdtempSync(join(tmpdir(), 'vpostcode-reassign-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let count = 0

/** A file of the decree of these rows. */
function decreeFile(rows: readonly (readonly string[])[]): string {
  const path = join(folder, `decree ${count++}.csv`)
  writeFileSync(
    path,
    `kind,from_code,to_code,postcode,effective\n${rows.map((row) => row.join(',')).join('\n')}\n`,
  )
  return path
}

/** A former commune that was split in fact, and one that went over as a whole; in one province of today. */
const split = gazetteer.formerCommunes.find(
  ({ successors }) =>
    successors.length === 2 && successors.every(({ current }) => current.province.code === '79'),
)!
const [partA, partB] = split.successors.map(({ current }) => current) as [
  FormerCommune['successors'][number]['current'],
  FormerCommune['successors'][number]['current'],
]
const [one, two] = gazetteer.communes
  .find(
    ({ sources, province }) => province.code === '79' && sources.filter(({ whole }) => whole).length >= 2,
  )!
  .sources.filter(({ whole }) => whole)
  .map(({ former }) => former) as [FormerCommune, FormerCommune]
const merged = one.successors[0]!.current
const OF_2025 = [
  ['whole', one.code, merged.code, merged.postcode, '2025-07-01'],
  ['whole', two.code, merged.code, '', '2025-07-01'],
  ['part', split.code, partA.code, '', '2025-07-01'],
  ['part', split.code, partB.code, '', '2025-07-01'],
]

/** A household as it stood before the decree; `old` is a postcode made up for the test. */
function before(
  n: number,
  commune: FormerCommune,
  old: string,
  more: Partial<StoredHousehold> = {},
): StoredHousehold {
  const base = stored(n, {
    communeCode: commune.code,
    provinceCode: commune.province.code,
    postcode: old,
    ...more,
  })
  return {
    ...base,
    key: keyOf(base),
    vpostcode: base.point && encodeVpostcode(old, base.point.lat, base.point.lon),
  }
}
const inside = ({ inside: { lat, lon } }: { inside: { lat: number; lon: number } }) => ({
  lat,
  lon,
  source: 'given' as const,
  accuracy: 5,
})

async function withStore(households: StoredHousehold[]) {
  const store = openWriter(':memory:')
  const changes = households.map((household) => ({ kind: 'insert' as const, household }))
  await store.transaction((tx) =>
    tx.write({ changes, lineOf, list: '', listRows: [], at: 1000, actor: 'test', job: null }),
  )
  return store
}

async function run(store: StoreWriter, decree: string | null, more: Partial<ReassignOptions> = {}) {
  const output = join(folder, `result ${count++}.csv`)
  const summary = await reassign({
    store,
    gazetteer,
    decree,
    actor: 'test',
    engineVersion: 'engine 1',
    output,
    onStart: () => {},
    onProgress: () => {},
    stop: () => false,
    ...more,
  })
  const rows = (summary: ReassignSummary) => parseCsv(readFileSync(summary.output, 'utf8')).rows
  return { summary, rows: summary.ending === 'done' ? rows(summary) : [] }
}

describe('a decree', () => {
  const number = (houseNumber: string) => ({ houseNumber, street: 'Lê Lợi' })
  const world = () => [
    before(1, one, '90001', { parts: number('1'), point: inside(merged) }),
    before(2, two, '90002', { parts: number('1'), point: inside(merged) }),
    before(3, split, '90003', { parts: number('3'), point: inside(partA) }),
    before(4, split, '90003', { parts: number('4'), point: inside(partB), status: 'verified' }),
    before(5, split, '90003', { parts: number('5'), point: null }),
    before(6, split, '90003', { parts: number('6'), point: inside(gazetteer.communes[0]!) }),
    before(7, one, '90001', { parts: number('7'), status: 'historical', successors: [1] }),
    stored(8, { parts: number('8') }),
  ]

  test('gives each household its commune, code and key by what it knows, and says why', async () => {
    const store = await withStore(world())
    const { summary, rows } = await run(store, decreeFile(OF_2025))
    expect(summary).toMatchObject({
      ending: 'done',
      rows: 7,
      counts: { updated: 5, review: 2 },
      why: { whole: 3, point: 2, undecided: 2 },
    })
    const homes = await store.households([1, 2, 3, 4, 5, 6, 7, 8])
    expect(homes.map(({ communeCode, review }) => [communeCode, review.join()])).toEqual([
      [merged.code, ''],
      // The former commune, which the key knows from now on, tells the two apart.
      [merged.code, ''],
      [partA.code, ''],
      [partB.code, ''],
      [partA.code, 'split-commune'],
      [partA.code, 'split-commune'],
      [merged.code, ''],
      ['26743', ''],
    ])
    for (const home of homes) expect(home.key).toBe(keyOf(home))
    expect(homes.slice(0, 7).map(({ formerCommuneCode }) => formerCommuneCode)).toEqual(
      [one, two, split, split, split, split, one].map(({ code }) => code),
    )
    const code = encodeVpostcode(partB.postcode, partB.inside.lat, partB.inside.lon)
    expect(homes[3]).toMatchObject({ status: 'verified', postcode: partB.postcode, vpostcode: code })
    expect(homes[5]!.vpostcode).toBeNull()
    expect(rows.map(({ status, why, commune_name }) => [status, why, commune_name])).toEqual([
      ['updated', 'whole', merged.fullName],
      ['updated', 'whole', merged.fullName],
      ['updated', 'point', partA.fullName],
      ['updated', 'point', partB.fullName],
      ['review', 'undecided', partA.fullName],
      ['review', 'undecided', partA.fullName],
      ['updated', 'whole', merged.fullName],
    ])
    expect(rows[3]).toMatchObject({
      old_postcode: '90003',
      vpostcode: code,
      old_vpostcode: world()[3]!.vpostcode,
    })

    // Every old code leads on; a cell of the old postcode that nobody had leads to the place too.
    const registry = openRegistry(store)
    const resolve = (code: string) => resolveCode({ gazetteer, households: registry }, code)
    expect(await resolve(world()[3]!.vpostcode!)).toMatchObject({
      status: 'superseded',
      superseded: [{ current: code }],
      commune: { code: partB.code },
    })
    expect(await resolve(world()[5]!.vpostcode!)).toMatchObject({ superseded: [{ current: null }] })
    const nobody = encodeVpostcode('90003', partB.inside.lat + 0.0002, partB.inside.lon)
    expect(await resolve(nobody)).toMatchObject({
      status: 'unregistered',
      reason: null,
      commune: { code: partB.code },
      reissued: [{ vpostcode: partB.postcode + nobody.slice(5), communeCode: partB.code }],
    })
    expect((await resolve(nobody)).issues.map(({ code }) => code)).toContain('old-postcode')
    await store.close()
  })

  test('puts two homes to review that come to one address, not those that shared one before', async () => {
    const former = { formerCommuneCode: '00001' }
    const north = { ...inside(merged), lat: merged.inside.lat + 0.001 }
    const store = await withStore([
      before(1, one, '90001', { parts: number('1'), point: inside(merged), ...former }),
      before(2, two, '90002', { parts: number('1'), point: inside(merged), ...former }),
      before(3, two, '90002', { parts: number('1'), point: north, ...former }),
      before(4, one, '90001', { parts: number('4'), point: inside(merged), ...former }),
      before(5, one, '90001', { parts: number('4'), point: north, ...former }),
      before(6, one, '90001', { parts: { street: 'Lê Lợi' }, ...former }),
      before(7, two, '90002', { parts: { street: 'Lê Lợi' }, ...former }),
    ])
    await run(store, decreeFile(OF_2025))
    const homes = await store.households([1, 2, 3, 4, 5, 6, 7])
    expect(homes.map(({ review }) => review.join())).toEqual([
      '',
      'same-address',
      'same-address-far-apart',
      '',
      '',
      '',
      '',
    ])
    // They are known places: their codes stay.
    expect(homes.slice(0, 3).map(({ vpostcode }) => vpostcode?.slice(0, 5))).toEqual(
      new Array(3).fill(merged.postcode),
    )
    await store.close()
  })

  test('of postcodes alone changes heads; a commune that keeps its code can lose a part', async () => {
    const [a, b] = [gazetteer.commune('26743')!, gazetteer.commune('26740')!]
    const current = (n: number, of: typeof a) =>
      stored(n, { communeCode: of.code, postcode: of.postcode, point: inside(of) })
    const coded = (home: StoredHousehold) => ({
      ...home,
      vpostcode: encodeVpostcode(home.postcode, home.point!.lat, home.point!.lon),
    })
    const store = await withStore([current(1, a), current(2, b)].map(coded))
    const { summary } = await run(store, decreeFile([['postcode', '', '26743', '71999', '2026-01-01']]))
    expect(summary.counts).toEqual({ updated: 1 })
    expect(await store.households([1])).toMatchObject([{ postcode: '71999', formerCommuneCode: null }])
    const stays = decreeFile([
      ['part', '26743', '26743', '71999', '2026-01-02'],
      ['part', '26743', '26740', '', '2026-01-02'],
    ])
    expect((await run(store, stays)).summary.counts).toEqual({ unchanged: 1 })
    await store.close()
  })

  test('is carried out once, unless it was taken back', async () => {
    const store = await withStore(world())
    const decree = decreeFile(OF_2025)
    const homes = async () =>
      (await store.households([1, 2, 3, 4, 5, 6, 7, 8])).map(({ updatedAt: _, ...home }) => home)
    const first = await homes()
    const output = join(folder, 'once.csv')
    // Stopped before the end, then begun with another result.
    const { summary } = await run(store, decree, { output, stop: () => true })
    if (summary.ending !== 'done') await expect(run(store, decree)).rejects.toThrow(`-o ${output}`)
    await run(store, decree, { output }).catch(() => {})
    const second = await homes()
    await expect(run(store, decree)).rejects.toThrow('has carried out this decree')

    const quiet = { onStart: () => {}, onProgress: () => {}, stop: () => false }
    const versions = { engineVersion: '1', dataVersion: '1' }
    const back = {
      store,
      job: summary.job,
      actor: 'test',
      output: join(folder, 'back.csv'),
      ...versions,
      ...quiet,
    }
    expect((await undoJob(back)).counts).toEqual({ updated: 7 })
    expect(await homes()).toEqual(first)
    await run(store, decree)
    expect(await homes()).toEqual(second)
    await store.close()
  })

  test('faults are named by line before anything is written', async () => {
    const store = await withStore(world())
    const decree = decreeFile([
      ['whole', '00001', '99999', '', '2025-07-01'],
      ['merge', '00001', merged.code, '', '2025-07-01'],
      ['part', '00002', merged.code, '1234', '2025-07-01'],
      ['postcode', '', merged.code, '', '1 July'],
    ])
    const failed = await run(store, decree).catch((error) => error)
    expect(failed).toBeInstanceOf(DecreeFaults)
    for (const text of [
      'line 2: to_code "99999"',
      'line 3: kind "merge"',
      'line 4: postcode "1234"',
      'line 5: effective "1 July"',
      'commune 00002 has one part only',
      'different days',
    ])
      expect(failed.message).toContain(text)
    const future = decreeFile([['whole', one.code, merged.code, '', '2999-01-01']])
    await expect(run(store, future)).rejects.toThrow('takes effect on 2999-01-01')
    expect(await store.listJobs(10)).toEqual([])
    await store.close()
  })

  test('stopped after any step it goes on and ends like a run that was not stopped', async () => {
    const many = Array.from({ length: 1300 }, (_, i) =>
      before(i + 1, i % 2 ? one : two, '90001', {
        parts: number(String(i % 1101)),
        formerCommuneCode: '00001',
        point: { ...inside(merged), lat: merged.inside.lat + (i % 7) * 0.0003 },
      }),
    )
    const content = async (store: StoreWriter) => ({
      homes: (await store.households(many.map(({ n }) => n))).map(({ updatedAt: _, ...home }) => home),
      events: (await store.events('79', 0, 10_000)).map(({ at: _, job: _j, ...event }) => event),
    })
    const decree = decreeFile(OF_2025)
    const whole = await withStore(many)
    const undisturbed = await run(whole, decree)
    expect(undisturbed.summary.counts['review']).toBeGreaterThan(50)

    const pieces = await withStore(many)
    const output = join(folder, 'pieces.csv')
    let runs = 0
    for (let finished = false; !finished; runs++)
      finished = (await run(pieces, decree, { output, stop: () => true })).summary.ending === 'done'
    expect(runs).toBe(3)
    expect(readFileSync(output, 'utf8').replace(/^\d{12}/gm, '')).toBe(
      readFileSync(undisturbed.summary.output, 'utf8').replace(/^\d{12}/gm, ''),
    )
    expect(await content(pieces)).toEqual(await content(whole))
    await whole.close()
    await pieces.close()
  })
})

test('without a decree provisional households are read anew, and only when versions differ', async () => {
  const text = '12 Lê Lợi, Phường Bến Thành, Quận 1, TP Hồ Chí Minh'
  const point = { lat: 10.7721, lon: 106.6983, source: 'given' as const, accuracy: 5 }
  const wrong = { text, point, communeCode: '26740', postcode: '71006', vpostcode: '71006QMCXR8V' }
  const parts = { houseNumber: '12', street: 'Lê Lợi', unit: 'P3' }
  const store = await withStore([
    stored(1, { ...wrong, parts }),
    stored(2, { ...wrong, status: 'verified' }),
    stored(3, { ...wrong, engineVersion: 'engine 2', dataVersion: gazetteer.version }),
    stored(4, { ...wrong, review: ['split-commune'], vpostcode: null }),
  ])
  const { summary } = await run(store, null, { engineVersion: 'engine 2' })
  expect(summary).toMatchObject({ rows: 1, counts: { updated: 1 }, why: { engine: 1 } })
  const [first, ...others] = await store.households([1, 2, 3, 4])
  expect(first).toMatchObject({
    communeCode: '26743',
    vpostcode: '71009QMCXR8V',
    parts,
    engineVersion: 'engine 2',
    dataVersion: gazetteer.version,
  })
  expect(others.map(({ communeCode }) => communeCode)).toEqual(['26740', '26740', '26740'])
  await store.close()
})
