import { degrees } from '../../locate/encode.ts'
import type { StoredEvent, StoredHousehold } from '../../registry/store.ts'
import type { Household } from '../../registry/types.ts'
import { isoTime } from '../../registry/view.ts'
import { lineOf } from '../cells.ts'
import { guarded } from '../guard.ts'

/** A code that a household had once; ISO times. */
export interface OldCode {
  vpostcode: string
  from: string
  until: string
}

/**
 * A household as it is published, under the names of the columns: nothing private (docs/publish.md says what is left out and
 * why). Absent parts and null = not known. Degrees WGS 84, accuracy in metres, times ISO.
 */
export interface PublishedHousehold {
  id: string
  status: Household['status']
  /** Why a live household has no code: a person has to decide, or nobody has seen yet where it is. */
  waits: 'review' | 'visit' | null
  of: string | null
  successors: string[]
  vpostcode: string | null
  vpostcode_since: string | null
  /** Latest last; one that it has again is among them. */
  old_vpostcodes: OldCode[]
  postcode: string
  latitude: number | null
  longitude: number | null
  accuracy: number | null
  source: NonNullable<Household['point']>['source'] | null
  access_latitude: number | null
  access_longitude: number | null
  province_code: string
  commune_code: string
  former_commune_code: string | null
  building?: string | undefined
  block?: string | undefined
  floor?: string | undefined
  unit?: string | undefined
  house_number?: string | undefined
  /** Outermost first. */
  alleys?: Household['parts']['alleys']
  street?: string | undefined
  group?: string | undefined
  hamlet?: string | undefined
  grade: Household['grade']
  created_at: string
  updated_at: string
}

/** What is published of a household as outsiders see it. */
export type Source = Omit<
  Household,
  'key' | 'keyVersion' | 'text' | 'cleared' | 'externalIds' | 'engineVersion' | 'dataVersion' | 'confidence'
>

export function publishedHousehold(
  household: Source,
  codes: Pick<PublishedHousehold, 'vpostcode_since' | 'old_vpostcodes'>,
): PublishedHousehold {
  const { status, vpostcode, parts } = household
  const isLive = status === 'provisional' || status === 'verified'
  return {
    id: household.id,
    status,
    waits: household.review.length > 0 ? 'review' : isLive && vpostcode === null ? 'visit' : null,
    of: household.of,
    successors: household.successors,
    vpostcode,
    vpostcode_since: codes.vpostcode_since,
    old_vpostcodes: codes.old_vpostcodes,
    postcode: household.postcode,
    ...pointColumns(household),
    province_code: household.provinceCode,
    commune_code: household.communeCode,
    former_commune_code: household.formerCommuneCode,
    building: parts.building,
    block: parts.block,
    floor: parts.floor,
    unit: parts.unit,
    house_number: parts.houseNumber,
    alleys: parts.alleys,
    street: parts.street,
    group: parts.group,
    hamlet: parts.hamlet,
    grade: household.grade,
    created_at: household.createdAt,
    updated_at: household.updatedAt,
  }
}

/** Where a household stands, and where one leaves the road for it. */
export const pointColumns = ({ point, access }: Pick<Source, 'point' | 'access'>) => ({
  latitude: point && degrees(point.lat),
  longitude: point && degrees(point.lon),
  accuracy: point?.accuracy ?? null,
  source: point?.source ?? null,
  access_latitude: access && degrees(access.lat),
  access_longitude: access && degrees(access.lon),
})

/** The codes that a household has and had, as its events up to then (oldest first) tell them; see `keepCode` of the stores. */
export function codesOf(
  { vpostcode, createdAt }: Pick<StoredHousehold, 'vpostcode' | 'createdAt'>,
  events: readonly StoredEvent[],
): Pick<PublishedHousehold, 'vpostcode_since' | 'old_vpostcodes'> {
  const old: OldCode[] = []
  let since = createdAt
  for (const { kind, at, before, after } of events) {
    if (kind === 'insert' || after?.vpostcode === undefined) continue
    if (before?.vpostcode) old.push({ vpostcode: before.vpostcode, from: isoTime(since), until: isoTime(at) })
    since = at
  }
  return {
    vpostcode_since: vpostcode === null ? null : isoTime(since),
    old_vpostcodes: old,
  }
}

/** The columns of a CSV file, in their order. */
export const PUBLISHED_COLUMNS = [
  'id',
  'status',
  'waits',
  'of',
  'successors',
  'vpostcode',
  'vpostcode_since',
  'old_vpostcodes',
  'postcode',
  'latitude',
  'longitude',
  'accuracy',
  'source',
  'access_latitude',
  'access_longitude',
  'province_code',
  'commune_code',
  'former_commune_code',
  'building',
  'block',
  'floor',
  'unit',
  'house_number',
  'alleys',
  'street',
  'group',
  'hamlet',
  'grade',
  'created_at',
  'updated_at',
] as const satisfies (keyof PublishedHousehold)[]

/** What a difference says of a household: it stands in this commune now, stands there otherwise, or went to another one. */
export const OPS = ['inserted', 'changed', 'left'] as const
export type Op = (typeof OPS)[number]
export const CHANGE_COLUMNS = ['op', ...PUBLISHED_COLUMNS] as const

/** A line of CSV without its end. */
export function csvLine(row: PublishedHousehold): string {
  const cells = PUBLISHED_COLUMNS.map((name) => {
    if (name === 'old_vpostcodes')
      return row.old_vpostcodes.map(({ vpostcode, from, until }) => `${vpostcode} ${from}/${until}`).join(';')
    if (name === 'successors') return row.successors.join(';')
    if (name === 'alleys')
      return (row.alleys ?? []).map(({ kind, number }) => (kind ? `${kind} ${number}` : number)).join('; ')
    const value = row[name]
    return typeof value === 'string' ? guarded(value) : String(value ?? '')
  })
  return lineOf(cells, ',')
}
/** Of a household that went elsewhere only the id is told. */
export const leftLine = (id: string): string => `left,${id}${','.repeat(CHANGE_COLUMNS.length - 2)}`

/** A GeoJSON feature without the end of its line. */
export function featureLine(row: PublishedHousehold, op?: Op): string {
  const { id, latitude, longitude, ...properties } = row
  const geometry = latitude === null ? null : { type: 'Point', coordinates: [longitude, latitude] }
  return JSON.stringify({
    type: 'Feature',
    id,
    geometry,
    properties: op ? { op, ...properties } : properties,
  })
}
export const leftFeature = (id: string): string =>
  JSON.stringify({ type: 'Feature', id, geometry: null, properties: { op: 'left' } })
