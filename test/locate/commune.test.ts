import { expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import type { Boundaries, Gazetteer } from '../../src/gazetteer/types.ts'
import { locateCommune } from '../../src/locate/commune.ts'

const gazetteer = load()

/** The real communes with boundaries that answer as told. */
function world(at: number, within: { index: number; metres: number }[]): Gazetteer {
  const boundaries: Boundaries = {
    communeAt: () => at,
    communesWithin: (_lat, _lon, metres) => within.filter((near) => near.metres <= metres),
    distanceTo: () => Number.NaN,
    outline: gazetteer.boundaries.outline,
  }
  return { ...gazetteer, boundaries }
}
const [a, b, c] = gazetteer.communes

test('inside: that commune, and the others within 50 m', () => {
  const within = [
    { index: 0, metres: 0 },
    { index: 2, metres: 12 },
    { index: 1, metres: 50.1 },
  ]
  expect(locateCommune(world(0, within), 16, 106)).toEqual({
    commune: a,
    neighbours: [{ commune: c, metres: 12 }],
    issue: null,
  })
})

test('outside all but within 50 m: the nearest, named as near the border, and the next as its neighbour', () => {
  const within = [
    { index: 1, metres: 30 },
    { index: 0, metres: 49.9 },
  ]
  expect(locateCommune(world(-1, within), 16, 106)).toEqual({
    commune: b,
    neighbours: [{ commune: a, metres: 49.9 }],
    issue: 'near-border',
  })
})

test('farther than 50 m from every commune: outside coverage', () => {
  const nowhere = { commune: null, neighbours: [], issue: 'outside-coverage' }
  expect(locateCommune(world(-1, [{ index: 1, metres: 50.5 }]), 16, 106)).toEqual(nowhere)
  expect(locateCommune(gazetteer, Number.NaN, 106)).toEqual(nowhere)
})

test('walking over a real border, both sides name each other', () => {
  // East from the inside point of Ba Dinh until another commune answers.
  const start = gazetteer.commune('00004')!
  const { lat, lon } = start.inside
  const step = 0.0001
  let steps = 0
  while (gazetteer.boundaries.communeAt(lat, lon + steps * step) === start.index) steps++
  const [west, east] = [steps - 1, steps].map((at) => locateCommune(gazetteer, lat, lon + at * step))
  expect(west!.commune).toBe(start)
  expect(east!.commune).not.toBe(start)
  expect(west!.neighbours.map(({ commune }) => commune.code)).toContain(east!.commune!.code)
  expect(east!.neighbours.map(({ commune }) => commune.code)).toContain(start.code)
  for (const { metres } of [...west!.neighbours, ...east!.neighbours]) {
    expect(metres).toBeGreaterThan(0)
    expect(metres).toBeLessThanOrEqual(50)
  }
})
