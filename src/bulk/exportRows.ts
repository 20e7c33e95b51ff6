import type { Gazetteer } from '../gazetteer/types.ts'
import { degrees } from '../locate/encode.ts'
import type { Household } from '../registry/types.ts'
import { lineOf } from './cells.ts'
import { type Format, NUMBERS } from './formats.ts'
import { guarded } from './guard.ts'

/** What a format writes before, between and after the households. */
interface ExportFormat {
  /** Begins every file of the format, so that an earlier one is known. */
  head: string
  between: string
  tail: string
  row(household: Household, gazetteer: Gazetteer): string
}

/** A household under the names of its columns; absent = not known. Times ISO, degrees WGS 84, accuracy in metres. */
function fieldsOf(household: Household, gazetteer: Gazetteer) {
  const { point, access, parts, formerCommuneCode } = household
  const commune = gazetteer.commune(household.communeCode)
  const province = gazetteer.province(household.provinceCode, 'current')
  const former = formerCommuneCode ? gazetteer.formerCommune(formerCommuneCode) : undefined
  return {
    id: household.id,
    status: household.status,
    of: household.of,
    vpostcode: household.vpostcode,
    postcode: household.postcode,
    latitude: point && degrees(point.lat),
    longitude: point && degrees(point.lon),
    source: point?.source,
    accuracy: point?.accuracy,
    access_latitude: access && degrees(access.lat),
    access_longitude: access && degrees(access.lon),
    province_code: household.provinceCode,
    province_name: province?.fullName,
    commune_code: household.communeCode,
    commune_name: commune?.fullName,
    former_commune_code: formerCommuneCode,
    former_commune_name: former?.fullName,
    address: household.text,
    name: parts.name,
    building: parts.building,
    block: parts.block,
    floor: parts.floor,
    unit: parts.unit,
    house_number: parts.houseNumber,
    street: parts.street,
    group: parts.group,
    hamlet: parts.hamlet,
    grade: household.grade,
    confidence: household.confidence,
    review: household.review.join(';'),
    external_ids: household.externalIds.map(({ scheme, value }) => `${scheme}=${value}`).join(';'),
    created_at: household.createdAt,
    updated_at: household.updatedAt,
  }
}

/** The columns of a CSV file or workbook, in their order. */
export const COLUMNS = [
  'id',
  'status',
  'of',
  'vpostcode',
  'postcode',
  'latitude',
  'longitude',
  'source',
  'accuracy',
  'access_latitude',
  'access_longitude',
  'province_code',
  'province_name',
  'commune_code',
  'commune_name',
  'former_commune_code',
  'former_commune_name',
  'address',
  'name',
  'building',
  'block',
  'floor',
  'unit',
  'house_number',
  'street',
  'group',
  'hamlet',
  'grade',
  'confidence',
  'review',
  'external_ids',
  'created_at',
  'updated_at',
] as const satisfies (keyof ReturnType<typeof fieldsOf>)[]

/** Those of them that a workbook holds as numbers, by index. */
export const NUMBER_COLUMNS: ReadonlySet<number> = new Set(
  COLUMNS.flatMap((name, i) => (NUMBERS.has(name.replace(/^access_/, '')) ? [i] : [])),
)

export const EXPORT_FORMATS = {
  csv: {
    head: `${COLUMNS.join(',')}\n`,
    between: '',
    tail: '',
    row(household, gazetteer) {
      const fields = fieldsOf(household, gazetteer)
      const cells = COLUMNS.map((name) => {
        const value = fields[name]
        return typeof value === 'string' ? guarded(value) : String(value ?? '')
      })
      return `${lineOf(cells, ',')}\n`
    },
  },
  geojson: {
    head: '{"type":"FeatureCollection","features":[',
    between: ',',
    tail: '\n]}\n',
    row(household, gazetteer) {
      const { id, latitude, longitude, ...properties } = fieldsOf(household, gazetteer)
      const geometry = latitude === null ? null : { type: 'Point', coordinates: [longitude, latitude] }
      return `\n${JSON.stringify({ type: 'Feature', id, geometry, properties })}`
    },
  },
  ndjson: {
    head: '',
    between: '',
    tail: '',
    row: (household, gazetteer) => `${JSON.stringify(fieldsOf(household, gazetteer))}\n`,
  },
  /** What the workbook is made of when all households are there: a list of cells a line. */
  xlsx: {
    head: `${JSON.stringify(COLUMNS)}\n`,
    between: '',
    tail: '',
    row(household, gazetteer) {
      const fields = fieldsOf(household, gazetteer)
      return `${JSON.stringify(COLUMNS.map((name) => String(fields[name] ?? '')))}\n`
    },
  },
} satisfies Record<Format, ExportFormat>
