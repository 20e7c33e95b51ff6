import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultOf, fuzz } from '../../scripts/fuzz.ts'
import type { CurrentCommune } from '../../src/gazetteer/types.ts'
import { InputTooLong, MAX_INPUT } from '../../src/match/understand.ts'
import { currentAddress, formerAddress, gazetteer, understand } from './world.ts'

describe('the size of a text', () => {
  test.each([501, 502, 1000, 100_000])('%d characters are refused with their number', (length) => {
    const text = 'Phường Bến Thành, '.repeat(length).slice(0, length)
    expect(() => understand(text)).toThrow(InputTooLong)
    expect(() => understand(text)).toThrow(String(length))
  })
  test('exactly 500 are read', () => {
    const tail = ', Phường Bến Thành, Thành phố Hồ Chí Minh'
    const text = 'a'.repeat(MAX_INPUT - tail.length) + tail
    expect(understand(text).current?.commune?.name).toBe('Bến Thành')
  })
  test.each(['', ' ', ',,,', '???', '\u0000', '😀', '\ud800'])(
    '%j is not understood, without an exception',
    (text) => {
      const { grade, current, candidates, components } = understand(text)
      expect({ grade, current, candidates, components }).toEqual({
        grade: 'D',
        current: null,
        candidates: [],
        components: {},
      })
    },
  )
})

describe('every answer', () => {
  test('of a real unit holds its promises', () => {
    fc.assert(
      fc.property(fc.oneof(currentAddress, formerAddress), (parts) => {
        expect(faultOf(understand(parts.join(', ')))).toBeNull()
      }),
      { numRuns: 500, seed: 7 },
    )
  })
  test('of a commune of today by its full name and province is one of today', () => {
    const others = gazetteer.communes
      .map((commune) => `${commune.fullName}, ${commune.province.fullName}`)
      .filter((text) => understand(text).era !== 'current')
    expect(others).toEqual([])
  })
  test('of 20,000 generated texts comes without an exception and holds its promises', () => {
    expect(fuzz(gazetteer, 20_000, 20_250_701)).toBeNull()
  }, 120_000)
  test('is the same every time and does not depend on the texts before', () => {
    const text = '12 Lê Lợi, Phường 7, Quận 3, TP.HCM'
    const first = understand(text)
    understand('thôn Đông Tảo, xã Tân Dân, Khoái Châu, Hưng Yên')
    expect(understand(text)).toEqual(first)
  })
})

/** A text and where it is. Plain values, so that a counterexample can be printed: the units of the gazetteer are one net. */
interface Place {
  text: string
  lat: number
  lon: number
  code: string
}
const placeOf = (units: { fullName: string }[], { code, inside }: CurrentCommune): Place => ({
  text: units.map(({ fullName }) => fullName).join(', '),
  ...inside,
  code,
})

describe('a point', () => {
  test('inside the commune that the text names changes nothing', () => {
    const places = gazetteer.communes.map((commune) => placeOf([commune, commune.province], commune))
    fc.assert(
      fc.property(fc.constantFrom(...places), ({ text, lat, lon }) => {
        expect(understand(text, { point: { lat, lon } }).current).toEqual(understand(text).current)
      }),
      { numRuns: 300, seed: 13 },
    )
  })
  // Where one part took the whole population a point in another one is not believed at once: it is only offered.
  test('decides for the part of a split commune that it lies in', () => {
    const places = gazetteer.formerCommunes
      .filter(
        ({ successors }) =>
          successors.length > 1 && !successors.some(({ takesPopulation }) => takesPopulation),
      )
      .flatMap((former) =>
        former.successors.map(({ current }) => placeOf([former, former.district, former.province], current)),
      )
    fc.assert(
      fc.property(fc.constantFrom(...places), ({ text, lat, lon, code }) => {
        expect(understand(text, { point: { lat, lon } }).current?.commune?.code).toBe(code)
      }),
      { numRuns: 300, seed: 17 },
    )
  })
})
