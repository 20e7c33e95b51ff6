import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseVpostcode } from '../../src/vpostcode/parse.ts'
import { encodePlusCode } from '../../src/vpostcode/pluscode.ts'
import {
  cellsInside,
  decodeVpostcode,
  encodeVpostcode,
  formatVpostcode,
} from '../../src/vpostcode/vpostcode.ts'
import { decimalText, exactPlusCode, seededRandom } from './exact.ts'

const vietnam = fc.tuple(
  fc.double({ min: 8, max: 24, noNaN: true }),
  fc.double({ min: 102, max: 118, noNaN: true }),
)

test('the check vector: Ben Thanh', () => {
  expect(encodePlusCode(10.7721, 106.6983, 11)).toBe('7P28QMCX+R8V')
  expect(encodeVpostcode('71009', 10.7721, 106.6983)).toBe('71009QMCXR8V')
  expect(decodeVpostcode('71009QMCXR8V', { lat: 10.7746, lon: 106.6937 })).toEqual({
    south: 10.7721,
    west: 106.69828125,
    north: 10.772125,
    east: 106.6983125,
    lat: 10.7721125,
    lon: 106.698296875,
  })
})

test('100,000 points of 3 to 6 decimals get digits 5 to 11 of the exact code', () => {
  const random = seededRandom(3)
  const wrong: string[] = []
  for (let index = 0; index < 100_000; index++) {
    const decimals = 3 + (index % 4)
    const lat = decimalText(random, 8, 24, decimals)
    const lon = decimalText(random, 102, 118, decimals)
    const exact = `11120${exactPlusCode(lat, lon, 11).slice(4).replace('+', '')}`
    if (encodeVpostcode('11120', Number(lat), Number(lon)) !== exact) wrong.push(`${lat},${lon}`)
  }
  expect(wrong).toEqual([])
})

test('a code leads back to its cell from every reference nearer than half a degree', () => {
  const shift = fc.double({ min: -0.49, max: 0.49, noNaN: true })
  fc.assert(
    fc.property(vietnam, shift, shift, ([lat, lon], up, east) => {
      const code = encodeVpostcode('11120', lat, lon)
      const cell = decodeVpostcode(code, { lat: lat + up, lon: lon + east })
      expect(cell.south - 2e-14 <= lat && lat < cell.north).toBe(true)
      expect(cell.west - 7e-14 <= lon && lon < cell.east).toBe(true)
      expect(encodeVpostcode('11120', cell.lat, cell.lon)).toBe(code)
      expect(encodeVpostcode('11120', cell.south, cell.west)).toBe(code)
    }),
    { seed: 4, numRuns: 3000 },
  )
})

test('the whole earth goes round, poles and date line too', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -90, max: 90, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
      (lat, lon) => {
        const code = encodeVpostcode('00000', lat, lon)
        const cell = decodeVpostcode(code, { lat, lon })
        expect(encodeVpostcode('00000', cell.lat, cell.lon)).toBe(code)
      },
    ),
    { seed: 5, numRuns: 3000 },
  )
})

describe('a commune wider than a degree', () => {
  // The reference point of Truong Sa and an islet of it that lies nearly five degrees away.
  const reference = { lat: 7.884771, lon: 110.012173 }
  const islet = { lat: 8.6451, lon: 111.9196 }
  const code = encodeVpostcode('57915', islet.lat, islet.lon)
  const inIslet = (lat: number, lon: number) => Math.hypot(lat - islet.lat, lon - islet.lon) < 0.01

  test('without more knowledge the nearest cell is taken', () => {
    const cell = decodeVpostcode(code, reference)
    expect(Math.abs(cell.lat - reference.lat)).toBeLessThanOrEqual(0.5)
    expect(Math.abs(cell.lon - reference.lon)).toBeLessThanOrEqual(0.5)
  })

  test('the cell inside the commune is taken when it is known', () => {
    const cell = decodeVpostcode(code, reference, inIslet)
    expect(Math.abs(cell.lat - islet.lat)).toBeLessThan(0.00003)
    expect(Math.abs(cell.lon - islet.lon)).toBeLessThan(0.00003)
  })

  test('of several inside the nearest, of none the nearest of all', () => {
    const wide = decodeVpostcode(
      code,
      reference,
      (lat, lon) => inIslet(lat, lon) || inIslet(lat - 2, lon - 3),
    )
    expect(Math.abs(wide.lat - islet.lat)).toBeLessThan(0.00003)
    expect(
      cellsInside(code, reference, (lat, lon) => inIslet(lat, lon) || inIslet(lat - 2, lon - 3)),
    ).toHaveLength(2)
    expect(decodeVpostcode(code, reference, () => false)).toEqual(decodeVpostcode(code, reference))
  })
})

describe('reading what people type', () => {
  test.each([
    '71009QMCXR8V',
    '71009qmcxr8v',
    ' 71009 QMCX R8V ',
    '71009-QMCX-R8V',
    '71009 QMCX+R8V',
    '710 09Q MCX R8V',
    '7 1 0 0 9 q m c x r 8 v',
    '71009–QMCX–R8V',
    '71009\u00a0QMCX\u200bR8V',
    '71009.QMCX.R8V',
  ])('%j', (text) => {
    expect(parseVpostcode(text)).toEqual({
      ok: true,
      code: '71009QMCXR8V',
      postcode: '71009',
      tail: 'QMCXR8V',
    })
  })

  test.each([
    ['71009QMCXR8', 'wrong-length', []],
    ['', 'wrong-length', []],
    ['7P28QMCX+R8V', 'wrong-length', []],
    ['7'.repeat(100_000), 'wrong-length', []],
    ['7I0O9QMCXR8V', 'head-not-digits', [1, 3]],
    ['71009QMCOR8A', 'outside-alphabet', [8, 11]],
    ['71009 QM1X ĐR8', 'outside-alphabet', [7, 9]],
  ] as const)('%.20j is refused as %s', (text, reason, positions) => {
    expect(parseVpostcode(text)).toMatchObject({ ok: false, reason, positions })
  })

  test('the printed form is read back', () => {
    fc.assert(
      fc.property(vietnam, fc.integer({ min: 0, max: 99_999 }), ([lat, lon], postcode) => {
        const code = encodeVpostcode(String(postcode).padStart(5, '0'), lat, lon)
        expect(parseVpostcode(formatVpostcode(code).toLowerCase())).toMatchObject({ ok: true, code })
      }),
      { seed: 6, numRuns: 500 },
    )
    expect(formatVpostcode('71009QMCXR8V')).toBe('71009 QMCX R8V')
  })
})

describe('what cannot be coded is refused with the value', () => {
  const reference = { lat: 10, lon: 106 }
  test.each([
    [() => encodeVpostcode('71009', Number.NaN, 1), /latitude is not a number from -90 to 90: NaN/],
    [() => encodeVpostcode('71009', 90.1, 1), /latitude .*: 90.1/],
    [() => encodeVpostcode('71009', 10, 181), /longitude is not a number from -180 to 180: 181/],
    [() => encodeVpostcode('71009', '10' as never, 1), /latitude .*: "10"/],
    [() => encodeVpostcode('7100', 10, 106), /not a postcode of five digits: "7100"/],
    [() => encodeVpostcode('7100A', 10, 106), /not a postcode of five digits: "7100A"/],
    [() => encodeVpostcode(71009 as never, 10, 106), /not a postcode of five digits: 71009/],
    [() => decodeVpostcode('71009qmcxr8v', reference), /not a canonical Vpostcode: "71009qmcxr8v"/],
    [() => decodeVpostcode('71009QMCXR8', reference), /not a canonical Vpostcode/],
    [() => decodeVpostcode('71009QMCXR8V', { lat: 91, lon: 1 }), /latitude .*: 91/],
    [() => decodeVpostcode(12 as never, reference), /not a canonical Vpostcode: 12/],
    [() => formatVpostcode('71009'), /not a canonical Vpostcode: "71009"/],
    [() => parseVpostcode(undefined as never), /not a text: undefined/],
  ])('%s', (call, message) => {
    expect(call).toThrow(RangeError)
    expect(call).toThrow(message)
  })
})
