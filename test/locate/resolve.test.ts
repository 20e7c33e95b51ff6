import { describe, expect, test } from 'vitest'
import { randomOf } from '../../scripts/bench/random.ts'
import { load } from '../../src/gazetteer/load.ts'
import { encodePoint } from '../../src/locate/encode.ts'
import type { KnownHousehold, KnownHouseholds, OldCode } from '../../src/locate/knownHouseholds.ts'
import { resolveCode } from '../../src/locate/resolve.ts'
import { ALPHABET } from '../../src/vpostcode/alphabet.ts'
import { encodeVpostcode } from '../../src/vpostcode/vpostcode.ts'

const gazetteer = load()
const { communes, boundaries } = gazetteer
const resolve = (text: string, households: KnownHouseholds | null = null) =>
  resolveCode({ gazetteer, households }, text)

describe('a code that nobody has', () => {
  test('names its place', async () => {
    expect(await resolve('71009QMCXR8V')).toMatchObject({
      status: 'unregistered',
      reason: null,
      vpostcode: '71009QMCXR8V',
      formatted: '71009 QMCX R8V',
      lat: 10.7721125,
      lon: 106.6982969,
      bounds: { south: 10.7721, west: 106.69828125, north: 10.772125, east: 106.6983125 },
      plusCode: '7P28QMCX+R8V',
      geo: 'geo:10.7721125,106.6982969',
      postcode: '71009',
      commune: { code: '26743', fullName: 'Phường Bến Thành' },
      province: { code: '79' },
      households: [],
      issues: [],
    })
  })

  test.each(['71009qmcxr8v', ' 71009 QMCX R8V ', '71009-QMCX-R8V', '71009QMCX+R8V', '71009 qmcx+r8v'])(
    'is read as people write it: %s',
    async (text) => {
      expect(await resolve(text)).toMatchObject({
        status: 'unregistered',
        vpostcode: '71009QMCXR8V',
        input: text,
      })
    },
  )

  test('leads back to the point in every commune of the country', async () => {
    for (const commune of communes) {
      const { lat, lon } = commune.inside
      const found = await resolve(encodeVpostcode(commune.postcode, lat, lon))
      expect([commune.code, found.status, found.commune?.code]).toEqual([
        commune.code,
        'unregistered',
        commune.code,
      ])
      expect(Math.abs(found.lat! - lat)).toBeLessThan(0.000013)
      expect(Math.abs(found.lon! - lon)).toBeLessThan(0.000016)
    }
  })

  test('leads back to the point all over Truong Sa, and tells when other cells fit as well', async () => {
    const truongSa = communes.find(({ name }) => name === 'Trường Sa')!
    const points = pointsOf(
      truongSa.bbox,
      400,
      (lat, lon) => boundaries.communeAt(lat, lon) === truongSa.index,
    )
    const spread = points.map(({ lon }) => lon)
    expect(Math.max(...spread) - Math.min(...spread)).toBeGreaterThan(1)
    let ambiguous = 0
    for (const { lat, lon } of points) {
      const found = await resolve(encodeVpostcode(truongSa.postcode, lat, lon))
      expect(found.status).toBe('unregistered')
      const cells = [{ lat: found.lat!, lon: found.lon! }, ...found.otherCells]
      const fits = (cell: (typeof cells)[0]) =>
        Math.abs(cell.lat - lat) < 0.000013 && Math.abs(cell.lon - lon) < 0.000016
      expect(cells.filter(fits).length).toBe(1)
      for (const cell of cells) expect(boundaries.communeAt(cell.lat, cell.lon)).toBe(truongSa.index)
      expect(found.issues.some(({ code }) => code === 'several-cells')).toBe(cells.length > 1)
      if (cells.length > 1) ambiguous++
    }
    expect(ambiguous).toBeLessThan(points.length / 2)
  })
})

describe('a cell outside the commune of its head', () => {
  const benThanh = gazetteer.commune('26743')!
  const around = pointsOf(
    [106.68, 10.75, 106.72, 10.8],
    300,
    (lat, lon) => boundaries.communeAt(lat, lon) !== benThanh.index,
  ).map((point) => ({ ...point, metres: boundaries.distanceTo(benThanh.index, point.lat, point.lon, 5_000) }))

  test('within 500 m is valid, and the commune that it lies in is named', async () => {
    const near = around.filter(({ metres }) => metres > 60 && metres < 490)
    expect(near.length).toBeGreaterThan(10)
    for (const { lat, lon } of near) {
      const found = await resolve(encodeVpostcode('71009', lat, lon))
      const under = communes[boundaries.communeAt(found.lat!, found.lon!)]!
      expect(found).toMatchObject({ status: 'unregistered', commune: { code: '26743' } })
      expect(found.issues).toMatchObject([{ code: 'cell-in-neighbour', used: under.code }])
    }
  })

  test('farther off is mistyped', async () => {
    const far = around.filter(({ metres }) => metres > 510)
    expect(far.length).toBeGreaterThan(10)
    for (const { lat, lon } of far) {
      const found = await resolve(encodeVpostcode('71009', lat, lon))
      expect(found).toMatchObject({ status: 'mistyped', reason: 'far-from-commune', lat: null, bounds: null })
    }
  })
})

describe('a mistyped code', () => {
  test.each([
    ['71009QMCXR8', 'wrong-length'],
    ['', 'wrong-length'],
    ['71009 QMCX R8V Bến Thành', 'wrong-length'],
    ['7I009QMCXR8V', 'head-not-digits'],
    ['71009QMCXR8O', 'outside-alphabet'],
    ['99999QMCXR8V', 'unknown-postcode'],
    ['71009Q9CXR8V', 'far-from-commune'],
    ['482910573628', 'household-id'],
  ])('%s: %s', async (text, reason) => {
    expect(await resolve(text)).toMatchObject({
      status: 'mistyped',
      reason,
      lat: null,
      lon: null,
      plusCode: null,
    })
  })

  test.each([
    ['7I009QMCXR8V', 'look-alike'],
    ['71O09QMCXR8V', 'look-alike'],
    ['17009QMCXR8V', 'transposition'],
    ['71009QCMXR8V', 'transposition'],
    ['7009QMCXR8V', 'missing'],
    ['71009QMCR8V', 'missing'],
    ['71009QMMCXR8V', 'extra'],
    ['71009Q9CXR8V', 'substitution'],
  ])('%s gets the meant code by %s', async (text, edit) => {
    const { suggestions } = await resolve(text)
    expect(suggestions).toContainEqual(expect.objectContaining({ vpostcode: '71009QMCXR8V', edit }))
  })

  test('takes look-alikes before other characters', async () => {
    const { suggestions } = await resolve('71009QMCXB8V')
    expect(suggestions[0]).toMatchObject({ vpostcode: '71009QMCX88V', edit: 'look-alike' })
  })

  test('names the province of an unknown head, and the code of today of the same cell', async () => {
    const found = await resolve('71999QMCXR8V')
    expect(found).toMatchObject({ reason: 'unknown-postcode', province: { code: '79' }, commune: null })
    expect(found.reissued).toMatchObject([
      { vpostcode: '71009QMCXR8V', communeCode: '26743', lat: 10.7721125 },
    ])
    expect((await resolve('99999QMCXR8V')).province).toBeNull()
  })

  test('gets suggestions that are one edit away and lie in the commune of their head, at most ten', async () => {
    const random = randomOf(7)
    for (let round = 0; round < 150; round++) {
      const typo = mistype(codeOfRandomPoint(random), random)
      const { status, suggestions } = await resolve(typo)
      if (status !== 'mistyped') continue
      expect(suggestions.length).toBeLessThanOrEqual(10)
      expect(new Set(suggestions.map(({ vpostcode }) => vpostcode)).size).toBe(suggestions.length)
      for (const { vpostcode, lat, lon, communeCode, registered } of suggestions) {
        expect(edits(typo, vpostcode)).toBe(1)
        expect(registered).toBe(false)
        expect(communes[boundaries.communeAt(lat, lon)]!.code).toBe(communeCode)
        expect(gazetteer.communeByPostcode(vpostcode.slice(0, 5))!.code).toBe(communeCode)
      }
    }
  })

  test('gets the registered code first, whatever the slip', async () => {
    const random = randomOf(11)
    for (let round = 0; round < 150; round++) {
      const meant = codeOfRandomPoint(random)
      const typo = mistype(meant, random)
      const { status, suggestions } = await resolve(typo, registry([household('100000000008', meant)]))
      expect(['mistyped', 'unregistered']).toContain(status)
      expect(suggestions[0]).toMatchObject({ vpostcode: meant, registered: true })
    }
  })
})

describe('a registered code', () => {
  test('is current, with the homes at it', async () => {
    const homes = [household('100000000008', '71009QMCXR8V'), household('200000000007', '71009QMCXR8V')]
    homes[1]!.parts = { unit: 'B12.05', floor: '12', houseNumber: '5' }
    const found = await resolve('71009QMCXR8V', registry(homes))
    expect(found).toMatchObject({ status: 'current', lat: 10.7721125, commune: { code: '26743' } })
    expect(found.households.map(({ id }) => id)).toEqual(['100000000008', '200000000007'])
    expect(found.households[1]!.unit).toEqual({ unit: 'B12.05', floor: '12' })
  })

  test('stands by its point when its postcode is no longer known', async () => {
    const old = {
      ...household('100000000008', '71999QMCXR8V'),
      point: { lat: 10.7721, lon: 106.6983, accuracy: 3 },
    }
    expect(await resolve('71999QMCXR8V', registry([old]))).toMatchObject({
      status: 'current',
      lat: 10.7721125,
      commune: { code: '26743' },
    })
  })

  test('shared by two islets of Truong Sa names both places', async () => {
    const points = [
      { lat: 8.2108125, lon: 114.7019219, accuracy: 3 },
      { lat: 9.2108125, lon: 113.7019219, accuracy: 3 },
    ]
    const code = encodeVpostcode('57906', points[0]!.lat, points[0]!.lon)
    const homes = points.map((point, i) => ({
      ...household(`${i + 1}00000000008`, code),
      communeCode: '22736',
      point,
    }))
    const found = await resolve(code, registry(homes))
    expect(found).toMatchObject({ status: 'current', lat: 8.2108125, otherCells: [{ lat: 9.2108125 }] })
    expect(found.issues.map(({ code }) => code)).toContain('several-cells')
    expect(await resolve(code, registry([homes[1]!]))).toMatchObject({
      lat: 9.2108125,
      otherCells: [],
      issues: [],
    })
  })

  test('once given and replaced, leads to the code of today', async () => {
    const now = household('100000000008', '71009QMCXR8V')
    const old: OldCode = {
      vpostcode: '71999QMCXR8V',
      householdId: now.id,
      current: '71009QMCXR8V',
      successors: [],
      communeCode: '26743',
      from: '2020-05-01T00:00:00.000Z',
      until: '2025-09-01T00:00:00.000Z',
    }
    expect(await resolve('71999qmcxr8v', registry([now], [old]))).toMatchObject({
      status: 'superseded',
      vpostcode: '71999QMCXR8V',
      superseded: [old],
      lat: 10.7721125,
      commune: { code: '26743' },
      suggestions: [],
    })
  })

  test('after a merge in its cell is not told to have been replaced by itself', async () => {
    const now = household('100000000008', '71009QMCXR8V')
    const old: OldCode = {
      vpostcode: '71009QMCXR8V',
      householdId: '100000000016',
      current: '71009QMCXR8V',
      successors: [now.id],
      communeCode: '26743',
      from: '2020-05-01T00:00:00.000Z',
      until: '2025-09-01T00:00:00.000Z',
    }
    expect(await resolve('71009QMCXR8V', registry([now], [old]))).toMatchObject({
      status: 'current',
      superseded: [],
    })
  })

  test('of a household that has none now, or is gone, still names its cell', async () => {
    const old = {
      successors: [],
      communeCode: '26743',
      vpostcode: '71009QMCXR8V',
      householdId: '100000000008',
      current: null,
      from: '2020',
      until: '2021',
    }
    const place = { status: 'superseded', lat: 10.7721125, lon: 106.6982969, commune: { code: '26743' } }
    expect(await resolve('71009QMCXR8V', registry([], [old]))).toMatchObject(place)
    // An old head that no commune has today.
    const head = { ...old, vpostcode: '71999QMCXR8V' }
    expect(await resolve('71999QMCXR8V', registry([], [head]))).toMatchObject(place)
  })
})

function household(id: string, vpostcode: string): KnownHousehold {
  return {
    id,
    status: 'provisional',
    parts: {},
    communeCode: '26743',
    postcode: '71009',
    point: null,
    vpostcode,
    access: null,
  }
}

/** What a registry of these households answers. */
function registry(homes: KnownHousehold[], old: OldCode[] = []): KnownHouseholds {
  return {
    atCode: async (code) => homes.filter(({ vpostcode }) => vpostcode === code),
    knownCodes: async (codes) =>
      new Set(codes.filter((code) => homes.some(({ vpostcode }) => vpostcode === code))),
    oldCodes: async (code) => old.filter(({ vpostcode }) => vpostcode === code),
    oldPostcodes: async () => [],
    nearest: async () => [],
    idsNear: async () => [],
  }
}

function pointsOf(
  [west, south, east, north]: readonly [number, number, number, number],
  count: number,
  wanted: (lat: number, lon: number) => boolean,
) {
  const random = randomOf(3)
  const points: { lat: number; lon: number }[] = []
  for (let tries = 0; points.length < count && tries < 200_000; tries++) {
    const lat = south + random() * (north - south)
    const lon = west + random() * (east - west)
    if (wanted(lat, lon)) points.push({ lat, lon })
  }
  return points
}

function codeOfRandomPoint(random: () => number): string {
  const { inside } = communes[Math.floor(random() * communes.length)]!
  return encodePoint(gazetteer, inside.lat, inside.lon)!.vpostcode
}

/** One slip of the finger: another character, two swapped, one missing, one too many. Never the same text. */
function mistype(code: string, random: () => number): string {
  const at = Math.floor(random() * 11)
  const any = `${ALPHABET}01OIBDEZ`[Math.floor(random() * 28)]!
  const typo = [
    code.slice(0, at) + any + code.slice(at + 1),
    code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2),
    code.slice(0, at) + code.slice(at + 1),
    code.slice(0, at) + any + code.slice(at),
  ][Math.floor(random() * 4)]!
  return typo === code ? mistype(code, random) : typo
}

/** Damerau's distance of neighbouring transpositions, written down plainly. */
function edits(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => i + j),
  )
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      rows[i]![j] = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        rows[i]![j] = Math.min(rows[i]![j]!, rows[i - 2]![j - 2]! + 1)
    }
  return rows[a.length]![b.length]!
}
