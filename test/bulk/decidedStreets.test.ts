import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import { idCodec } from '../../src/registry/id.ts'
import { openLife } from '../../src/registry/life.ts'
import type { StoreWriter } from '../../src/registry/store.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { assign, resultOf, traces } from './run.ts'

vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-decided-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const gazetteer = load()
const SPLIT = gazetteer.formerCommune('00103')!
const address = (number: number) =>
  `"Số ${number} đường Không Tên, ${SPLIT.fullName}, ${SPLIT.district.fullName}, Hà Nội"`

/** A file of houses of the street with these numbers. */
function file(name: string, from: number, to: number): string {
  const path = join(folder, name)
  const numbers = Array.from({ length: to - from + 1 }, (_, i) => from + i)
  writeFileSync(path, `address\n${numbers.map(address).join('\n')}\n`)
  return path
}
const first = file('first.csv', 1, 9)

/** A registry in which houses 1 to 9 wait, and what a clerk does to them. */
async function office() {
  const store = openWriter(':memory:')
  const life = openLife({ store, gazetteer, engineVersion: 'test' })
  const { idOf } = idCodec(store.secret)
  const by = { actor: 'lan', reason: 'seen on site' }
  await assign(store, first, { list: 'first' })
  const guess = (await store.households([1]))[0]!.communeCode
  const other = SPLIT.successors.map(({ current }) => current.code).find((code) => code !== guess)!
  const decide = async (ns: number[], communeCode: string) => {
    for (const n of ns) await life.decide(by, idOf(n), { kind: 'commune', communeCode })
  }
  return { store, guess, other, decide, undo: (n: number) => life.undo(by, idOf(n)) }
}
const load1 = async (store: StoreWriter, path: string) => {
  await assign(store, path, { list: path })
  return resultOf(`${path}.result.csv`).map((row) => [row['status'], row['grade'], row['commune_code']])
}

test('decisions about a street serve later jobs, an undone one no more; a row that waits is not doubled', async () => {
  const { store, guess, other, decide, undo } = await office()
  expect(await load1(store, file('before.csv', 21, 21))).toEqual([['review', 'C', guess]])
  await decide([1, 2, 3, 4, 5], other)
  expect(await load1(store, file('after.csv', 31, 31))).toEqual([['visit', 'B', other]])
  expect(resultOf(join(folder, 'after.csv.result.csv'))[0]!['issues']).toContain('decided-by-neighbours')
  // Those that were loaded before are known, and answer where they stand, whatever the text is taken for now.
  expect(await load1(store, join(folder, 'before.csv'))).toEqual([['unchanged', 'B', guess]])
  expect((await load1(store, first)).map(([status]) => status)).toEqual(new Array(9).fill('unchanged'))
  await undo(5)
  expect(await load1(store, file('undone.csv', 41, 41))).toEqual([['review', 'C', other]])
  expect(await load1(store, join(folder, 'after.csv'))).toEqual([['unchanged', 'C', other]])
  await decide([5, 6], other)
  await decide([7], guess)
  expect(await load1(store, file('conflict.csv', 51, 51))).toEqual([['review', 'C', other]])
  // What was only guessed, or lifted by neighbours, is no evidence.
  expect(await store.count()).toBe(9 + 4)
  await store.close()
})

test('a job that was stopped hears what stood when it began, whatever is decided meanwhile', async () => {
  const many = file('many.csv', 101, 7600)
  const load2 = async (disturbed: boolean, threads: number) => {
    const one = await office()
    await one.decide([1, 2, 3, 4, 5], one.other)
    if (disturbed) {
      const paused = await assign(one.store, many, { stop: () => true, threads })
      expect([paused.ending, paused.rows]).toEqual(['paused', 1000])
      await one.decide([6, 7], one.guess)
    }
    expect(await assign(one.store, many, { threads })).toMatchObject({
      ending: 'done',
      counts: { visit: 7500 },
    })
    const { result } = await traces(one.store, `${many}.result.csv`)
    // The next job hears it.
    if (disturbed)
      expect(await load1(one.store, file('next.csv', 9001, 9001))).toMatchObject([['review', 'C', one.other]])
    await one.store.close()
    return result
  }
  const undisturbed = await load2(false, 0)
  // Through worker threads too: the file is large enough for them.
  expect(await load2(true, 1)).toBe(undisturbed)
})
