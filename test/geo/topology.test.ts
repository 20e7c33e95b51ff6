import { expect, test } from 'vitest'
import { buildTopology, type Topology } from '../../src/geo/topology.ts'
import { type Ring, ringSet, square } from './shapes.ts'

const arcs = (topology: Topology) => topology.arcStart.length - 1

/** The open ring that the arcs of ring `at` make together. */
function ringOf(topology: Topology, at: number): Ring {
  const ring: Ring = []
  for (const ref of topology.ringArcs.subarray(topology.ringStart[at]!, topology.ringStart[at + 1]!)) {
    const arc = ref < 0 ? ~ref : ref
    const points: Ring = []
    for (let i = topology.arcStart[arc]!; i < topology.arcStart[arc + 1]!; i++) {
      points.push([topology.xy[2 * i]!, topology.xy[2 * i + 1]!])
    }
    if (ref < 0) points.reverse()
    ring.push(...points.slice(0, -1))
  }
  return ring
}

/** The same cycle, begun at its smallest vertex. */
function turned(ring: Ring): string {
  const texts = ring.map(String)
  const first = texts.indexOf([...texts].sort()[0]!)
  return [...texts.slice(first), ...texts.slice(0, first)].join(' ')
}

test('two squares that share an edge share one arc', () => {
  const rings = [square(0, 0, 10), square(10, 0, 10)]
  const topology = buildTopology(ringSet(rings.map((ring) => [ring])))
  expect(arcs(topology)).toBe(3)
  const used = [...topology.ringArcs].map((ref) => (ref < 0 ? ~ref : ref)).sort()
  expect(used).toEqual([0, 0, 1, 2].sort())
  expect(rings.map((_, at) => turned(ringOf(topology, at)))).toEqual(rings.map(turned))
})

test('a hole and the enclave in it are one closed arc, wherever their rings begin and however they run', () => {
  const enclave = square(3, 3, 4)
  const hole: Ring = [enclave[2]!, enclave[1]!, enclave[0]!, enclave[3]!]
  const topology = buildTopology(ringSet([[square(0, 0, 10), hole], [enclave]]))
  expect(arcs(topology)).toBe(2)
  expect(turned(ringOf(topology, 1))).toBe(turned(hole))
  expect(turned(ringOf(topology, 2))).toBe(turned(enclave))
})

test('an island is an arc of its own; squares that touch in one corner share no arc', () => {
  const topology = buildTopology(ringSet([[square(0, 0, 10), square(50, 50, 10)], [square(10, 10, 10)]]))
  expect(arcs(topology)).toBe(3)
  expect(turned(ringOf(topology, 1))).toBe(turned(square(50, 50, 10)))
})

test('four squares around a crossing keep their rings', () => {
  const rings = [square(0, 0, 10), square(10, 0, 10), square(0, 10, 10), square(10, 10, 10)]
  const topology = buildTopology(ringSet(rings.map((ring) => [ring])))
  expect(arcs(topology)).toBe(8)
  expect(rings.map((_, at) => turned(ringOf(topology, at)))).toEqual(rings.map(turned))
})
