import { describe, expect, test } from 'vitest'
import { hashOf, newKey, prefixOf } from '../../src/access/key.ts'
import type { KeyStore, NewKey } from '../../src/access/store.ts'
import { scaleAt } from '../../src/geo/flatEarth.ts'
import { NOTHING as nothing } from '../../src/registry/coverage/tally.ts'
import type { Doubt, OpenDoubt } from '../../src/registry/doubts/store.ts'
import { versions } from '../../src/registry/history.ts'
import { keyOf } from '../../src/registry/key.ts'
import { differences, replay } from '../../src/registry/replay.ts'
import type { StoredCheck } from '../../src/registry/sample/store.ts'
import type { Batch, Change, Revision, StoredHousehold, StoreWriter } from '../../src/registry/store.ts'
import { lineOf } from '../../src/registry/streetLine.ts'
import type { Cleared } from '../../src/registry/types.ts'
import { expectCounts } from '../registry/counts.ts'
import { codeOf, draft, point } from '../registry/helpers.ts'

/** A household as the registry would make it. */
export function household(n: number, more: Partial<StoredHousehold> = {}): StoredHousehold {
  const parts = more.parts ?? { houseNumber: String(n), street: 'Lê Lợi' }
  const { externalId: _, ...base } = draft({ point: point(n), parts })
  return {
    ...base,
    n,
    status: 'provisional',
    of: null,
    successors: [],
    key: keyOf({ ...base, ...more, parts }),
    keyVersion: 1,
    access: null,
    cleared: [],
    externalIds: [],
    engineVersion: 'engine 1',
    dataVersion: 'data 1',
    createdAt: 1000,
    updatedAt: 1000,
    ...more,
  }
}

export const batch = (changes: Change[], more: Partial<Batch> = {}): Batch => ({
  changes,
  lineOf,
  list: 'list',
  listRows: [],
  at: 1000,
  actor: 'test',
  job: null,
  ...more,
})
const insert = (household: StoredHousehold): Change => ({ kind: 'insert', household })
function update(before: StoredHousehold, after: Partial<StoredHousehold>, at: number): Change {
  const old = Object.fromEntries(
    Object.keys(after).map((name) => [name, before[name as keyof StoredHousehold]]),
  )
  return { kind: 'update', household: { ...before, ...after, updatedAt: at }, before: old, after }
}

const NEW_JOB = {
  kind: 'assign',
  owner: 'tester',
  fingerprint: 'abc',
  input: 'in.csv',
  output: 'out.csv',
  list: 'in.csv',
  options: { map: { a: 'b' } },
  engineVersion: '1',
  dataVersion: '2',
}

/** What every store must do. `open` gives an empty one each time. */
export function storeContract(name: string, open: () => StoreWriter | Promise<StoreWriter>): void {
  const withStore = (work: (store: StoreWriter) => Promise<void>) => async () => {
    const store = await open()
    try {
      await work(store)
    } finally {
      await store.close()
    }
  }
  const write = (store: StoreWriter, changes: Change[], more: Partial<Batch> = {}) =>
    store.transaction((tx) => tx.write(batch(changes, more)))

  describe(name, () => {
    test(
      'gives back every field of a household',
      withStore(async (store) => {
        const full = household(1, {
          status: 'alternative',
          of: 2,
          successors: [2, 3],
          parts: {
            name: 'Nhà thờ',
            building: 'B',
            block: 'K',
            floor: '3',
            unit: 'B12.05',
            houseNumber: '25',
            alleys: [
              { kind: 'ngo', number: '78' },
              { kind: null, number: '34/56' },
            ],
            street: 'Láng',
            group: 'tổ 5',
            hamlet: 'thôn Đông Tảo',
          },
          provinceCode: '01',
          communeCode: '00004',
          formerCommuneCode: '00001',
          postcode: '01234',
          vpostcode: '01234QMCXR8V',
          point: { lat: 10.772123456789, lon: 106.69830000001, source: 'surveyed', accuracy: 2.5 },
          access: { lat: 10.7721, lon: 106.6984 },
          grade: 'C',
          confidence: 0.123,
          review: ['a', 'b'],
          cleared: [
            { doubt: 'duplicate', other: 2 },
            { doubt: 'numbering', other: null },
            { doubt: 'commune', other: null },
          ],
          externalIds: [
            { scheme: 'digital-address', value: '1234567890' },
            { scheme: 'office', value: 'Số 1' },
          ],
          updatedAt: 2000,
        })
        const bare = household(2, { point: null, vpostcode: null, formerCommuneCode: null, parts: {} })
        await write(store, [insert(full), insert(bare)])
        expect(await store.households([2, 3, 1])).toEqual([bare, full])
        expect(await store.count()).toBe(2)
        await store.transaction(async (tx) => expect(await tx.households([1])).toEqual([full]))
      }),
    )

    test(
      'finds what could match a chunk',
      withStore(async (store) => {
        const house = { houseNumber: '1', street: 'X' }
        const known = [
          household(1, { parts: house, externalIds: [{ scheme: 'office', value: '7' }] }),
          household(2, { parts: { ...house, hamlet: 'thôn A' } }),
          household(3, { parts: house, communeCode: '00004' }),
          household(4, { parts: house }),
        ]
        await write(store, known.map(insert), {
          listRows: [
            { row: 5, n: 4 },
            { row: 5, n: 2 },
          ],
        })
        const key = known[0]!.key
        const lookup = {
          keys: [key],
          coreLength: 22,
          perKey: 256,
          externalIds: [
            { scheme: 'office', value: '7' },
            { scheme: 'other', value: '7' },
            { scheme: 'office', value: '8' },
          ],
          list: 'list',
          rows: [4, 5],
        }
        await store.transaction(async (tx) => {
          expect(await tx.find(lookup)).toEqual({
            keys: [
              { key, n: 1 },
              { key, n: 4 },
              { key: known[1]!.key, n: 2 },
            ],
            externalIds: [{ scheme: 'office', value: '7', n: 1 }],
            listRows: [
              { row: 5, n: 2 },
              { row: 5, n: 4 },
            ],
          })
          // The bound holds for the core, and each key asked for is answered on its own.
          expect((await tx.find({ ...lookup, perKey: 1, keys: [known[1]!.key] })).keys).toEqual([
            { key, n: 1 },
            { key: known[1]!.key, n: 2 },
          ])
          expect(await tx.find({ ...lookup, list: 'another', keys: [], externalIds: [] })).toEqual({
            keys: [],
            externalIds: [],
            listRows: [],
          })
          expect(await tx.reserve(3)).toBe(5)
        })
      }),
    )

    test(
      'finds households of a key in a box that no row of the list led to',
      withStore(async (store) => {
        const parts = { hamlet: 'thôn A' }
        const known = [0, 1, 2, 300].map((north, i) => household(i + 1, { parts, point: point(north) }))
        known.push(household(5, { parts: { hamlet: 'thôn B' }, point: point() }))
        await write(store, known.map(insert), { list: 'B', listRows: [{ row: 1, n: 2 }] })
        const box = { south: 10.772, north: 10.7722, west: 106.6982, east: 106.6984, key: known[0]!.key }
        const near = (list: string) => store.transaction((tx) => tx.findNear(list, [box, box]))
        expect(await near('B')).toEqual([
          [1, 3],
          [1, 3],
        ])
        expect(await near('C')).toEqual([
          [1, 2, 3],
          [1, 2, 3],
        ])
        await store.transaction(async (tx) => {
          expect(await tx.findNear('B', [box], true)).toEqual([[2]])
          expect(await tx.findNear('C', [box], true)).toEqual([[]])
        })
      }),
    )

    test(
      'knows what households said before a person changed them, and since when a list is loaded',
      withStore(async (store) => {
        const [one, two] = [household(1), household(2)]
        const stands = [
          { key: one.key, point: null, n: 1, until: 3000 },
          { key: one.key, point: { lat: 10.772123456789, lon: 106.69830000001 }, n: 1, until: 2000 },
          { key: one.key, point: null, n: 2, until: 2000 },
          { key: two.key, point: null, n: 2, until: 2000 },
        ]
        await write(store, [insert(one), insert(two)])
        expect(await store.stands(one.key, 10)).toEqual([])
        await write(store, [], { stands })
        const [last, first, other, own] = stands
        expect(await store.stands(one.key, 10)).toEqual([first, last, other])
        expect(await store.stands(one.key, 2)).toEqual([first, last])
        await store.transaction(async (tx) => {
          expect(await tx.stands([two.key, household(3).key, one.key], 1)).toEqual([own, first])
        })
        const erased = { ...two, key: '0'.repeat(38) }
        await write(store, [{ kind: 'erase', household: erased, before: {}, after: {}, erases: ['text'] }])
        expect(await store.stands(one.key, 10)).toEqual([first, last])

        for (const [kind, list, startedAt] of [
          ['geocode', 'A', 1],
          ['assign', 'A', 5],
          ['assign', 'A', 3],
        ] as const)
          await store.createJob({ ...NEW_JOB, kind, list, startedAt })
        expect([await store.firstLoad('A'), await store.firstLoad('B')]).toEqual([3, null])
      }),
    )

    test(
      'counts the households that persons have placed, by street; a job hears what stood when it first asked',
      withStore(async (store) => {
        const parts = { houseNumber: '1', street: 'Đường X' }
        const decided: Cleared = { doubt: 'commune', other: null }
        const placed = { formerCommuneCode: '00103', parts }
        const [one, two, three] = [1, 2, 3].map((n) => household(n, placed)) as [
          StoredHousehold,
          StoredHousehold,
          StoredHousehold,
        ]
        await write(store, [one, two, three, household(4, { status: 'verified' })].map(insert))
        let jobs = 0
        const heard = async () => {
          const { id } = await store.createJob({ ...NEW_JOB, fingerprint: `heard ${jobs++}`, startedAt: 1 })
          return { id, streets: await store.decidedStreets(id, ['00103', '00106']) }
        }
        const begun = await heard()
        // Neither a guess nor a household without a former commune.
        expect(begun.streets).toEqual([])

        const change = async (n: number, after: Partial<StoredHousehold>) =>
          write(store, [update((await store.households([n]))[0]!, after, 2000)])
        await change(1, { cleared: [{ ...decided, other: null }] })
        await change(2, { status: 'verified' })
        await change(3, { cleared: [{ doubt: 'numbering', other: null }] })
        const at = { formerCode: '00103', street: 'Đường X' }
        expect((await heard()).streets).toEqual([{ ...at, communeCode: '26743', households: 2 }])
        expect(await store.decidedStreets(begun.id, ['00103'])).toEqual([])

        await change(1, { communeCode: '26740' })
        const later = await heard()
        expect(later.streets).toEqual([
          { ...at, communeCode: '26740', households: 1 },
          { ...at, communeCode: '26743', households: 1 },
        ])
        await change(1, { review: ['split-commune'] })
        await change(2, { status: 'historical' })
        expect((await heard()).streets).toEqual([])
        expect((await store.decidedStreets(later.id, [])).length).toBe(2)
        // It is gone with the end of the job.
        await store.finishJob(later.id, 'done', 3000)
        expect(await store.decidedStreets(later.id, ['00103'])).toEqual([])
      }),
    )

    test(
      'nearest equals the search by hand',
      withStore(async (store) => {
        let seed = 7
        const random = () => {
          seed = (seed * 1103515245 + 12345) % 2 ** 31
          return seed / 2 ** 31
        }
        // Dense in one place, thin around it, some far off; a few on one spot.
        const points = Array.from({ length: 3000 }, (_, i) => {
          const spread = i % 10 === 0 ? 3 : i % 3 === 0 ? 0.05 : 0.002
          return { lat: 16 + (random() - 0.5) * spread, lon: 108 + (random() - 0.5) * spread }
        })
        for (const i of [5, 6, 7]) points[i] = points[4]!
        await write(
          store,
          points.map((at, i) => {
            // Those far off are of many provinces: a store may look into those alone that have points there.
            const provinceCode = ['01', '48', '46', '51', '52', '79'][i % 10 === 0 ? (i / 10) % 6 : i % 2]!
            return insert(household(i + 1, { provinceCode, point: { ...at, source: 'given', accuracy: 5 } }))
          }),
        )
        for (let i = 0; i < 200; i++) {
          const spread = [0.001, 0.01, 0.5, 8][i % 4]!
          const lat = i === 0 ? points[4]!.lat : 16 + (random() - 0.5) * spread
          const lon = i === 0 ? points[4]!.lon : 108 + (random() - 0.5) * spread
          const scale = scaleAt(lat)
          const query = {
            lat,
            lon,
            scale,
            metres: [30, 500, 5000, 40_000][i % 4]!,
            limit: [1, 5, 50][i % 3]!,
          }
          const byHand = points
            .map((at, j) => ({
              n: j + 1,
              metres: Math.hypot((at.lat - lat) * 1e6 * scale.y, (at.lon - lon) * 1e6 * scale.x),
            }))
            .filter(({ metres }) => metres <= query.metres)
            .sort((a, b) => a.metres - b.metres || a.n - b.n)
            .slice(0, query.limit)
          const near = await store.nearest(query)
          expect(near.map(({ n }) => n)).toEqual(byHand.map(({ n }) => n))
          // A store may round by some tenths of a micrometre.
          for (const [j, { metres }] of near.entries()) expect(metres).toBeCloseTo(byHand[j]!.metres, 5)
        }
      }),
    )

    test(
      'nearest follows what is entered, moved, retired, brought back and erased',
      withStore(async (store) => {
        let seed = 11
        const random = () => {
          seed = (seed * 1103515245 + 12345) % 2 ** 31
          return seed / 2 ** 31
        }
        const somewhere = () => ({
          lat: 16 + (random() - 0.5) * (random() < 0.2 ? 1 : 0.01),
          lon: 108 + (random() - 0.5) * (random() < 0.2 ? 1 : 0.01),
          source: 'given' as const,
          accuracy: 5,
        })
        const standing = new Map<number, { lat: number; lon: number }>()
        let n = 0
        const kinds = { entered: 0, moved: 0, retired: 0, back: 0, erased: 0 }
        const change = async (): Promise<Change> => {
          const [one] = await store.households([1 + Math.floor(random() * n)])
          const kind = random()
          if (!one?.point || kind < 0.4) {
            kinds.entered++
            const made = household(++n, { point: somewhere() })
            standing.set(n, made.point!)
            return insert(made)
          }
          if (kind < 0.42) {
            kinds.erased++
            standing.delete(one.n)
            const gone = { ...one, point: null, status: 'historical' as const }
            return { kind: 'erase', household: gone, before: {}, after: {}, erases: ['point'] }
          }
          if (one.status === 'historical') {
            kinds.back++
            standing.set(one.n, one.point)
            return update(one, { status: 'provisional' }, 2000)
          }
          if (kind < 0.7) {
            kinds.retired++
            standing.delete(one.n)
            return update(one, { status: 'historical' }, 2000)
          }
          kinds.moved++
          const point = somewhere()
          standing.set(one.n, point)
          return update(one, { point }, 2000)
        }
        const agrees = async () => {
          const { lat, lon } = somewhere()
          const scale = scaleAt(lat)
          const byHand = [...standing]
            .map(([n, at]) => ({
              n,
              metres: Math.hypot((at.lat - lat) * 1e6 * scale.y, (at.lon - lon) * 1e6 * scale.x),
            }))
            .sort((a, b) => a.metres - b.metres || a.n - b.n)
          const near = await store.nearest({ lat, lon, scale, metres: 300_000, limit: 3 })
          expect(near.map(({ n }) => n)).toEqual(byHand.slice(0, 3).map(({ n }) => n))
        }
        for (let i = 0; i < 300; i++) {
          await write(store, [await change()])
          await agrees()
        }
        expect(Math.min(...Object.values(kinds))).toBeGreaterThan(0)
        const many = Array.from({ length: 6000 }, () => household(++n, { point: somewhere() }))
        for (const { n, point } of many) standing.set(n, point!)
        await write(store, many.map(insert))
        for (let i = 0; i < 20; i++) await agrees()
      }),
    )

    test(
      'households along a line: in its order from either end, with what they are now',
      withStore(async (store) => {
        const at = (n: number, houseNumber: string, more: Partial<StoredHousehold> = {}) =>
          household(n, { parts: { houseNumber, street: 'Đường Lê Lợi' }, ...more })
        const hidden = [
          at(8, '5', { point: null, vpostcode: null }),
          at(9, '5', { status: 'historical' }),
          at(10, '5', { review: ['grade-c'] }),
          at(11, '5', { communeCode: '26740' }),
          at(12, 'Lô A'),
        ]
        const access = { lat: 10.5, lon: 106.5 }
        const homes = [at(1, '7'), at(2, '12'), at(3, '3', { access }), at(4, '7B'), at(5, '7/1'), ...hidden]
        await write(store, homes.map(insert))
        const all = [0, Number.MAX_SAFE_INTEGER] as const
        const { communeCode } = homes[0]!
        const ns = async (limit: number, downwards: boolean) =>
          (await store.along(communeCode, [{ lines: all, downwards }], limit)).map(({ n }) => n)
        // Even numbers, odd ones, those in alleys.
        expect(await ns(10, false)).toEqual([2, 3, 1, 4, 5])
        expect(await ns(2, false)).toEqual([2, 3])
        expect(await ns(3, true)).toEqual([5, 4, 1])
        const { parts, point, formerCommuneCode } = homes[2]!
        const both = [
          { lines: all, downwards: true },
          { lines: all, downwards: false },
        ]
        expect((await store.along(communeCode, both, 2)).map(({ n }) => n)).toEqual([5, 4, 2, 3])
        expect(await store.along(communeCode, [], 2)).toEqual([])
        const [, third] = await store.along(communeCode, both.slice(1), 2)
        const { lat, lon } = point!
        expect((await store.placesAlong(communeCode, all, 2))[1]).toEqual({ parts, lat, lon })
        expect(third).toEqual({ n: 3, parts, point, formerCommuneCode, access })
        const line = lineOf(homes[0]!)!
        const own = [{ lines: [line, line] as const, downwards: false }]
        expect((await store.along(communeCode, own, 10)).map(({ n }) => n)).toEqual([1, 4])

        await write(store, [
          update(homes[0]!, { parts: { houseNumber: '7', street: 'Nguyễn Huệ' } }, 2000),
          update(homes[1]!, { status: 'historical' }, 2000),
          update(hidden[2]!, { review: [] }, 2000),
        ])
        expect((await store.along(communeCode, own, 10)).map(({ n }) => n)).toEqual([4])
        expect((await ns(10, false)).filter((n) => n !== 1)).toEqual([3, 10, 4, 5])
        // All have theirs already.
        expect(await store.transaction((tx) => tx.writeLines(lineOf, 100))).toBe(false)
      }),
    )

    test(
      'keeps each code that a household had, with its dates',
      withStore(async (store) => {
        const codes = [1, 2, 3].map((north) => codeOf('71009', point(north * 100)))
        const first = household(1, { vpostcode: codes[0]! })
        await write(store, [insert(first), insert(household(2, { vpostcode: codes[0]! }))])
        const move = (code: string, at: number) => async () => {
          const [before] = await store.households([1])
          await write(store, [update(before!, { vpostcode: code }, at)], { at })
        }
        await move(codes[1]!, 2000)()
        await move(codes[2]!, 3000)()
        expect(await store.atCode(codes[0]!, 10)).toEqual([2])
        expect(await store.atCode(codes[2]!, 10)).toEqual([1])
        expect(await store.oldCodes(codes[0]!, 10)).toEqual([
          { vpostcode: codes[0], n: 1, from: 1000, until: 2000 },
        ])
        expect(await store.oldCodes(codes[1]!, 10)).toEqual([
          { vpostcode: codes[1], n: 1, from: 2000, until: 3000 },
        ])
        expect(await store.knownCodes(codes)).toEqual(new Set([codes[0], codes[2]]))
        // Back to an old code: it is the current one and no alias.
        await move(codes[1]!, 4000)()
        expect(await store.oldCodes(codes[1]!, 10)).toEqual([])
        expect(await store.atCode(codes[1]!, 10)).toEqual([1])
      }),
    )

    test(
      'keeps one crosswalk a scheme, whole, and tells that something changed',
      withStore(async (store) => {
        const versions = [await store.crosswalksVersion()]
        const change = async (work: Parameters<typeof store.transaction>[0]) => {
          const result = await store.transaction(work)
          versions.push(await store.crosswalksVersion())
          return result
        }
        expect(await store.crosswalks()).toEqual([])
        const entry = { era: 'former', code: '26740', id: 'W 7"', name: "P. Bến Nghé, 'Q.1'" } as const
        const first = { scheme: 'post', asOf: '2026-10-01', loadedAt: 1000, entries: [entry] }
        const other = { scheme: 'carrier', asOf: null, loadedAt: 2000, entries: [] }
        await change((tx) => tx.writeCrosswalk(first))
        await change((tx) => tx.writeCrosswalk(other))
        expect(await store.crosswalks()).toEqual([other, first])
        const second = { ...first, loadedAt: 3000, entries: [{ ...entry, era: 'current' as const, id: '1' }] }
        await change((tx) => tx.writeCrosswalk(second))
        expect(await store.crosswalks()).toEqual([other, second])
        expect(await change((tx) => tx.removeCrosswalk('carrier'))).toBe(true)
        expect(new Set(versions).size).toBe(5)
        const version = await store.crosswalksVersion()
        expect(await store.transaction((tx) => tx.removeCrosswalk('carrier'))).toBe(false)
        expect([await store.crosswalks(), await store.crosswalksVersion()]).toEqual([[second], version])
        const failing = store.transaction(async (tx) => {
          await tx.writeCrosswalk({ ...first, entries: [] })
          throw new Error('no')
        })
        await expect(failing).rejects.toThrow('no')
        expect(await store.crosswalks()).toEqual([second])
      }),
    )

    test(
      'numbers events without gaps in each province and rebuilds every version from them',
      withStore(async (store) => {
        const hanoi = { provinceCode: '01', communeCode: '00004', postcode: '11120' }
        const first = household(1)
        await write(store, [insert(first), insert(household(2, hanoi)), insert(household(3))])
        const second = { ...first, point: null, vpostcode: null, updatedAt: 2000 }
        await write(store, [update(first, { point: null, vpostcode: null }, 2000)], {
          at: 2000,
          actor: 'clerk',
          job: 4,
        })
        await write(
          store,
          [update(second, { text: 'new', externalIds: [{ scheme: 'office', value: '1' }] }, 3000)],
          {
            at: 3000,
          },
        )
        const events = await store.events('79', 0, 100)
        expect(events.map(({ number, n, kind }) => [number, n, kind])).toEqual([
          [1, 1, 'insert'],
          [2, 3, 'insert'],
          [3, 1, 'update'],
          [4, 1, 'update'],
        ])
        expect(events[0]).toEqual({
          province: '79',
          number: 1,
          n: 1,
          kind: 'insert',
          at: 1000,
          actor: 'test',
          job: null,
          reason: null,
          related: [],
          evidence: null,
          undoes: null,
          before: null,
          after: null,
        })
        expect(events[2]).toMatchObject({
          actor: 'clerk',
          job: 4,
          before: { point: first.point },
          after: { point: null },
        })
        expect(await store.events('79', 2, 1)).toEqual([events[2]])
        expect((await store.events('01', 0, 100)).map(({ number }) => number)).toEqual([1])
        expect(await store.lastEvents()).toEqual([
          { province: '01', number: 1 },
          { province: '79', number: 4 },
        ])
        expect(await store.withHistory([3, 9, 1])).toEqual([
          { household: (await store.households([3]))[0], events: [events[1]] },
          { household: (await store.households([1]))[0], events: [events[0], events[2], events[3]] },
        ])
        // Only a household that comes from another province has arrived.
        const [third] = await store.households([3])
        await write(store, [
          update(third!, hanoi, 4000),
          update({ ...third!, ...hanoi }, { text: 'x' }, 4000),
        ])
        expect(await store.events('01', 0, 100, true)).toMatchObject([
          { number: 2, n: 3, before: { provinceCode: '79' } },
        ])
        expect(await store.events('01', 2, 100, true)).toEqual([])
        expect(await store.events('79', 0, 100, true)).toEqual([])
        const [current] = await store.households([1])
        expect(versions(current!, await store.history(1))).toEqual([first, second, current])
      }),
    )

    test(
      'keeps who took a household over, why, and what a verification rests on',
      withStore(async (store) => {
        const [first, second] = [household(1, { vpostcode: codeOf('71009', point()) }), household(2)]
        const alternative = household(3, { status: 'alternative', of: 2 })
        await write(store, [insert(first), insert(second), insert(alternative)])
        const past = { status: 'historical' as const, successors: [2], vpostcode: null }
        const gone: Change = {
          ...(update(first, past, 2000) as Revision),
          kind: 'merge',
          note: { related: [2] },
        }
        const seen: Change = {
          ...(update(second, { status: 'verified' }, 2000) as Revision),
          kind: 'verify',
          note: { evidence: 'second-person' },
        }
        const entered: Change = { ...insert(household(4)), note: { related: [1] } }
        await write(store, [gone, seen, entered], { at: 2000, reason: 'one home' })
        const told = { kind: 'merge', reason: 'one home', related: [2], evidence: null, undoes: null }
        expect((await store.history(1))[1]).toMatchObject({ ...told, after: past })
        expect((await store.history(2))[1]).toMatchObject({ kind: 'verify', evidence: 'second-person' })
        expect((await store.history(4))[0]).toMatchObject({ reason: 'one home', related: [1], after: null })
        expect(await store.households([1])).toMatchObject([past])
        expect(await store.oldCodes(first.vpostcode!, 10)).toMatchObject([{ n: 1, from: 1000, until: 2000 }])
        // What is historical is no longer found by place.
        const near = { ...first.point!, scale: scaleAt(10.77), metres: 1, limit: 10 }
        expect(await store.nearest(near)).toEqual([])
        const { lat, lon } = first.point!
        const box = {
          south: lat - 0.001,
          north: lat + 0.001,
          west: lon - 0.001,
          east: lon + 0.001,
          key: first.key,
        }
        await store.transaction(async (tx) => {
          expect(await tx.findNear('list', [box])).toEqual([[]])
          expect(await tx.alternativesOf(2)).toEqual([3])
          expect(await tx.history(1)).toEqual(await store.history(1))
        })
      }),
    )

    test(
      'erasing takes fields out of events, and numbers, old codes and list rows',
      withStore(async (store) => {
        const code = codeOf('71009', point())
        const first = household(1, { vpostcode: code, externalIds: [{ scheme: 'office', value: '1' }] })
        await write(store, [insert(first)], { listRows: [{ row: 1, n: 1 }], reason: 'a telling reason' })
        const second = { ...first, vpostcode: null, text: 'telling' }
        await write(store, [update(first, { vpostcode: null, text: 'telling', grade: 'B' }, 2000)])
        const blank = { ...second, text: '', externalIds: [], point: null, updatedAt: 3000 }
        const erases = ['text', 'vpostcode'] as const
        await write(store, [
          { kind: 'erase', household: { ...blank, grade: 'B' }, before: {}, after: {}, erases },
        ])
        expect(await store.households([1])).toEqual([{ ...blank, grade: 'B' }])
        expect(await store.oldCodes(code, 10)).toEqual([])
        expect(await store.byExternalId('office', '1')).toBeNull()
        const events = await store.history(1)
        expect(events.map(({ kind, reason, after }) => [kind, reason, after])).toEqual([
          ['insert', null, null],
          ['update', null, { grade: 'B' }],
          ['erase', null, {}],
        ])
        const lookup = { keys: [], coreLength: 22, perKey: 9, externalIds: [], list: 'list', rows: [1] }
        await store.transaction(async (tx) => expect((await tx.find(lookup)).listRows).toEqual([]))
      }),
    )

    test(
      'finds the events of a job page by page, and what postcodes communes had before',
      withStore(async (store) => {
        const hanoi = { provinceCode: '01', communeCode: '00004', postcode: '11120' }
        const homes = [1, 2, 3, 4].map((n) => household(n, n === 2 ? hanoi : {}))
        for (const home of homes) await write(store, [insert(home)], { job: home.n === 3 ? 8 : 7 })
        const found = []
        for (let cursor: number | null = 0; cursor !== null; ) {
          const page = await store.jobEvents(7, cursor, 2)
          found.push(...page.events)
          cursor = page.cursor
        }
        expect(found).toEqual([
          { province: '01', number: 1, n: 2 },
          { province: '79', number: 1, n: 1 },
          { province: '79', number: 3, n: 4 },
        ])
        expect(await store.jobEvents(9, 0, 2)).toMatchObject({ events: [] })

        const entry = {
          postcode: '01234',
          communeCode: '00004',
          from: null,
          until: '2025-07-01',
          source: 'a',
        }
        const latest = { ...entry, communeCode: '26743', from: '2025-07-01', until: '2026-01-01' }
        await store.transaction(async (tx) => {
          await tx.writePostcodes([entry, latest])
          await tx.writePostcodes([{ ...entry, source: 'b' }])
          expect(await tx.glance(1, 3)).toMatchObject([
            { n: 2, status: 'provisional', communeCode: '00004', engineVersion: 'engine 1' },
            { n: 3, dataVersion: 'data 1' },
          ])
        })
        expect(await store.oldPostcodes('01234')).toEqual([latest, { ...entry, source: 'b' }])
        expect(await store.oldPostcodes('01235')).toEqual([])
      }),
    )

    test(
      'a number belongs to one household of its scheme and can be taken away',
      withStore(async (store) => {
        const numbered = household(1, { externalIds: [{ scheme: 'office', value: '1' }] })
        await write(store, [insert(numbered)])
        expect(await store.byExternalId('office', '1')).toBe(1)
        const second = household(2, { externalIds: [{ scheme: 'office', value: '1' }] })
        await expect(write(store, [insert(second)])).rejects.toThrow()
        expect(await store.count()).toBe(1)
        await write(store, [update(numbered, { externalIds: [] }, 2000)])
        expect(await store.byExternalId('office', '1')).toBeNull()
        await write(store, [insert(second)])
        expect(await store.byExternalId('office', '1')).toBe(2)
      }),
    )

    test(
      'a transaction that fails leaves nothing, and the next one works',
      withStore(async (store) => {
        const failing = store.transaction(async (tx) => {
          await tx.write(
            batch([insert(household(1, { engineVersion: 'never committed' }))], { actor: 'nobody' }),
          )
          throw new Error('power cut')
        })
        await expect(failing).rejects.toThrow('power cut')
        expect(await store.count()).toBe(0)
        expect(await store.events('79', 0, 10)).toEqual([])
        await write(store, [insert(household(1, { engineVersion: 'never committed' }))], { actor: 'nobody' })
        expect(await store.households([1])).toMatchObject([{ engineVersion: 'never committed' }])
        expect(await store.events('79', 0, 10)).toMatchObject([{ number: 1, actor: 'nobody' }])
      }),
    )

    test(
      'transactions wait for each other',
      withStore(async (store) => {
        const order: string[] = []
        const slow = (name: string) =>
          store.transaction(async () => {
            order.push(`${name} begins`)
            await new Promise((done) => setTimeout(done, 5))
            order.push(`${name} ends`)
          })
        await Promise.all([slow('a'), slow('b')])
        expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
      }),
    )

    test(
      'refuses what it could not give back: a foreign code, a point outside Viet Nam',
      withStore(async (store) => {
        await expect(write(store, [insert(household(1, { vpostcode: '71009AAAAAAA' }))])).rejects.toThrow(
          RangeError,
        )
        const abroad = { lat: 48.8, lon: 2.3, source: 'given' as const, accuracy: 5 }
        await expect(write(store, [insert(household(1, { point: abroad }))])).rejects.toThrow(RangeError)
        expect(await store.nearest({ ...abroad, scale: scaleAt(48.8), metres: 1000, limit: 5 })).toEqual([])
      }),
    )

    test(
      'counts households by commune and day, and keeps targets',
      withStore(async (store) => {
        const code = codeOf('71009', point())
        const hanoi = { provinceCode: '01', communeCode: '00004', postcode: '11120' }
        const [coded, visit] = [household(1, { vpostcode: code }), household(2, { vpostcode: null })]
        const doubtful = household(3, { review: ['split-commune'], vpostcode: null })
        // 18:00 UTC is the next day in Viet Nam.
        const evening = Date.UTC(2026, 2, 1, 18)
        await write(
          store,
          [coded, visit, doubtful, household(4, { ...hanoi, vpostcode: null })].map(insert),
          { at: evening - 7_200_000 },
        )
        const tally = { ...nothing, households: 3, coded: 1, visit: 1, review: 1 }
        expect(await store.provinceTallies()).toEqual([
          { provinceCode: '01', ...nothing, households: 1, visit: 1 },
          { provinceCode: '79', ...tally },
        ])
        expect(await store.communeTallies('79')).toEqual([
          { provinceCode: '79', communeCode: '26743', ...tally },
        ])
        const changes = [
          update(coded, { status: 'verified' }, evening),
          update(visit, { status: 'historical' }, evening),
          update(doubtful, { ...hanoi, review: [] }, evening),
        ]
        await write(store, changes, { at: evening })
        expect(await store.communeTallies('79')).toEqual([
          { provinceCode: '79', communeCode: '26743', ...nothing, households: 1, coded: 1, verified: 1 },
        ])
        expect(await store.dayTallies({ provinceCode: '79', communeCode: null })).toEqual([
          { day: '2026-03-01', ...tally },
          { day: '2026-03-02', ...nothing, households: -2, visit: -1, review: -1, verified: 1 },
        ])
        const there = { provinceCode: '01', communeCode: '00004' }
        expect(await store.dayTallies(there)).toMatchObject([{ households: 1 }, { households: 1 }])
        expect(await store.dayTallies(null)).toMatchObject([{ households: 4 }, { households: -1 }])

        // What a failed transaction counted is forgotten.
        const failing = store.transaction(async (tx) => {
          await tx.write(batch([insert(household(9))], { at: evening }))
          throw new Error('power cut')
        })
        await expect(failing).rejects.toThrow('power cut')
        await write(store, [insert(household(5))], { at: evening })
        expect(await store.communeTallies('79')).toMatchObject([{ households: 2 }])

        const set = (communeCode: string, households: number) =>
          store.transaction((tx) => tx.writeTargets([{ communeCode, households }]))
        await set('26743', 9)
        await set('00004', 5)
        await set('26743', 8)
        expect(await store.targets()).toEqual([
          { communeCode: '00004', households: 5 },
          { communeCode: '26743', households: 8 },
        ])
      }),
    )

    test(
      'lists the households of a commune page by page, and keeps findings until they are decided or found no more',
      withStore(async (store) => {
        const elsewhere = { communeCode: '00004', provinceCode: '01', postcode: '11120' }
        const all = [1, 2, 3, 4].map((n) => household(n))
        await write(store, [...all, household(5, elsewhere)].map(insert))
        const byKey = [...all].sort((a, b) => (a.key < b.key ? -1 : 1))
        const first = await store.householdsOf('26743', null, 3)
        expect([...first, ...(await store.householdsOf('26743', first[2]!, 3))]).toEqual(byKey)
        expect(await store.householdsOf('26744', null, 9)).toEqual([])

        const place = { provinceCode: '79', communeCode: '26743' }
        const doubt = (n: number, other: number | null, score: number): Doubt => ({
          kind: other === null ? 'numbering' : 'duplicate',
          n,
          other,
          score,
          reason: 'because',
          metres: other,
        })
        const found = [doubt(1, 2, 0.7), doubt(1, 3, 0.9), doubt(3, 4, 0.6), doubt(4, null, 0.8)]
        await store.transaction((tx) => tx.writeDoubts(place, found, 77))
        const told = (list: OpenDoubt[]) => list.map(({ n, other }) => [n, other])
        expect((await store.doubts(null, 1))[0]).toEqual({ ...found[1], foundAt: 77 })
        const ordered = [
          [1, 3],
          [4, null],
          [1, 2],
          [3, 4],
        ]
        expect(told(await store.doubts(place, 9))).toEqual(ordered)
        expect(told(await store.doubts({ provinceCode: '79', communeCode: null }, 9))).toEqual(ordered)
        expect(await store.doubts({ provinceCode: '01', communeCode: null }, 9)).toEqual([])
        expect(told(await store.doubtsOf(3))).toEqual([
          [1, 3],
          [3, 4],
        ])

        const cleared = (doubt: Cleared['doubt'], other: number | null) => ({ cleared: [{ doubt, other }] })
        await write(store, [
          update(all[0]!, cleared('duplicate', 3), 2000),
          update(all[3]!, cleared('numbering', null), 2000),
        ])
        expect(told(await store.doubts(null, 9))).toEqual([
          [1, 2],
          [3, 4],
        ])
        expect(await store.communeTallies('79')).toMatchObject([{ ...place, findings: 2 }])
        await store.transaction((tx) => tx.writeDoubts(place, [found[2]!], 78))
        expect(told(await store.doubts(null, 9))).toEqual([[3, 4]])

        // Open findings are counted where they were made, whatever opens or closes them.
        const counted = async () => {
          await expectCounts(store)
          return (await store.communeTallies(null)).map(({ communeCode, findings }) => [
            communeCode,
            findings,
          ])
        }
        expect(await counted()).toEqual([
          ['00004', 0],
          ['26743', 1],
        ])
        await store.transaction((tx) =>
          tx.writeDoubts(elsewhere, [found[2]!, doubt(1, 2, 0.7), found[2]!], 79),
        )
        expect(await counted()).toEqual([
          ['00004', 2],
          ['26743', 0],
        ])
        const [third] = await store.households([3])
        await write(store, [update(third!, { status: 'historical' }, 3000)], { at: 3000 })
        expect((await counted())[0]).toEqual(['00004', 1])
        await write(store, [update({ ...third!, status: 'historical' }, { status: 'provisional' }, 4000)], {
          at: 4000,
        })
        expect((await counted())[0]).toEqual(['00004', 2])
        const [first1] = await store.households([1])
        await write(store, [update(first1!, cleared('duplicate', 2), 5000)], { at: 5000 })
        expect((await counted())[0]).toEqual(['00004', 1])
        await store.transaction((tx) => tx.writeDoubts(elsewhere, [], 80))
        expect((await counted())[0]).toEqual(['00004', 0])
      }),
    )

    test(
      'written anew from its events it is the same, row for row; what they do not tell is seen',
      withStore(async (store) => {
        const code = codeOf('71009', point())
        const hanoi = { provinceCode: '01', communeCode: '00004', postcode: '11120' }
        const number = { scheme: 'office', value: 'A-1' }
        const [one, two] = [household(1, { vpostcode: code }), household(2, hanoi)]
        await write(store, [insert({ ...one, externalIds: [number] }), insert(two)])
        // The number goes from the one to the other, in two provinces at one time.
        const merged: Partial<StoredHousehold> = {
          ...{ status: 'historical', successors: [2] },
          ...{ vpostcode: null, externalIds: [] },
        }
        const related = (n: number, change: Change): Change => ({ ...change, note: { related: [n] } })
        const changes = [
          update({ ...one, externalIds: [number] }, merged, 2000),
          update(two, { externalIds: [number] }, 2000),
        ].map((change, i) => related(2 - i, change))
        await write(store, changes, { at: 2000, reason: 'one home' })
        const said = { ...two, externalIds: [number] }
        await write(store, [update(said, { text: 'elsewhere' }, 3000)], { at: 3000, job: 7 })

        const again = await open()
        expect(await replay(store, again)).toEqual({ events: 5, gaps: [] })
        expect(await differences(store, again)).toEqual([])
        await expect(replay(store, again)).rejects.toThrow('not empty')
        await write(again, [update({ ...said, text: 'elsewhere' }, { text: 'x' }, 4000)], { at: 4000 })
        expect(await differences(store, again)).toEqual(['household 2', 'event 01-4'])
        await again.close()

        // An event that does not begin where the one before it ended.
        await write(store, [update({ ...said, text: 'made up' }, { text: 'y' }, 5000)], { at: 5000 })
        const third = await open()
        expect((await replay(store, third)).gaps).toEqual([{ province: '01', number: 4, n: 2 }])
        await third.close()
      }),
    )

    test(
      'gives households in review by place, then n: of a place, of a reason, after one of them',
      withStore(async (store) => {
        const hanoi = { provinceCode: '01', communeCode: '00004', postcode: '11120', vpostcode: null }
        const reviews = [['a'], ['a', 'b'], ['b'], []]
        await write(
          store,
          reviews.map((review, i) => insert(household(i + 1, { review, ...(i === 1 ? hanoi : {}) }))),
        )
        const ns = async (...asked: Parameters<typeof store.inReview>) =>
          (await store.inReview(...asked)).map(({ n }) => n)
        expect(await ns(null, null, 9)).toEqual([2, 1, 3])
        expect(await ns(null, null, 1)).toEqual([2])
        expect(await ns(null, 'b', 9)).toEqual([2, 3])
        expect(await ns({ provinceCode: '79', communeCode: null }, 'b', 9)).toEqual([3])
        const place = { provinceCode: '79', communeCode: '26743' }
        expect([await ns(place, null, 9), await ns(place, null, 9, 1)]).toEqual([[1, 3], [3]])
      }),
    )

    test(
      'names the lists that a household came from',
      withStore(async (store) => {
        const { id } = await store.createJob({ ...NEW_JOB, list: 'b.csv', startedAt: 1 })
        await write(store, [insert(household(1)), insert(household(2))], {
          list: 'a.csv',
          listRows: [{ row: 7, n: 1 }],
        })
        const [first] = await store.households([1])
        await write(store, [update(first!, { text: 'x' }, 2000)], { job: id, at: 2000 })
        expect([await store.listsOf(1), await store.listsOf(2)]).toEqual([['a.csv', 'b.csv'], []])
      }),
    )

    test(
      'keeps of each who saw a household the last observation, and one finding of them all',
      withStore(async (store) => {
        await write(store, [insert(household(1)), insert(household(2))])
        const seen = (actor: string, at: number, more: object = {}) => ({
          ...{ n: 1, actor, at, found: 'gone' as const, point: null },
          ...more,
        })
        const here = { lat: 10.77, lon: 106.69, accuracy: 8 }
        const [first, second, third] = [
          seen('a', 10),
          seen('b', 20, { found: 'moved', point: here }),
          seen('a', 30, { found: 'right' }),
        ]
        await store.transaction(async (tx) => {
          await tx.writeObservation(first!, false)
          await tx.writeObservation(second!, false)
          expect(await tx.observationsOf(1)).toEqual([first, second])
          await tx.writeObservation(third!, false)
        })
        expect(await store.observationsOf(1)).toEqual([second, third])
        expect(await store.observationsOf(2)).toEqual([])
        const finding = { reason: 'observed-gone', score: 0.75, metres: 12.5, at: 30 } as const
        for (const found of [{ ...finding, score: 0.5 }, finding])
          await store.transaction((tx) => tx.writeContradiction(1, found, 40))
        const [{ at, ...told }] = [finding]
        expect(await store.doubts(null, 9)).toEqual([
          { kind: 'observed', n: 1, other: null, foundAt: at, ...told },
        ])
        await expectCounts(store)
        // Looking through the commune does not take it away.
        const place = { provinceCode: '79', communeCode: '26743' }
        await store.transaction((tx) => tx.writeDoubts(place, [], 50))
        expect(await store.doubts(null, 9)).toHaveLength(1)
        await store.transaction(async (tx) => {
          await tx.writeContradiction(1, null, 60)
          await tx.writeObservation(first!, true)
        })
        expect([await store.doubts(null, 9), await store.observationsOf(1)]).toEqual([[], [first]])
        await expectCounts(store)
      }),
    )

    test(
      'keeps rounds of checks: samples, results, what drops out, and findings that no search replaces',
      withStore(async (store) => {
        const code = codeOf('71009', point())
        const place = { provinceCode: '79', communeCode: '26743' }
        const coded = [1, 2, 3, 4].map((n) => household(n, { vpostcode: code }))
        const others = [
          household(5, { vpostcode: null }),
          household(6, { vpostcode: null, review: ['split-commune'] }),
          household(7, { status: 'historical', vpostcode: null }),
        ]
        await write(store, [...coded, ...others].map(insert))
        expect(await store.codedOf(place)).toEqual([1, 2, 3, 4])
        expect(await store.codedOf({ ...place, communeCode: '26740' })).toEqual([])

        expect(await store.latestRound()).toBeNull()
        const round = { round: 1, seed: 'abc', share: 0.5, least: 2, at: 2000, actor: 'lan' }
        const sample = { ...place, round: 1, population: 4, at: 2000 }
        await store.transaction(async (tx) => {
          await tx.writeRound(round)
          await tx.writeSample(sample, [1, 2, 3])
        })
        expect(await store.latestRound()).toEqual(round)
        expect(await store.communeSamples(null)).toEqual([{ ...sample, drawn: 3 }])
        expect(await store.communeSamples('01')).toEqual([])
        const drawn = { ...place, round: 1, drawnAt: 2000, state: 'open' }
        expect(await store.toCheck(place)).toEqual([1, 2, 3].map((n) => ({ ...drawn, n })))
        expect(await store.sampled(4)).toBeNull()

        const wrong: Omit<StoredCheck, 'undone'> = {
          round: 1,
          n: 1,
          at: 3000,
          actor: 'minh',
          verdict: 'wrong-point',
          metres: 80.5,
          found: { kind: 'house', communeCode: '26743', point: { lat: 10.77, lon: 106.69, accuracy: 5 } },
        }
        const right: Omit<StoredCheck, 'undone'> = { ...wrong, n: 2, verdict: 'right', metres: 3 }
        await store.transaction(async (tx) => {
          await tx.writeCheck(wrong)
          await tx.writeCheck(right)
        })
        const again = store.transaction((tx) => tx.writeCheck(right))
        await expect(again).rejects.toThrow('waits for no check')
        const counts = async () => {
          const [tally] = await store.communeTallies('79')
          return [tally!.sampled, tally!.checked, tally!.wrong]
        }
        expect(await counts()).toEqual([3, 2, 1])
        expect(await store.checksOf(1)).toEqual([{ ...wrong, undone: null }])
        const finding = { n: 1, other: null, kind: 'check', score: 1, reason: 'wrong-point', metres: 80.5 }
        expect(await store.doubts(place, 9)).toEqual([{ ...finding, foundAt: 3000 }])
        // What a search finds about the same household stands beside it.
        const numbering: Doubt = { kind: 'numbering', n: 1, other: null, score: 0.5, reason: 'x', metres: 1 }
        await store.transaction((tx) => tx.writeDoubts(place, [numbering], 3500))
        expect((await store.doubtsOf(1)).map(({ kind }) => kind)).toEqual(['check', 'numbering'])
        await store.transaction((tx) => tx.writeDoubts(place, [], 3600))
        expect(await store.communeTallies('79')).toMatchObject([{ ...place, findings: 1 }])
        expect(await store.communeTallies('01')).toEqual([])
        await write(store, [update(coded[0]!, { cleared: [{ doubt: 'check', other: null }] }, 3700)])
        expect(await store.doubts(place, 9)).toEqual([])

        // What nobody checked drops out when it ends, and comes back with it; a result stays.
        const ended = { status: 'historical', vpostcode: null } as const
        const [, two, three] = coded
        await write(store, [update(two!, ended, 4000), update(three!, ended, 4000)], { at: 4000 })
        expect([await counts(), (await store.sampled(3))?.state]).toEqual([[2, 2, 1], 'gone'])
        await write(store, [update({ ...three!, ...ended }, { status: 'provisional' }, 4100)], { at: 4100 })
        expect([await counts(), (await store.sampled(3))?.state]).toEqual([[3, 2, 1], 'open'])
        await store.transaction(async (tx) => {
          await tx.undoCheck(1, 5000, 'lan')
          await tx.undoCheck(2, 5000, 'lan')
        })
        expect([await counts(), (await store.sampled(2))?.state]).toEqual([[2, 0, 0], 'gone'])
        expect(await store.checksOf(1)).toEqual([{ ...wrong, undone: { at: 5000, actor: 'lan' } }])
        expect(await store.doubts(place, 9)).toEqual([])

        // Another round takes the place of the first one.
        await store.transaction(async (tx) => {
          await tx.writeCheck({ ...wrong, at: 6000 })
          await tx.writeRound({ ...round, round: 2, at: 7000 })
          await tx.writeSample({ ...sample, round: 2, at: 7000 }, [1, 4])
        })
        expect(await counts()).toEqual([2, 0, 0])
        expect(await store.communeSamples('79')).toMatchObject([{ round: 2, drawn: 2 }])
        expect((await store.toCheck(place)).map(({ n }) => n)).toEqual([1, 4])
        expect(await store.sampled(2)).toBeNull()
        const double: Omit<StoredCheck, 'undone'> = {
          ...wrong,
          round: 2,
          n: 4,
          at: 8000,
          verdict: 'duplicate',
          metres: null,
          found: { kind: 'same-as', other: 1 },
        }
        await store.transaction((tx) => tx.writeCheck(double))
        expect(await store.doubtsOf(1)).toMatchObject([{ kind: 'check', n: 4, other: 1 }])
        expect(await store.dayTallies(place)).toMatchObject([{ sampled: 2, checked: 1, wrong: 1 }])
      }),
    )

    test(
      'jobs are found again by their fingerprint until they are done',
      withStore(async (store) => {
        const job = await store.createJob({ ...NEW_JOB, startedAt: 5 })
        expect(job).toMatchObject({
          state: 'running',
          chunks: 0,
          rowsDone: 0,
          outBytes: 0,
          counts: {},
          error: null,
        })
        expect(await store.findUnfinished('abc')).toEqual(job)
        expect(await store.findUnfinished('abd')).toBeNull()

        const chunk = (chunk: number) => ({
          chunk,
          firstRow: chunk * 2 + 1,
          rows: 2,
          outBytes: (chunk + 1) * 100,
          counts: { assigned: 1, rejected: 1 },
          touched: Uint8Array.of(chunk % 256),
        })
        const record = (number: number) =>
          store.transaction((tx) => tx.recordChunk(job.id, chunk(number), { done: number, total: 9 }))
        for (let i = 0; i < 3; i++) await record(i)
        await expect(record(2)).rejects.toThrow('chunk 2 is not the next one')
        await expect(record(4)).rejects.toThrow('chunk 4 is not the next one')
        expect(await store.job(job.id)).toEqual({
          ...job,
          seenAt: expect.any(Number),
          chunks: 3,
          rowsDone: 6,
          done: 2,
          total: 9,
          outBytes: 300,
          counts: { assigned: 3, rejected: 3 },
        })
        const chunks = []
        for await (const one of store.chunks(job.id))
          chunks.push({ ...one, touched: Uint8Array.from(one.touched) })
        expect(chunks).toEqual([0, 1, 2].map(chunk))

        await store.finishJob(job.id, 'failed', 9, 'disk full')
        expect(await store.job(job.id)).toMatchObject({ state: 'failed', finishedAt: 9, error: 'disk full' })
        expect(await store.findUnfinished('abc')).toBeNull()
        expect((await store.chunks(job.id)[Symbol.asyncIterator]().next()).done).toBe(true)
        await expect(record(3)).rejects.toThrow()
        await expect(store.finishJob(99, 'done', 9)).rejects.toThrow('no job 99')
        expect((await store.listJobs(10)).map(({ id }) => id)).toEqual([job.id])
        expect(await store.job(99)).toBeNull()
      }),
    )

    test(
      'a job is queued, taken, asked, rests, is taken again and ends; only then can its result be dropped',
      withStore(async (store) => {
        const job = await store.queueJob({ ...NEW_JOB, startedAt: 5 })
        const later = await store.queueJob({ ...NEW_JOB, fingerprint: 'later', startedAt: 6 })
        expect([job.state, (await store.nextQueued())?.id]).toEqual(['queued', job.id])
        expect(await store.requestJob(job.id, 'pause')).toBe(false)
        expect((await store.job(job.id))?.requested).toBeNull()

        expect(await store.takeJob(job.id)).toMatchObject({ state: 'running', takenRows: 0 })
        expect((await store.nextQueued())?.id).toBe(later.id)
        const progress = { rowsDone: 7, counts: { visit: 7 }, done: 70, total: 100, outBytes: 700 }
        await store.recordProgress(job.id, progress)
        await store.requestJob(job.id, 'pause')
        expect(await store.job(job.id)).toMatchObject({ ...progress, requested: 'pause' })
        await store.restJob(job.id, 'paused')
        expect(await store.job(job.id)).toMatchObject({ state: 'paused', requested: null, ...progress })
        await expect(store.recordProgress(job.id, progress)).rejects.toThrow('another process')
        expect((await store.findUnfinished(NEW_JOB.fingerprint))?.id).toBe(job.id)

        expect(await store.takeJob(job.id)).toMatchObject({ state: 'running', takenRows: 7 })
        expect(await store.jobsToDrop(100)).toEqual([])
        await store.finishJob(job.id, 'done', 50)
        await expect(store.takeJob(job.id)).rejects.toThrow(`job ${job.id} is done`)
        expect(await store.jobsToDrop(50)).toEqual([])
        expect((await store.jobsToDrop(51)).map(({ id }) => id)).toEqual([job.id])
        await store.dropJob(job.id)
        expect(await store.jobsToDrop(51)).toEqual([])
      }),
    )

    test(
      'a cancel that was asked for stays: no pause takes its place, the job does not rest, and an ended one is not queued',
      withStore(async (store) => {
        const { id } = await store.createJob({ ...NEW_JOB, startedAt: 5 })
        expect(await store.requestJob(id, 'pause')).toBe(true)
        expect(await store.requestJob(id, 'cancel')).toBe(true)
        expect(await store.requestJob(id, 'pause')).toBe(false)
        expect(await store.requestJob(id, 'cancel')).toBe(true)
        expect(await store.restJob(id, 'paused')).toBe(false)
        expect(await store.job(id)).toMatchObject({ state: 'running', requested: 'cancel' })
        await store.finishJob(id, 'cancelled', 6)
        expect(await store.restJob(id, 'queued')).toBe(false)
        expect(await store.requestJob(id, 'cancel')).toBe(false)
        expect(await store.job(id)).toMatchObject({ state: 'cancelled', requested: null })
      }),
    )

    test(
      'work that is queued twice is one job while it is unfinished; one that rests waits again',
      withStore(async (store) => {
        const job = await store.queueJob({ ...NEW_JOB, startedAt: 5 })
        expect((await store.queueJob({ ...NEW_JOB, startedAt: 6, output: 'other.csv' })).id).toBe(job.id)
        await store.takeJob(job.id)
        expect(await store.queueJob({ ...NEW_JOB, startedAt: 5 })).toMatchObject({
          id: job.id,
          state: 'running',
        })
        await store.restJob(job.id, 'paused')
        expect(await store.queueJob({ ...NEW_JOB, startedAt: 5 })).toMatchObject({
          id: job.id,
          state: 'queued',
        })
        await store.finishJob(job.id, 'done', 5)
        expect((await store.queueJob({ ...NEW_JOB, startedAt: 5 })).id).toBeGreaterThan(job.id)
      }),
    )

    test(
      'a job that waited gets the versions of who takes it first, and keeps them once something was done',
      withStore(async (store) => {
        const job = await store.queueJob({ ...NEW_JOB, startedAt: 5 })
        const newer = { engineVersion: 'newer', dataVersion: 'newer' }
        expect(await store.takeJob(job.id, newer)).toMatchObject(newer)
        await store.recordProgress(job.id, { rowsDone: 1, counts: {}, done: 1, total: 2, outBytes: 1 })
        const newest = { engineVersion: 'newest', dataVersion: 'newest' }
        expect(await store.takeJob(job.id, newest)).toMatchObject(newer)
      }),
    )

    test(
      'jobs are counted by state',
      withStore(async (store) => {
        expect(await store.countJobs()).toEqual({})
        for (const fingerprint of ['a', 'b']) await store.queueJob({ ...NEW_JOB, fingerprint, startedAt: 5 })
        await store.createJob({ ...NEW_JOB, startedAt: 5 })
        const { id } = await store.createJob({ ...NEW_JOB, startedAt: 5 })
        await store.finishJob(id, 'done', 6)
        expect(await store.countJobs()).toEqual({ queued: 2, running: 1, done: 1 })
      }),
    )

    test(
      'jobs are listed latest first, page by page, those asked for over HTTP by the line of their key',
      withStore(async (store) => {
        for (const [owner, upload] of [
          ['a', { line: 1 }],
          ['a', { line: 2 }],
          ['a', undefined],
          ['b', { line: 1 }],
        ] as const)
          await store.createJob({ ...NEW_JOB, startedAt: 5, owner, options: { upload } })
        const ids = async (...of: Parameters<typeof store.listJobs>) =>
          (await store.listJobs(...of)).map(({ id }) => id)
        expect(await ids(3)).toEqual([4, 3, 2])
        expect(await ids(3, { before: 2 })).toEqual([1])
        expect(await ids(9, { uploadedBy: 1 })).toEqual([4, 1])
        expect(await ids(1, { uploadedBy: 1, before: 4 })).toEqual([1])
        expect(await ids(9, { uploadedBy: 3 })).toEqual([])
      }),
    )
  })
}

/** The keys of the HTTP API. `open` opens the keys of a new database; `again` another connection to the same one. */
export function keyContract(
  name: string,
  open: () => Promise<{ store: KeyStore; again(): KeyStore | Promise<KeyStore> }>,
): void {
  const newKeyOf = (more: Partial<NewKey> = {}): NewKey => {
    const text = newKey('staff')
    return {
      prefix: prefixOf(text),
      hash: Uint8Array.from(hashOf(text)),
      role: 'staff',
      name: 'Lan',
      origins: [],
      scope: ['01', '26743'],
      perMinute: 60,
      createdAt: 1000,
      expiresAt: null,
      ...more,
    }
  }

  describe(`${name}: keys`, () => {
    test('are given back as they were made, oldest first', async () => {
      const { store } = await open()
      expect(await store.keys()).toEqual([])
      const wanted = [
        newKeyOf(),
        newKeyOf({ role: 'browser', origins: ['https://shop.example'], scope: [] }),
        newKeyOf({ role: 'server', scope: null, expiresAt: 5000 }),
      ]
      const made = []
      for (const key of wanted) made.push(await store.addKey(key, 'Hoa'))
      expect(made).toEqual(
        wanted.map((key, i) => ({ ...key, id: i + 1, revokedAt: null, replacedBy: null, usedOn: null })),
      )
      expect(await store.keys()).toEqual(made)
      await expect(store.addKey(wanted[0]!, 'Hoa')).rejects.toThrow()
      expect(await store.keys()).toHaveLength(3)
      await store.close()
    })

    test('are replaced, revoked and used; other connections see that something changed', async () => {
      const { store, again } = await open()
      const other = await again()
      const versions = [await other.keysVersion()]
      await store.addKey(newKeyOf({ expiresAt: 3000 }), 'Hoa')
      await store.addKey(newKeyOf(), 'Hoa')
      versions.push(await other.keysVersion())
      await store.addKey(newKeyOf(), 'Lan', { id: 1, until: 4000 })
      await store.addKey(newKeyOf({ name: 'Hoa', createdAt: 2000 }), 'Lan', { id: 2, until: 4000 })
      versions.push(await other.keysVersion())
      await store.revokeKey(1, 7000, 'Hoa')
      versions.push(await other.keysVersion())
      expect(new Set(versions).size).toBe(versions.length)
      await store.revokeKey(1, 8000, 'Hoa')
      const to = { origins: [], scope: ['79'], perMinute: 5 }
      await other.changeKeys([2, 4], to, 9000, 'Hoa')
      expect((await store.keys()).map(({ perMinute }) => perMinute)).toEqual([60, 5, 60, 5])
      expect((await store.keyEvents(5)).map(({ kind, key, scope, at }) => [kind, key, scope, at])).toEqual([
        ['change', 2, ['79'], 9000],
        ['change', 4, ['79'], 9000],
      ])
      const version = await other.keysVersion()
      await other.noteUse([2, 4], '2026-11-22')
      await store.noteUse([2], '2026-11-21')
      expect(await other.keysVersion()).toBe(version)
      expect(await other.keys()).toMatchObject([
        { id: 1, expiresAt: 3000, replacedBy: 3, revokedAt: 7000, usedOn: null },
        { id: 2, expiresAt: 4000, replacedBy: 4, revokedAt: null, usedOn: '2026-11-22' },
        { id: 3, expiresAt: null, replacedBy: null, revokedAt: null, usedOn: null },
        { id: 4, usedOn: '2026-11-22' },
      ])
      // The audit log: once revoked is revoked, and a use is no change.
      const log = await other.keyEvents(0)
      expect(log.map(({ number, kind, key, at, actor }) => [number, kind, key, at, actor])).toEqual([
        [1, 'create', 1, 1000, 'Hoa'],
        [2, 'create', 2, 1000, 'Hoa'],
        [3, 'rotate', 3, 1000, 'Lan'],
        [4, 'rotate', 4, 2000, 'Lan'],
        [5, 'revoke', 1, 7000, 'Hoa'],
        [6, 'change', 2, 9000, 'Hoa'],
        [7, 'change', 4, 9000, 'Hoa'],
      ])
      expect(log[2]!.replaces).toEqual({ key: 1, until: 3000 })
      expect(await other.keyEvents(3)).toEqual([
        {
          ...{
            number: 4,
            at: 2000,
            kind: 'rotate',
            actor: 'Lan',
            key: 4,
            role: 'staff',
            name: 'Hoa',
            origins: [],
          },
          ...{ scope: ['01', '26743'], perMinute: 60, expiresAt: null, replaces: { key: 2, until: 4000 } },
        },
        expect.objectContaining({ number: 5, name: 'Lan', expiresAt: 3000, replaces: null }),
        expect.objectContaining({ number: 6, ...to, replaces: null }),
        expect.objectContaining({ number: 7, ...to }),
      ])
      await other.close()
      await store.close()
    })
  })
}
