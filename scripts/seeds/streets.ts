// Makes the tables of streets in seeds/ from the reference data, units.ts and boundaries.ts first. Run: npm run seeds
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildBoundaries } from '../../src/gazetteer/boundaries/build.ts'
import { loadBoundaries } from '../../src/gazetteer/boundaries/load.ts'
import { STREET_TABLES } from '../../src/gazetteer/streetsTables.ts'
import { readTables } from '../../src/gazetteer/tables.ts'
import { splitCores } from './streetsCores.ts'
import { nationwideStreets } from './streetsNationwide.ts'
import { osmStreets } from './streetsOsm.ts'
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
const osm = osmStreets(
  (lat, lon) => communes[boundaries.communeAt(lat, lon)]?.code ?? '',
  spellings,
  // the usual spelling of a street is that of both sources; this layer alone takes from the other
  spellings.copy(),
)
writeRows('seeds/osm/streets.csv', STREET_TABLES['osm/streets'], osm, ['name', 'number', 'commune_code'])

const cores = splitCores(tables, (lat, lon, metres) =>
  boundaries.communesWithin(lat, lon, metres).map(({ index }) => communes[index]!.code),
)
writeRows('seeds/osm/split-communes.csv', STREET_TABLES['osm/split-communes'], cores, ['former_code'])
