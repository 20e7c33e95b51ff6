import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTable } from '../streetsTables.ts'
import type { World } from './collect.ts'
import { LayerCompiler, type LayerReport } from './compile.ts'
import { readLine } from './seedLine.ts'
import { SHIPPED_HEAD, SHIPPED_LAYER } from './shippedHead.ts'

/** The tables in seeds/ that it is made of, and their columns. */
export const LAYER_TABLES = {
  'osm/ways': ['name', 'other_names', 'highway', 'line'],
  'osm/houses': ['number', 'street', 'lat', 'lon'],
  'osm/places': ['kind', 'name', 'lat', 'lon'],
} as const

/** Compiles seeds/osm/ways.csv, houses.csv and places.csv to `outDir`/streets-osm.layer. Throws for a broken table. */
export function buildShippedLayer(seedsDir: string, outDir: string, world: World): LayerReport {
  const rows = (name: keyof typeof LAYER_TABLES) => readTable(seedsDir, name, LAYER_TABLES[name])
  const compiler = new LayerCompiler(world, SHIPPED_HEAD)
  rows('osm/ways').forEach(({ name, other_names, highway, line }, row) => {
    compiler.way({
      id: `way ${row}`,
      name: name!,
      otherNames: other_names ? other_names.split(';') : [],
      highway: highway!,
      points: readLine(line!),
    })
  })
  rows('osm/houses').forEach(({ number, street, lat, lon }, row) => {
    compiler.house({
      id: `house ${row}`,
      number: number!,
      street: street || null,
      lat: Number(lat),
      lon: Number(lon),
    })
  })
  rows('osm/places').forEach(({ kind, name, lat, lon }, row) => {
    compiler.place({
      id: `place ${row}`,
      kind: kind!,
      name: name!,
      lat: Number(lat),
      lon: Number(lon),
    })
  })
  const { bytes, report } = compiler.finish()
  const { outside, broken } = report.collected
  if (outside + broken > 0)
    throw new Error(`seeds/osm/ has ${broken} broken rows and ${outside} outside the country`)
  const file = join(outDir, SHIPPED_LAYER)
  writeFileSync(`${file}.tmp`, bytes)
  renameSync(`${file}.tmp`, file)
  return report
}
