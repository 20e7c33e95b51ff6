import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodePlusCode, encodePlusCode } from '../../src/vpostcode/pluscode.ts'
import { recoverPlusCode, shortenPlusCode } from '../../src/vpostcode/shorten.ts'
import { isFull, isShort, isValid } from '../../src/vpostcode/validity.ts'
import { decimalText, exactPlusCode, seededRandom } from './exact.ts'

const latitude = fc.double({ min: -90, max: 90, noNaN: true })
const longitude = fc.double({ min: -180, max: 180, noNaN: true })
const length = fc.constantFrom(2, 4, 6, 8, 10, 11, 12, 13, 14, 15)

test('100,000 points of 3 to 6 decimals get the exact code', () => {
  const random = seededRandom(2)
  const wrong: string[] = []
  for (let index = 0; index < 100_000; index++) {
    const decimals = 3 + (index % 4)
    const anywhere = index % 2 === 0
    const lat = anywhere ? decimalText(random, -90, 90, decimals) : decimalText(random, 8, 24, decimals)
    const lon = anywhere ? decimalText(random, -180, 180, decimals) : decimalText(random, 102, 118, decimals)
    if (encodePlusCode(Number(lat), Number(lon), 15) !== exactPlusCode(lat, lon, 15))
      wrong.push(`${lat},${lon}`)
  }
  expect(wrong).toEqual([])
})

test('a point lies in the cell of its code, and every corner inside and the centre give the code back', () => {
  fc.assert(
    fc.property(latitude, longitude, length, (lat, lon, digits) => {
      const code = encodePlusCode(lat, lon, digits)
      const cell = decodePlusCode(code)
      // Half a millionth of a unit under an edge counts as the edge.
      expect(cell.south - 5e-14 <= lat && (lat < cell.north || cell.north === 90)).toBe(true)
      expect(lon > 180 - 1e-13 || (cell.west - 1e-13 <= lon && lon < cell.east)).toBe(true)
      expect(encodePlusCode(cell.south, cell.west, digits)).toBe(code)
      expect(encodePlusCode(cell.lat, cell.lon, digits)).toBe(code)
      expect(isFull(code)).toBe(true)
    }),
    { seed: 1, numRuns: 2000 },
  )
})

test('the north and east edges belong to the neighbours', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 7_199_998 }),
      fc.integer({ min: 0, max: 11_519_998 }),
      (row, column) => {
        const lat = (row * 625 - 90 * 25e6) / 25e6
        const lon = (column * 256 - 180 * 8_192_000) / 8_192_000
        const cell = decodePlusCode(encodePlusCode(lat, lon, 11))
        expect([cell.south, cell.west]).toEqual([lat, lon])
        const neighbour = decodePlusCode(encodePlusCode(cell.north, cell.east, 11))
        expect([neighbour.south, neighbour.west]).toEqual([cell.north, cell.east])
      },
    ),
    { seed: 2, numRuns: 2000 },
  )
})

test('latitudes are clipped, longitudes wrap, lengths above 15 count as 15, short ones are padded', () => {
  expect(encodePlusCode(91, 1, 10)).toBe(encodePlusCode(90, 1, 10))
  expect(encodePlusCode(-90.5, 1, 10)).toBe(encodePlusCode(-90, 1, 10))
  expect(encodePlusCode(10.7721, 106.6983 + 720, 10)).toBe('7P28QMCX+R8')
  expect(encodePlusCode(1, 180, 4)).toBe(encodePlusCode(1, -180, 4))
  expect(encodePlusCode(10.7721, 106.6983, 100)).toBe(encodePlusCode(10.7721, 106.6983, 15))
  expect(encodePlusCode(10.7721, 106.6983, 2)).toBe('7P000000+')
  expect(encodePlusCode(10.7721, 106.6983, 6)).toBe('7P28QM00+')
})

test('a shortened code is recovered by its reference', () => {
  fc.assert(
    fc.property(latitude, longitude, fc.double({ min: -1, max: 1, noNaN: true }), (lat, lon, apart) => {
      const code = encodePlusCode(lat, lon, 11)
      const short = shortenPlusCode(code, lat + apart, lon + apart)
      if (Math.abs(lat + apart) < 89) expect(recoverPlusCode(short, lat + apart, lon + apart)).toBe(code)
      expect(short === code || isShort(short)).toBe(true)
    }),
    { seed: 3, numRuns: 2000 },
  )
})

describe('what cannot be coded is refused with the value', () => {
  test.each([
    [() => encodePlusCode(Number.NaN, 1), /latitude is not a finite number: NaN/],
    [() => encodePlusCode(1, Number.POSITIVE_INFINITY), /longitude is not a finite number: Infinity/],
    [() => encodePlusCode('10.77' as never, 1), /latitude is not a finite number: "10.77"/],
    [() => encodePlusCode(1, 1, 9), /not a length of a plus code .*: 9/],
    [() => encodePlusCode(1, 1, 1), /not a length of a plus code .*: 1/],
    [() => encodePlusCode(1, 1, 10.5), /not a length of a plus code .*: 10.5/],
    [() => decodePlusCode('QMCX+R8'), /not a full plus code: "QMCX\+R8"/],
    [() => decodePlusCode(undefined as never), /not a full plus code: undefined/],
    [() => shortenPlusCode('7P280000+', 1, 1), /padded/],
    [() => shortenPlusCode('QMCX+R8', 1, 1), /not a full plus code/],
    [() => recoverPlusCode('nonsense', 1, 1), /not a plus code: "nonsense"/],
    [() => recoverPlusCode('QMCX+R8', Number.NaN, 1), /latitude/],
  ])('%s', (call, message) => {
    expect(call).toThrow(RangeError)
    expect(call).toThrow(message)
  })
})

test('validity refuses what is no text and padding in a wrong place', () => {
  expect([undefined, null, 7, {}].map((value) => isValid(value as never))).toEqual([
    false,
    false,
    false,
    false,
  ])
  expect(['8FW00000+', '0F000000+', '8F000000+22', '8F00CC00+'].map(isValid)).toEqual([
    false,
    false,
    false,
    false,
  ])
})
