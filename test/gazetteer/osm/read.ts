import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { OsmNode, OsmWay, PbfOptions } from '../../../scripts/osm/writePbf.ts'
import { PbfFile } from '../../../scripts/osm/writePbf.ts'
import { type MapFile, openMap } from '../../../src/gazetteer/osm/read.ts'
import type { RawHouse, RawPlace, RawWay } from '../../../src/gazetteer/streetLayer/types.ts'

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-osm-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A path in a folder that is removed at the end. */
export const pathOf = (name: string) => join(folder, name)

export interface Read extends Pick<MapFile, 'format' | 'date'> {
  readonly incomplete: number
  readonly ways: RawWay[]
  readonly houses: RawHouse[]
  readonly places: RawPlace[]
}

/** What a file gives, sorted by id. */
export async function read(path: string): Promise<Read> {
  const ways: RawWay[] = []
  const houses: RawHouse[] = []
  const places: RawPlace[] = []
  const map = await openMap(path)
  const { incomplete } = await map.read({
    way: (way) => ways.push(way),
    house: (house) => houses.push(house),
    place: (place) => places.push(place),
  })
  for (const list of [ways, houses, places]) list.sort((a, b) => (a.id < b.id ? -1 : 1))
  return { format: map.format, date: map.date, incomplete, ways, houses, places }
}

/** Writes a PBF of one block of nodes and one of ways. */
export function writePbf(name: string, nodes: OsmNode[], ways: OsmWay[], options: PbfOptions = {}): string {
  const path = pathOf(name)
  const file = new PbfFile(path, options)
  file.nodes(nodes)
  file.ways(ways)
  file.close()
  return path
}
