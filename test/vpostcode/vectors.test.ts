import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { latitudeUnits, longitudeUnits } from '../../src/vpostcode/grid.ts'
import { decodePlusCode, encodePlusCode } from '../../src/vpostcode/pluscode.ts'
import { recoverPlusCode, shortenPlusCode } from '../../src/vpostcode/shorten.ts'
import { isFull, isShort, isValid } from '../../src/vpostcode/validity.ts'

const GOOGLE = `${process.env.VPOSTCODE_SHARED ?? '../shared'}/data/olc`
const here = existsSync(GOOGLE)
if (!here)
  console.log(`Google's vectors are not in ${GOOGLE}: only our own (test/vpostcode/vectors.csv) are run.`)

/** The rows of a vector file, without comments and blank lines, as cells. */
function rows(path: string | URL): string[][] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => line.trim().split(','))
}

test('our own vectors, made by exact rational arithmetic', () => {
  const own = rows(new URL('vectors.csv', import.meta.url)).slice(1)
  expect(own).toHaveLength(407)
  for (const [lat, lon, latUnits, lonUnits, digits, code] of own) {
    expect([lat, lon, latitudeUnits(Number(lat)), longitudeUnits(Number(lon))].join()).toBe(
      [lat, lon, latUnits, lonUnits].join(),
    )
    expect(encodePlusCode(Number(lat), Number(lon), Number(digits)), `${lat},${lon}`).toBe(code)
    const cell = decodePlusCode(code!)
    expect(cell.digits).toBe(Number(digits))
    expect(encodePlusCode(cell.south, cell.west, cell.digits), `corner of ${code}`).toBe(code)
    expect(encodePlusCode(cell.lat, cell.lon, cell.digits), `centre of ${code}`).toBe(code)
  }
})

describe.skipIf(!here)(
  here ? "Google's vectors" : "Google's vectors (skipped: not in the data folder)",
  () => {
    test('encoding: 302 with the integer columns', () => {
      const vectors = rows(`${GOOGLE}/encoding.csv`)
      expect(vectors).toHaveLength(302)
      const wrong = vectors.filter(([lat, lon, latUnits, lonUnits, digits, code]) => {
        const units = `${latitudeUnits(Number(lat))},${longitudeUnits(Number(lon))}`
        return (
          units !== `${latUnits},${lonUnits}` ||
          encodePlusCode(Number(lat), Number(lon), Number(digits)) !== code
        )
      })
      expect(wrong).toEqual([])
    })

    test('decoding: 420', () => {
      const vectors = rows(`${GOOGLE}/decoding.csv`)
      expect(vectors).toHaveLength(420)
      for (const [code, digits, ...edges] of vectors) {
        const cell = decodePlusCode(code!)
        expect(cell.digits).toBe(Number(digits))
        const ours = [cell.south, cell.west, cell.north, cell.east]
        // The columns are printed with ten to fourteen decimals.
        edges.forEach((edge, index) => {
          expect(Math.abs(ours[index]! - Number(edge)), `${code} edge ${index}`).toBeLessThan(1e-10)
        })
      }
    })

    test('short codes: 19', () => {
      const vectors = rows(`${GOOGLE}/shortCodeTests.csv`)
      expect(vectors).toHaveLength(19)
      for (const [full, lat, lon, short, type] of vectors) {
        if (type !== 'R') expect(shortenPlusCode(full!, Number(lat), Number(lon))).toBe(short)
        if (type !== 'S') expect(recoverPlusCode(short!, Number(lat), Number(lon))).toBe(full)
      }
    })

    test('validity: 25', () => {
      const vectors = rows(`${GOOGLE}/validityTests.csv`)
      expect(vectors).toHaveLength(25)
      const ours = vectors.map(([code]) => [
        code,
        String(isValid(code!)),
        String(isShort(code!)),
        String(isFull(code!)),
      ])
      expect(ours).toEqual(vectors)
    })
  },
)
