import { describe, expect, test } from 'vitest'
import { lineOf } from '../../src/registry/streetLine.ts'
import { codeOf, draft, hamlet, loader, point, statuses } from './helpers.ts'

describe('the status of a new household', () => {
  test('assigned with a point, visit without one, review when in doubt', async () => {
    const { load, households } = loader()
    const outcomes = await load([
      draft({ point: point() }),
      draft({ parts: { houseNumber: '14', street: 'Lê Lợi' } }),
      draft({
        parts: { houseNumber: '16', street: 'Lê Lợi' },
        grade: 'C',
        review: ['commune-ambiguous'],
        point: point(),
      }),
    ])
    expect(statuses(outcomes)).toEqual(['assigned', 'visit', 'review'])
    const [assigned, visit, review] = await households()
    expect(assigned).toMatchObject({ vpostcode: codeOf('71009', point()), status: 'provisional', review: [] })
    expect(visit).toMatchObject({ vpostcode: null, point: null })
    expect(review).toMatchObject({ vpostcode: null, point: point(), review: ['commune-ambiguous'] })
  })

  test('the outcome shows the household as it is stored', async () => {
    const { load, store } = loader()
    const [outcome] = await load([draft({ point: point(), externalId: 'HN-1', confidence: 0.98765 })])
    const [stored] = await store.households([1])
    const { id, createdAt, ...household } = outcome!.household
    expect(id).toMatch(/^\d{12}$/)
    expect(createdAt).toBe(new Date(stored!.createdAt).toISOString())
    const { n: _n, createdAt: _c, updatedAt: _u, ...rest } = stored!
    expect(household).toMatchObject(rest)
    expect(rest).toMatchObject({
      confidence: 0.988,
      externalIds: [{ scheme: 'office', value: 'HN-1' }],
      engineVersion: '1',
      dataVersion: '1',
      keyVersion: 1,
    })
  })
})

describe('an address with a house number', () => {
  test('twice in a file is a duplicate, in a later file unchanged', async () => {
    const { load, households, events } = loader()
    const rows = [
      draft({ point: point() }),
      draft({
        text: '12 le loi, ben thanh',
        parts: { houseNumber: '12', street: 'le loi' },
        point: point(8),
      }),
    ]
    const first = await load(rows)
    expect(statuses(first)).toEqual(['assigned', 'duplicate'])
    expect(first[1]!.household.id).toBe(first[0]!.household.id)
    expect(statuses(await load(rows))).toEqual(['unchanged', 'duplicate'])
    expect(statuses(await load(rows, { list: 'another list' }))).toEqual(['unchanged', 'duplicate'])
    expect(await households()).toHaveLength(1)
    expect(await events()).toHaveLength(1)
  })

  test('points at most 50 m apart are one home, farther apart a review', async () => {
    const { load, households } = loader()
    const rows = [draft({ point: point() }), draft({ point: point(49) }), draft({ point: point(51) })]
    const outcomes = await load(rows)
    expect(statuses(outcomes)).toEqual(['assigned', 'duplicate', 'review'])
    expect(outcomes[2]!.conflict).toBe('same-address-far-apart')
    expect((await households())[1]).toMatchObject({ vpostcode: null, review: ['same-address-far-apart'] })
    expect(statuses(await load(rows))).toEqual(['unchanged', 'duplicate', 'unchanged'])
    expect(await households()).toHaveLength(2)
  })

  test('an unknown former commune or hamlet is a review, two known ones are two homes', async () => {
    const { load, households } = loader()
    const parts = { houseNumber: '12', street: 'Lê Lợi' }
    const rows = [
      draft({ formerCommuneCode: '26740' }),
      draft({ formerCommuneCode: '26743' }),
      draft(),
      draft({ parts: { ...parts, hamlet: 'thôn A' }, formerCommuneCode: '26740' }),
      draft({ parts: { houseNumber: '9', hamlet: 'thôn A' } }),
      draft({ parts: { houseNumber: '9', hamlet: 'thôn B' } }),
    ]
    const outcomes = await load(rows)
    expect(statuses(outcomes)).toEqual(['visit', 'visit', 'review', 'review', 'visit', 'visit'])
    expect(outcomes[2]!.conflict).toBe('former-commune-or-hamlet-unknown')
    expect(statuses(await load(rows))).toEqual(Array(6).fill('unchanged'))
    expect(await households()).toHaveLength(6)
  })

  test('flats above each other share a code and stay two households', async () => {
    const { load, store } = loader()
    const flat = (unit: string) => draft({ parts: { unit, building: 'Sky Tower' }, point: point() })
    expect(statuses(await load([flat('501'), flat('601'), flat('501')]))).toEqual([
      'assigned',
      'assigned',
      'duplicate',
    ])
    expect(await store.atCode(codeOf('71009', point()), 10)).toEqual([1, 2])
  })

  test('a number without anything that it numbers is never merged on text', async () => {
    const { load, households } = loader()
    const rows = Array.from({ length: 3 }, () => draft({ parts: { houseNumber: '12' } }))
    expect(statuses(await load(rows))).toEqual(['visit', 'visit', 'visit'])
    expect(statuses(await load(rows))).toEqual(['unchanged', 'unchanged', 'unchanged'])
    expect(await households()).toHaveLength(3)
  })

  test('a household in review stays there when its file comes again', async () => {
    const { load, households } = loader()
    const doubtful = draft({ grade: 'C', review: ['commune-ambiguous'], point: point() })
    await load([doubtful])
    expect(statuses(await load([doubtful]))).toEqual(['unchanged'])
    expect(statuses(await load([draft({ point: point(20) })]))).toEqual(['updated'])
    expect(await households()).toMatchObject([
      { review: ['commune-ambiguous'], vpostcode: null, point: point(20) },
    ])
  })
})

describe('rows that name no house', () => {
  const place = (i: number) => hamlet({ point: point(i * 3) })

  test('200 rows "thôn Đông Tảo" are 200 households, and still 200 after a second load', async () => {
    for (const row of [() => hamlet(), place]) {
      const { load, households } = loader()
      const rows = Array.from({ length: 200 }, (_, i) => row(i))
      const first = await load(rows, { size: 64 })
      expect(new Set(first.map(({ household }) => household.id)).size).toBe(200)
      const second = await load(rows)
      expect(statuses(second)).toEqual(Array(200).fill('unchanged'))
      expect(second.map(({ n }) => n)).toEqual(first.map(({ n }) => n))
      expect(await households()).toHaveLength(200)
    }
  })

  test('the same 200 rows in another order, and with rows put in, stay 200 households and the new ones', async () => {
    const far = (i: number) => hamlet({ point: point(i * 40) })
    for (const row of [() => hamlet(), place, far]) {
      const { load, households } = loader()
      const rows = Array.from({ length: 200 }, (_, i) => row(i))
      const first = await load(rows)
      const turned = await load([...rows].reverse(), { size: 64 })
      expect(statuses(turned)).toEqual(Array(200).fill('unchanged'))
      expect(new Set(turned.map(({ n }) => n)).size).toBe(200)
      if (row === far) expect(turned.map(({ n }) => n)).toEqual(first.map(({ n }) => n).reverse())
      // Two rows in the middle, of which one names another hamlet where a point can tell.
      const another = row(0).point ? { parts: { hamlet: 'thôn Tây' }, point: row(1001).point } : {}
      const added = [row(1000), hamlet(another)]
      const longer = [...rows.slice(0, 100), ...added, ...rows.slice(100)]
      await load(longer, { size: 64 })
      const again = await load(longer)
      expect(new Set(again.map(({ n }) => n)).size).toBe(202)
      expect(statuses(again)).toEqual(Array(202).fill('unchanged'))
      expect(await households()).toHaveLength(202)
    }
  })

  test('without numbers or points, hamlets in another order cannot be told apart and say so', async () => {
    const { load, households } = loader()
    const rows = ['Đông', 'Tây', 'Nam'].map((name) => hamlet({ parts: { hamlet: `thôn ${name}` } }))
    await load(rows)
    const outcomes = await load([rows[1]!, rows[0]!, rows[2]!])
    expect(outcomes.map(({ status, conflict }) => [status, conflict])).toEqual([
      ['review', 'cannot-be-told-apart'],
      ['review', 'cannot-be-told-apart'],
      ['unchanged', null],
    ])
    expect(await households()).toHaveLength(5)
  })

  test('the office number leads to its household whatever the list or row', async () => {
    const { load, households } = loader()
    const rows = Array.from({ length: 5 }, (_, i) => hamlet({ externalId: `DT-${i}` }))
    const first = await load(rows)
    const second = await load([...rows].reverse(), { list: 'next year' })
    expect(statuses(second)).toEqual(Array(5).fill('unchanged'))
    expect(second.map(({ n }) => n)).toEqual(first.map(({ n }) => n).reverse())
    expect(statuses(await load([hamlet({ externalId: 'DT-2' }), hamlet({ externalId: 'DT-2' })]))).toEqual([
      'unchanged',
      'duplicate',
    ])
    expect(await households()).toHaveLength(5)
  })

  test('numbers differ, so that a changed list is told apart', async () => {
    const { load } = loader()
    await load([hamlet({ externalId: 'DT-1' })])
    expect(statuses(await load([hamlet({ externalId: 'DT-9' }), hamlet({ externalId: 'DT-1' })]))).toEqual([
      'visit',
      'unchanged',
    ])
  })

  test('another list means the same household only within 10 m, one row each', async () => {
    const { load, households } = loader()
    await load([hamlet({ point: point() })], { list: 'A' })
    const other = [
      hamlet({ point: point(11) }),
      hamlet({ point: point(9) }),
      hamlet({ point: point(1) }),
      hamlet(),
    ]
    const outcomes = await load(other, { list: 'B' })
    expect(statuses(outcomes)).toEqual(['assigned', 'updated', 'assigned', 'visit'])
    expect(outcomes[1]!.n).toBe(1)
    expect(statuses(await load(other, { list: 'B' }))).toEqual(Array(4).fill('unchanged'))
    expect(await households()).toHaveLength(4)
  })

  test('another text at the same place is another household', async () => {
    const { load } = loader()
    await load([hamlet({ point: point() })], { list: 'A' })
    expect(
      statuses(await load([hamlet({ parts: { hamlet: 'thôn Tây' }, point: point() })], { list: 'B' })),
    ).toEqual(['assigned'])
  })

  test('a changed text or point in the same row cannot be told apart', async () => {
    const { load, households } = loader()
    await load([hamlet(), hamlet({ point: point() })])
    const changed = [hamlet({ parts: { hamlet: 'thôn Tây' } }), hamlet({ point: point(30) })]
    const outcomes = await load(changed)
    expect(outcomes.map(({ status, conflict }) => [status, conflict])).toEqual([
      ['review', 'cannot-be-told-apart'],
      ['review', 'cannot-be-told-apart'],
    ])
    expect(statuses(await load(changed))).toEqual(['unchanged', 'unchanged'])
    expect(statuses(await load([hamlet(), hamlet({ point: point() })]))).toEqual(['unchanged', 'unchanged'])
    expect(await households()).toHaveLength(4)
  })

  test('a point that comes later gives the code', async () => {
    const { load, households } = loader()
    await load([hamlet()])
    expect(statuses(await load([hamlet({ point: point() })]))).toEqual(['updated'])
    expect(await households()).toMatchObject([{ vpostcode: codeOf('71009', point()), point: point() }])
  })
})

describe("the office's own number", () => {
  test('a corrected address stays with its household', async () => {
    const { load, households, events } = loader()
    await load([draft({ externalId: '7', point: point() })])
    const corrected = draft({
      externalId: '7',
      text: '12A Lê Lợi',
      parts: { houseNumber: '12A', street: 'Lê Lợi' },
    })
    expect(statuses(await load([corrected]))).toEqual(['updated'])
    expect(statuses(await load([corrected]))).toEqual(['unchanged'])
    expect(await households()).toMatchObject([
      {
        text: '12A Lê Lợi',
        parts: { houseNumber: '12A' },
        point: point(),
        vpostcode: codeOf('71009', point()),
      },
    ])
    expect((await events())[1]!.before).toMatchObject({ parts: { houseNumber: '12', street: 'Lê Lợi' } })
  })

  test('the old address is free for another household', async () => {
    const { load } = loader()
    await load([draft({ externalId: '7' })])
    const rows = [draft({ externalId: '7', parts: { houseNumber: '12A', street: 'Lê Lợi' } }), draft()]
    const outcomes = await load(rows)
    expect(statuses(outcomes)).toEqual(['updated', 'visit'])
    expect(outcomes[1]!.n).toBe(2)
  })

  test('clearly another home is a review: another commune, a far point, twice in a file', async () => {
    const { load, households } = loader()
    await load([draft({ externalId: '7', point: point() })])
    const other = { houseNumber: '99', street: 'Lê Lai' }
    const rows = [
      draft({ externalId: '7', parts: other, communeCode: '00004', provinceCode: '01', postcode: '11120' }),
      draft({ externalId: '7', parts: other, point: point(80) }),
      draft({ externalId: '7', parts: { houseNumber: '1', street: 'X' }, point: point() }),
      draft({ externalId: '7', parts: { houseNumber: '2', street: 'X' }, point: point() }),
    ]
    const outcomes = await load(rows)
    expect(statuses(outcomes)).toEqual(['review', 'review', 'updated', 'review'])
    expect(outcomes[0]!.conflict).toBe('external-id-conflict')
    expect(statuses(await load(rows))).toEqual(Array(4).fill('unchanged'))
    expect(await households()).toHaveLength(4)
  })

  test('two numbers at one address are two households, the second in review', async () => {
    const { load, households } = loader()
    const rows = [draft({ externalId: '1' }), draft({ externalId: '2' }), draft({ externalId: '3' }), draft()]
    expect(statuses(await load(rows))).toEqual(['visit', 'review', 'review', 'duplicate'])
    expect(statuses(await load(rows))).toEqual(['unchanged', 'unchanged', 'unchanged', 'duplicate'])
    expect((await households()).map(({ externalIds }) => externalIds[0]!.value)).toEqual(['1', '2', '3'])
  })

  test('a household found by its address takes the number', async () => {
    const { load, store } = loader()
    await load([draft()])
    expect(statuses(await load([draft({ externalId: '5' })]))).toEqual(['updated'])
    expect(await store.byExternalId('office', '5')).toBe(1)
    expect(await store.byExternalId('digital-address', '5')).toBeNull()
  })

  test('the same number and address with a corrected point moves the point', async () => {
    const { load, households } = loader()
    await load([draft({ externalId: '7', point: point() })])
    expect(statuses(await load([draft({ externalId: '7', point: point(300) })]))).toEqual(['updated'])
    expect(await households()).toMatchObject([{ point: point(300) }])
  })

  test('but at two places in one file it was not unique', async () => {
    const { load } = loader()
    const rows = [draft({ externalId: '7', point: point() }), draft({ externalId: '7', point: point(300) })]
    expect(statuses(await load(rows))).toEqual(['assigned', 'review'])
    expect(statuses(await load(rows))).toEqual(['unchanged', 'unchanged'])
  })

  test('a text that stops at the hamlet does not replace a house number', async () => {
    const { load, households } = loader()
    await load([draft({ externalId: '7', parts: { houseNumber: '5', hamlet: 'thôn Đông Tảo' } })])
    expect(statuses(await load([hamlet({ externalId: '7' })]))).toEqual(['unchanged'])
    expect(await households()).toMatchObject([{ parts: { houseNumber: '5' } }])
  })

  test('offices whose numbers overlap have a scheme each', async () => {
    const { load, households } = loader()
    await load([draft({ externalId: '1' })], { context: { scheme: 'office:a' } })
    const other = draft({ externalId: '1', parts: { houseNumber: '3', street: 'X' } })
    expect(statuses(await load([other], { context: { scheme: 'office:b' } }))).toEqual(['visit'])
    expect(await households()).toHaveLength(2)
  })
})

describe('points', () => {
  test('a first point makes a visit a code', async () => {
    const { load, households } = loader()
    await load([draft()])
    expect(statuses(await load([draft({ point: point() })]))).toEqual(['updated'])
    expect(await households()).toMatchObject([{ vpostcode: codeOf('71009', point()) }])
  })

  test('a later row of the same file fills a gap and stays a duplicate', async () => {
    const { load, households } = loader()
    const rows = [draft(), draft({ point: point() }), draft({ point: point(20) })]
    expect(statuses(await load(rows))).toEqual(['visit', 'duplicate', 'duplicate'])
    expect(await households()).toMatchObject([{ point: point(), vpostcode: codeOf('71009', point()) }])
    expect(statuses(await load(rows))).toEqual(['unchanged', 'duplicate', 'duplicate'])
  })

  test('a move within the stored accuracy changes nothing', async () => {
    const { load } = loader()
    await load([draft({ point: point() })])
    expect(statuses(await load([draft({ point: point(4.9) })]))).toEqual(['unchanged'])
    expect(statuses(await load([draft({ point: point(5.1) })]))).toEqual(['updated'])
  })

  test('a worse point never replaces a better one, an equal or better one does', async () => {
    const { load, households } = loader()
    await load([draft({ point: point() })])
    const mapped = draft({ point: point(30, { source: 'mapped' }) })
    const surveyed = draft({ point: point(30, { source: 'surveyed' }) })
    expect(statuses(await load([mapped]))).toEqual(['unchanged'])
    expect(statuses(await load([surveyed]))).toEqual(['updated'])
    expect(statuses(await load([draft({ point: point() })]))).toEqual(['unchanged'])
    expect(await households()).toMatchObject([{ point: surveyed.point }])
  })

  test('a verified point stays', async () => {
    const { load, households, store } = loader()
    await load([draft({ point: point() })])
    const [household] = await store.households([1])
    const verified = { ...household!, status: 'verified' as const }
    await store.transaction((tx) =>
      tx.write({
        lineOf,
        changes: [
          {
            kind: 'update',
            household: verified,
            before: { status: 'provisional' },
            after: { status: 'verified' },
          },
        ],
        list: 'list',
        listRows: [],
        at: 1,
        actor: 'test',
        job: null,
      }),
    )
    expect(statuses(await load([draft({ point: point(30, { source: 'surveyed' }) })]))).toEqual(['unchanged'])
    expect(await households()).toMatchObject([{ point: point(), status: 'verified' }])
  })

  test('a doubtful row changes nothing that is known', async () => {
    const { load, households } = loader()
    await load([draft({ point: point() })])
    const doubtful = draft({ point: point(30), review: ['point-far-from-commune'], externalId: '8' })
    expect(statuses(await load([doubtful]))).toEqual(['unchanged'])
    expect(await households()).toMatchObject([{ point: point(), externalIds: [] }])
  })

  test('newer versions alone change nothing', async () => {
    const { load, households } = loader()
    const row = draft({ point: point() })
    await load([row])
    const again = {
      ...row,
      vpostcode: codeOf('71009', point(500)),
      postcode: '71010',
      confidence: 0.5,
      grade: 'B' as const,
    }
    expect(statuses(await load([again], { context: { engineVersion: '2', dataVersion: '2' } }))).toEqual([
      'unchanged',
    ])
    expect(await households()).toMatchObject([{ engineVersion: '1', postcode: '71009', grade: 'A' }])
  })
})

describe('a file that repeats one address', () => {
  test('thousands of places under one address are all kept, found again, and do not slow the load down', async () => {
    const { load, households } = loader()
    const rows = Array.from({ length: 1500 }, (_, i) => draft({ point: point(i * 60) }))
    const first = await load(rows, { size: 400 })
    expect(statuses(first)).toEqual(['assigned', ...Array(1499).fill('review')])
    const second = await load(rows, { size: 700 })
    expect(statuses(second)).toEqual(Array(1500).fill('unchanged'))
    expect(second.map(({ n }) => n)).toEqual(first.map(({ n }) => n))
    expect(await households()).toHaveLength(1500)
  })
})
