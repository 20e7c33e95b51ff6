import { describe, expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import { type ScanProgress, scan } from '../../src/registry/doubts/scan.ts'
import { lineOf } from '../../src/registry/streetLine.ts'
import type { HouseholdDraft } from '../../src/registry/types.ts'
import { draft, hamlet, type Loader, loader, point } from './helpers.ts'

const gazetteer = load()
const BEN_THANH = { provinceCode: '79', communeCode: '26743' }

/** Looks through communes; answers how far it came. */
async function look({ store }: Loader, places = [BEN_THANH]): Promise<ScanProgress | null> {
  let last = null
  for await (const step of scan(store, places, gazetteer, () => 5)) last = step
  return last
}
/** The pairs found among these households, with what speaks for them. */
async function pairsOf(drafts: HouseholdDraft[], places = [BEN_THANH]) {
  const one = loader()
  // Each from a list of its own, so that rows which name no house can meet.
  for (const [i, row] of drafts.entries()) await one.load([row], { list: `list ${i}` })
  await look(one, places)
  const found = await one.store.doubts(null, 100)
  return found.map(({ n, other, reason, score }) => {
    expect(score).toBeGreaterThanOrEqual(0.5)
    return [n, other, reason]
  })
}
const at = (houseNumber: string, street: string, more: Partial<HouseholdDraft> = {}) =>
  draft({ text: `${houseNumber} ${street}`, parts: { houseNumber, street }, ...more })

describe('likely duplicates', () => {
  test('an address spelled twice, with points or without', async () => {
    expect(
      await pairsOf([
        at('12', 'Nguyễn Thị Minh Khai', { point: point() }),
        at('12', 'Nguyễn Thị Minh Kai', { point: point(6) }),
        at('12', 'NTMK'),
        at('14', 'Nguyễn Thị Minh Kai', { point: point(6) }),
      ]),
    ).toEqual([
      [1, 2, 'spelled-twice'],
      [1, 3, 'spelled-twice'],
      [2, 3, 'spelled-twice'],
    ])
  })

  test('two real streets of like names are two streets', async () => {
    expect(
      await pairsOf([at('12', 'Lê Lợi'), at('12', 'Lê Lai'), at('12', 'Đường số 1'), at('12', 'Đường số 7')]),
    ).toEqual([])
  })

  test('one house under its former and its current units', async () => {
    expect(await pairsOf([at('12', 'Lê Lợi', { formerCommuneCode: '26743' }), at('12', 'Lê Lợi')])).toEqual([
      [1, 2, 'both-eras'],
    ])
  })

  test('the same house in two communes that share a split former one, when the text leaves it open', async () => {
    const split = gazetteer.formerCommunes.find(({ successors }) => successors.length > 1)!
    const [a, b] = split.successors.map(({ current }) => ({
      provinceCode: current.province.code,
      communeCode: current.code,
      postcode: current.postcode,
    }))
    const doubtful = { grade: 'C' as const, review: ['split-commune'], formerCommuneCode: split.code }
    const rows = [at('12', 'Lê Lợi', { ...a, ...doubtful }), at('12', 'Lê Lợi', b)]
    for (const place of [a!, b!]) expect(await pairsOf(rows, [place])).toEqual([[1, 2, 'both-eras']])
    // Both sure and without points: a street of that name in each.
    expect(await pairsOf([at('12', 'Lê Lợi', a), at('12', 'Lê Lợi', b)], [a!, b!])).toEqual([])
  })

  test('a row that stops at the hamlet beside one that names the house; not where all share one point', async () => {
    const house = draft({ parts: { houseNumber: '5', hamlet: 'thôn Đông Tảo' }, point: point() })
    expect(await pairsOf([house, hamlet({ point: point(3) })])).toEqual([[1, 2, 'same-place']])
    const one = loader()
    await one.load([house, ...Array.from({ length: 20 }, () => hamlet({ point: point() }))])
    expect(await look(one)).toMatchObject({ households: 21, found: { duplicate: 0 } })
  })

  test('neighbours, flats of one tower and the same number in two hamlets are no duplicates', async () => {
    const flat = (unit: string) => draft({ parts: { unit, building: 'Sky Tower' }, point: point() })
    expect(
      await pairsOf([
        at('12', 'Lê Lợi', { point: point() }),
        at('14', 'Lê Lợi', { point: point(4) }),
        flat('501'),
        flat('601'),
        draft({ parts: { houseNumber: '5', hamlet: 'thôn Đông' } }),
        draft({ parts: { houseNumber: '5', hamlet: 'thôn Tây' } }),
      ]),
    ).toEqual([])
  })

  test('looking again finds the same once; a pair of which one is gone is no longer open', async () => {
    const one = loader()
    await one.load([at('12', 'Nguyễn Thị Minh Khai'), at('12', 'Nguyễn Thị Minh Kai')])
    await look(one)
    await look(one)
    const [doubt, ...more] = await one.store.doubtsOf(2)
    expect([doubt, more]).toMatchObject([{ kind: 'duplicate', n: 1, other: 2, foundAt: 5 }, []])
    expect(await one.store.communeTallies(null)).toMatchObject([{ ...BEN_THANH, findings: 1 }])
    const [household] = await one.store.households([2])
    const after = { status: 'historical' as const }
    const retire = { kind: 'retire' as const, household: { ...household!, ...after }, before: {}, after }
    await one.store.transaction((tx) =>
      tx.write({ changes: [retire], lineOf, list: '', listRows: [], at: 9, actor: 'x', job: null }),
    )
    expect(await one.store.doubts(null, 9)).toEqual([])
    expect(await one.store.communeTallies(null)).toMatchObject([{ findings: 0 }])
  })
})

test('a house far from its neighbours by number stands out, a long or bent street does not', async () => {
  const one = loader()
  const street = Array.from({ length: 40 }, (_, i) =>
    at(String(2 * i + 1), 'Lê Lợi', { point: point(i * 30) }),
  )
  street[10] = at('21', 'Lê Lợi', { point: point(5000) })
  await one.load(street)
  expect(await look(one)).toMatchObject({ found: { numbering: 1 } })
  expect(await one.store.doubts({ ...BEN_THANH }, 9)).toMatchObject([
    { kind: 'numbering', n: 11, other: null, reason: 'far-from-neighbours' },
  ])
})
