import fc from 'fast-check'
import { expect, test } from 'vitest'
import { metresBetween, scaleAt, squaredDistance } from '../../../src/geo/flatEarth.ts'
import { at, layerOf } from './layerOf.ts'

const place = fc.tuple(fc.integer({ min: -900, max: 900 }), fc.integer({ min: -900, max: 900 }))
const name = fc.constantFrom(
  'Lê Lợi',
  'Nguyễn Huệ',
  'Đường số 3',
  'Hẻm 42',
  'Hẻm 42/3 Lê Lợi',
  'Ngách 5 Ngõ 12 Lê Lợi',
  'Ngõ 12',
  'D2',
)
const way = fc.record({
  name,
  other: fc.option(name, { nil: null }),
  points: fc.uniqueArray(place, { minLength: 2, maxLength: 8, selector: ([e, n]) => `${e} ${n}` }),
})
const house = fc.record({
  number: fc.constantFrom('7', '42/3', '12A', '5/2/1', '14;16'),
  street: fc.option(name, { nil: null }),
  point: place,
})
const map = fc.record({
  ways: fc.array(way, { minLength: 1, maxLength: 25 }),
  houses: fc.array(house, { maxLength: 25 }),
})
type DrawnMap = typeof map extends fc.Arbitrary<infer T> ? T : never

const draw = ({ ways, houses }: DrawnMap) =>
  layerOf((pen) => {
    for (const { name, other, points } of ways)
      pen.way(
        name,
        points.flatMap(([e, n]) => Object.values(at(e, n))),
        { otherNames: other ? [other] : [] },
      )
    for (const { number, street, point } of houses) pen.house(number, street, point)
  })

test('of any map no way is lost, and rows lead to each other', () => {
  fc.assert(
    fc.property(map, (drawn) => {
      const layer = draw(drawn)
      const rows = layer.counts.streets + layer.counts.alleys
      const streets = Array.from({ length: rows }, (_, row) => layer.streetAt(row))
      const drawnMetres = drawn.ways.reduce((sum, { points }) => {
        const places = points.map(([e, n]) => at(e, n))
        return sum + places.slice(1).reduce((part, next, i) => part + metresBetween(places[i]!, next), 0)
      }, 0)
      const metres = streets.reduce((sum, street) => sum + street.metres, 0)
      expect(Math.abs(metres - drawnMetres)).toBeLessThan(2 + drawnMetres / 500)
      for (const street of streets) {
        expect(street.from).toBeGreaterThanOrEqual(0)
        expect(street.to).toBeGreaterThanOrEqual(street.from)
        expect(layer.pieces(street).map(({ row }) => row)).toContain(street.row)
        if (street.alley?.parent)
          expect(layer.alleysOf(street.alley.parent).map(({ row }) => row)).toContain(street.row)
        else if (!street.alley)
          expect(layer.streetsNamed(street.name, street.commune).map(({ row }) => row)).toContain(street.row)
      }
      for (let row = 0; row < layer.counts.houses; row++) {
        const { street } = layer.houseAt(row)
        if (street) expect(layer.housesOf(street).map((one) => one.row)).toContain(row)
      }
    }),
    { numRuns: 150, seed: 6 },
  )
})

test('the nearest street is the one that brute force finds', () => {
  fc.assert(
    fc.property(map, place, (drawn, [e, n]) => {
      const layer = draw(drawn)
      const { lat, lon } = at(e, n)
      const { xy, lineStart, pointStart } = layer.arrays
      let least = Infinity
      for (let line = 0; line < lineStart.at(-1)!; line++)
        for (let i = pointStart[line]!; i + 1 < pointStart[line + 1]!; i++) {
          const [ax, ay, bx, by] = xy.subarray(2 * i, 2 * i + 4) as unknown as [
            number,
            number,
            number,
            number,
          ]
          least = Math.min(least, squaredDistance(lon * 1e6, lat * 1e6, ax, ay, bx, by, scaleAt(lat)))
        }
      const [hit] = layer.nearestStreets(lat, lon, 2_000, 1)
      if (least <= 2_000 ** 2) expect(hit!.metres).toBeCloseTo(Math.sqrt(least), 3)
      else expect(hit).toBeUndefined()
    }),
    { numRuns: 150, seed: 7 },
  )
})
