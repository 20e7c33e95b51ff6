import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseCsv } from '../../src/gazetteer/csv.ts'
import { load } from '../../src/gazetteer/load.ts'
import type { StreetLayer } from '../../src/gazetteer/streetLayer/types.ts'
import { complete } from '../../src/http/complete.ts'
import { completions } from '../../src/match/complete/complete.ts'
import { worldOf } from '../../src/match/complete/world.ts'

const gazetteer = load()
const { rows } = parseCsv(readFileSync(new URL('../cases/typed/completions.csv', import.meta.url), 'utf8'))

const near = ({ lat, lon }: Record<string, string>) => (lat ? { lat: Number(lat), lon: Number(lon) } : null)

describe('what is typed becomes', () => {
  test.each(rows.map((row) => [row['typed']!, row['label']!, row] as const))(
    '"%s": %s',
    (text, label, row) => {
      const offers = complete(text, { filters: {}, near: near(row), limit: 5 }, gazetteer).map(
        (offer) => offer.label,
      )
      expect(offers.slice(0, Number(row['rank']))).toContain(label)
    },
  )
})

test('answers stand in the order of their scores, which lie between 0 and 1', () => {
  for (const { typed } of rows) {
    const scores = completions(typed!, worldOf(gazetteer), { limit: 20 }).map(({ score }) => score)
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
    expect(scores.every((score) => score > 0 && score <= 1)).toBe(true)
  }
})

test('no place is offered twice, and never more than asked for', () => {
  for (const { typed } of rows) {
    const ids = complete(typed!, { filters: {}, near: null, limit: 7 }, gazetteer).map(
      ({ place }) => `${place.type} ${place.id}`,
    )
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeLessThanOrEqual(7)
  }
})

test.each([
  '',
  ' ',
  ',',
  '/',
  '()',
  '😀',
  '000000',
  '0912345678',
  'q',
  'xyzzyx',
  'a '.repeat(60),
  'nguyen '.repeat(18),
  'a'.repeat(400),
])('"%s" throws nothing', (text) => {
  expect(() => completions(text, worldOf(gazetteer), { limit: 5 })).not.toThrow()
})

test('a phone number is no house number', () => {
  const labels = complete('0912345678 le loi', { filters: {}, near: null, limit: 5 }, gazetteer).map(
    ({ label }) => label,
  )
  expect(labels.join()).not.toContain('0912345678')
})

test('an imported layer that bears the name of the shipped one tells its streets too', () => {
  const commune = gazetteer.commune('00070')!
  const streets = [{ alley: null, commune, metres: 500 }]
  const [{ head }] = gazetteer.streetLayers.layers as [StreetLayer]
  const layer = {
    head: { ...head, source: 'a newer map' },
    nameCount: 1,
    nameAt: () => ({ key: 'khong ban do', name: 'Đường Không Bản Đồ', streets }),
  } as unknown as StreetLayer
  const streetLayers = { ...gazetteer.streetLayers, layers: [layer] }
  const [first] = completions('khong ban d', worldOf({ ...gazetteer, streetLayers }), { limit: 1 })
  expect(first).toMatchObject({ street: 'Không Bản Đồ', place: { code: '00070' } })
})

test('after an import the names are made anew between other work, and the old ones are offered until then', async () => {
  let streetLayers = gazetteer.streetLayers
  const changing = {
    ...gazetteer,
    get streetLayers() {
      return streetLayers
    },
  }
  const before = worldOf(changing)
  streetLayers = Object.create(streetLayers, { version: { value: 'another' } })
  expect(worldOf(changing)).toBe(before)
  let turns = 0
  while (worldOf(changing) === before) {
    await new Promise((resolve) => setImmediate(resolve))
    turns++
  }
  expect(turns).toBeGreaterThan(10)
})
