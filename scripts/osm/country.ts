import { drawsFor } from '../households/random.ts'
import type { OsmNode, OsmWay, PbfFile, Tags } from './writePbf.ts'

/** Objects in one block, as osmium writes them. */
const BLOCK = 8000

export interface CountryPlan {
  /** Nodes, in all. */
  readonly nodes: number
  readonly seed: number
  /** Where people live: degrees WGS 84. */
  readonly centres: readonly { readonly lat: number; readonly lon: number }[]
  readonly streetNames: readonly string[]
}

/**
 * Writes a made-up country in the order of an extract (nodes, then ways, by id) and in its proportions: of ten ways one is a
 * named street or alley, two or three are roads without a name, the others buildings, of which few have a number.
 */
export function writeCountry(
  file: PbfFile,
  plan: CountryPlan,
): { nodes: number; ways: number; named: number } {
  let nodes: OsmNode[] = []
  let count = 0
  for (const way of waysOf(plan)) {
    for (const [at, [lat, lon]] of way.points.entries()) {
      // now and then a shop with its address, a tree, a tower
      const tags = at > 0 ? undefined : way.pointTags
      nodes.push(tags ? { id: way.firstNode + at, lat, lon, tags } : { id: way.firstNode + at, lat, lon })
    }
    if (nodes.length >= BLOCK) {
      count += nodes.length
      file.nodes(nodes)
      nodes = []
    }
  }
  file.nodes(nodes)
  count += nodes.length

  let ways: OsmWay[] = []
  let wayCount = 0
  let named = 0
  for (const { id, firstNode, points, tags, isClosed } of waysOf(plan)) {
    const refs = points.map((_, at) => firstNode + at)
    if (isClosed) refs.push(firstNode)
    ways.push({ id, refs, tags })
    wayCount++
    if (tags['name']) named++
    if (ways.length >= BLOCK) {
      file.ways(ways)
      ways = []
    }
  }
  file.ways(ways)
  return { nodes: count, ways: wayCount, named }
}

interface PlannedWay {
  id: number
  firstNode: number
  points: [lat: number, lon: number][]
  tags: Tags
  pointTags: Tags | undefined
  isClosed: boolean
}

/** The same ways each time it is asked for the same plan. */
function* waysOf({ nodes, seed, centres, streetNames }: CountryPlan): Generator<PlannedWay> {
  let node = 1_000_000
  let last = 0
  for (let made = 0, row = 0; made < nodes; row++) {
    const { next: random, below, chance, pick } = drawsFor(seed, row)
    const number = () => `${1 + below(400)}${chance(0.3) ? `/${1 + below(60)}` : ''}`
    const name = () => pick(streetNames)
    const centre = pick(centres)
    let lat = centre.lat + (random() - 0.5) * 0.03
    let lon = centre.lon + (random() - 0.5) * 0.03
    const kind = random()
    const isClosed = kind >= 0.35
    const length = isClosed ? 4 : 3 + below(20)
    const heading = random() * 2 * Math.PI
    const points: [number, number][] = []
    for (let i = 0; i < length; i++) {
      points.push([round(lat), round(lon)])
      const turn = isClosed ? heading + (i * Math.PI) / 2 : heading + (random() - 0.5)
      const step = isClosed ? 0.0001 : 0.0003
      lat += step * Math.sin(turn)
      lon += step * Math.cos(turn)
    }
    const street = chance(0.4) ? `Ngõ ${1 + below(300)} ${name()}` : name()
    const tags: Tags =
      kind < 0.1
        ? { highway: 'residential', name: street }
        : kind < 0.35
          ? { highway: chance(0.5) ? 'service' : 'track', surface: 'unpaved' }
          : kind < 0.4
            ? { building: 'yes', 'addr:housenumber': number(), 'addr:street': name() }
            : { building: 'yes' }
    const point = random()
    const pointTags: Tags | undefined =
      point < 0.02
        ? { shop: 'yes', 'addr:housenumber': number(), 'addr:street': name() }
        : point < 0.025
          ? { place: 'hamlet', name: `Thôn ${1 + below(20)}` }
          : point < 0.1
            ? { power: 'tower' }
            : undefined
    last += 1 + below(3)
    yield { id: last, firstNode: node, points, tags, pointTags, isClosed }
    // other people's nodes lie between
    node += length + below(3)
    made += length
  }
}

const round = (degrees: number) => Math.round(degrees * 1e7) / 1e7
