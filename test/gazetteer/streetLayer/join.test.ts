import { describe, expect, test } from 'vitest'
import { hangTogether } from '../../../src/gazetteer/streetLayer/join.ts'
import { line } from './layerOf.ts'

/** East and north in metres to longitude, latitude in millionths of a degree. */
const drawn = (...points: (readonly [number, number])[]) => {
  const degrees = line(...points)
  return Int32Array.from(degrees, (_, i) => Math.round(degrees[i ^ 1]! * 1e6))
}
const groupsOf = (lines: Int32Array[], metres: number) =>
  hangTogether(lines, metres).map(({ members }) => members)

describe('what hangs together', () => {
  test('comes within the gap at any of its points, over others too', () => {
    const lines = [
      drawn([0, 0], [500, 0]),
      drawn([530, 0], [900, 0]),
      drawn([250, 300], [250, 35], [250, 300]),
      drawn([0, 5000], [500, 5000]),
    ]
    expect(groupsOf(lines, 40)).toEqual([[0, 1], [2], [3]])
    expect(groupsOf(lines, 290)).toEqual([[0, 1, 2], [3]])
  })

  test('is the same as when all points of all pairs are compared', () => {
    let seed = 7
    const below = (most: number) => {
      seed = (seed * 48271) % 2147483647
      return seed % most
    }
    for (let round = 0; round < 20; round++) {
      const metres = [40, 200, 500][round % 3]!
      const lines = Array.from({ length: 60 }, () => {
        const [x, y] = [below(6000), below(6000)]
        return drawn([x, y], [x + below(200), y + below(200)], [x + below(300), y + below(300)])
      })
      const { groups } = pairByPair(lines, metres)
      expect(groupsOf(lines, metres)).toEqual(groups)
    }
  })

  test('each group is tied into one by its points and links', () => {
    const lines = Array.from({ length: 30 }, (_, i) => drawn([i * 100, 0], [i * 100 + 30, 0]))
    const [{ members, links }] = hangTogether(lines, 200) as [ReturnType<typeof hangTogether>[number]]
    const reached = new Set([0])
    for (let round = 0; round < 30; round++)
      for (const [a, , b] of links) {
        if (reached.has(a)) reached.add(b)
        if (reached.has(b)) reached.add(a)
      }
    expect(reached.size).toBe(members.length)
  })
})

describe('many ways take time and links for each, not for each pair', () => {
  const star = Array.from({ length: 8000 }, (_, i) =>
    drawn([0, 0], [Math.cos(i) * (20 + (i % 200)), Math.sin(i) * (20 + (i % 200))]),
  )
  test('8,000 ways of one name at one node', () => {
    const [together] = hangTogether(star, 500) as [ReturnType<typeof hangTogether>[number]]
    expect(together.members).toHaveLength(8000)
    expect(together.links.length).toBeLessThan(40 * 8000)
  })
  test('two ways of 20,000 points beside each other', () => {
    const long = (north: number) =>
      drawn(...Array.from({ length: 20_000 }, (_, i) => [i / 4, north + (i % 2)] as const))
    expect(groupsOf([long(0), long(300)], 500)).toEqual([[0, 1]])
    expect(groupsOf([long(0), long(300)], 40)).toEqual([[0], [1]])
  })
})

function pairByPair(lines: Int32Array[], metres: number): { groups: number[][] } {
  const root = lines.map((_, i) => i)
  const [x, y] = [0.10936, 0.1106]
  for (const [i, one] of lines.entries())
    for (let j = 0; j < i; j++) {
      let near = Infinity
      for (let a = 0; a < one.length; a += 2)
        for (let b = 0; b < lines[j]!.length; b += 2)
          near = Math.min(
            near,
            Math.hypot((one[a]! - lines[j]![b]!) * x, (one[a + 1]! - lines[j]![b + 1]!) * y),
          )
      if (near > metres) continue
      const [from, to] = [root[i]!, root[j]!]
      for (const [k, of] of root.entries()) if (of === from) root[k] = to
    }
  const groups = new Map<number, number[]>()
  for (const [line, of] of root.entries()) groups.set(of, [...(groups.get(of) ?? []), line])
  return { groups: [...groups.values()] }
}
