// Makes the tables of streets in seeds/ from the reference data, units.ts and boundaries.ts first. Run: npm run seeds
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildBoundaries } from '../../src/gazetteer/boundaries/build.ts'
import { loadBoundaries } from '../../src/gazetteer/boundaries/load.ts'
import { LAYER_TABLES } from '../../src/gazetteer/streetLayer/shipped.ts'
import { STREET_TABLES } from '../../src/gazetteer/streetsTables.ts'
import { readTables } from '../../src/gazetteer/tables.ts'
import { layerHouses, layerPlaces, layerWays } from './streetLayer.ts'
import { streetsByWard, wardsOfStreets } from './streetsByWard.ts'
import { namedPlaces, splitCores } from './streetsCores.ts'
import { formerStreets } from './streetsFormer.ts'
import { nationwideStreets } from './streetsNationwide.ts'
import { osmStreets, readMap } from './streetsOsm.ts'
import { writeRows } from './table.ts'

const tables = readTables('seeds')
const { rows, spellings } = nationwideStreets(tables)
writeRows('seeds/streets.csv', STREET_TABLES.streets, rows, ['former_district_code'])

const folder = mkdtempSync(join(tmpdir(), 'boundaries-'))
const communes = tables.communes.map((row) => ({ code: row['code']! }))
buildBoundaries('seeds', folder, communes)
const boundaries = loadBoundaries(folder, communes)
rmSync(folder, { recursive: true })
mkdirSync('seeds/osm', { recursive: true })
const communeAt = (lat: number, lon: number) => communes[boundaries.communeAt(lat, lon)]?.code ?? ''
const communesWithin = (lat: number, lon: number, metres: number) =>
  boundaries.communesWithin(lat, lon, metres).map(({ index }) => communes[index]!.code)
const map = readMap(spellings)
// the usual spelling of a street is that of both sources; this layer alone takes from the other
const both = spellings.copy()
const osm = osmStreets(map, communeAt, both)
writeRows('seeds/osm/streets.csv', STREET_TABLES['osm/streets'], osm, ['name', 'number', 'commune_code'])

const places = namedPlaces(tables, communesWithin)
const cores = splitCores(tables, places, communesWithin)
writeRows('seeds/osm/split-communes.csv', STREET_TABLES['osm/split-communes'], cores, ['former_code'])

const byWard = streetsByWard(tables, spellings)
writeRows('seeds/former-streets.csv', STREET_TABLES['former-streets'], byWard, ['former_code'])
const former = formerStreets(map, places, wardsOfStreets(byWard), tables, communeAt, both)
writeRows('seeds/osm/former-streets.csv', STREET_TABLES['osm/former-streets'], former.runs, [
  'name',
  'number',
  'commune_code',
  'former_code',
])
writeRows('seeds/osm/former-grounds.csv', STREET_TABLES['osm/former-grounds'], former.grounds, [
  'former_code',
  'commune_code',
])

const { 'osm/ways': ways, 'osm/houses': houses, 'osm/places': hamlets } = LAYER_TABLES
writeRows('seeds/osm/ways.csv', ways, layerWays(), ['name', 'highway', 'line'])
writeRows('seeds/osm/houses.csv', houses, layerHouses(), ['street', 'number', 'lat', 'lon'])
writeRows('seeds/osm/places.csv', hamlets, layerPlaces(), ['name', 'kind', 'lat', 'lon'])
