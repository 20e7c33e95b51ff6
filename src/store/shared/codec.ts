import type { StoredHousehold } from '../../registry/store.ts'
import type { Cleared, HouseholdParts, HouseholdStatus, PointSource } from '../../registry/types.ts'

/** Positions are stored: append only. */
export const STATUSES: readonly HouseholdStatus[] = ['provisional', 'verified', 'alternative', 'historical']
export const SOURCES: readonly PointSource[] = ['surveyed', 'given', 'mapped', 'derived']
const GRADES = ['A', 'B', 'C'] as const

/** The columns of `households` that are written, in the order of `encodeHousehold`. */
export const HOUSEHOLD_COLUMNS = [
  'n',
  'status',
  'of_n',
  'key',
  'key_version',
  'text',
  'parts',
  'province',
  'commune',
  'former',
  'postcode',
  'lat',
  'lon',
  'source',
  'accuracy',
  'access_lat',
  'access_lon',
  'code',
  'grade',
  'confidence',
  'review',
  'engine',
  'data',
  'created_at',
  'updated_at',
  'successors',
  'cleared',
  'line',
] as const

/** A row of `households` by position. */
export type HouseholdRow = [
  n: number,
  status: number,
  of: number | null,
  key: Buffer,
  keyVersion: number,
  text: string,
  parts: string,
  province: number,
  commune: number,
  former: number | null,
  postcode: number,
  lat: number | null,
  lon: number | null,
  source: number | null,
  accuracy: number | null,
  accessLat: number | null,
  accessLon: number | null,
  code: number | null,
  grade: number,
  confidence: number,
  review: string | null,
  engine: number,
  data: number,
  createdAt: number,
  updatedAt: number | null,
  successors: string | null,
  cleared: string | null,
  line: number | null,
]

/** `nameId` gives the number of a word that stands in `names`; `line` as a `LineOf` tells it. */
export function encodeHousehold(
  household: StoredHousehold,
  nameId: (name: string) => number,
  line: number | null,
): HouseholdRow {
  const { point, access, review, createdAt, updatedAt } = household
  return [
    household.n,
    STATUSES.indexOf(household.status),
    household.of,
    encodeKey(household.key),
    household.keyVersion,
    household.text,
    encodeParts(household.parts),
    Number(household.provinceCode),
    Number(household.communeCode),
    household.formerCommuneCode === null ? null : Number(household.formerCommuneCode),
    Number(household.postcode),
    point ? point.lat : null,
    point ? point.lon : null,
    point ? SOURCES.indexOf(point.source) : null,
    point ? point.accuracy : null,
    access ? access.lat : null,
    access ? access.lon : null,
    household.vpostcode === null ? null : encodeVpostcode(household.vpostcode),
    GRADES.indexOf(household.grade),
    Math.round(household.confidence * 1000),
    review.length > 0 ? JSON.stringify(review) : null,
    nameId(household.engineVersion),
    nameId(household.dataVersion),
    createdAt,
    updatedAt === createdAt ? null : updatedAt,
    household.successors.length > 0 ? JSON.stringify(household.successors) : null,
    encodeCleared(household.cleared),
    line,
  ]
}

export function decodeHousehold(
  row: HouseholdRow,
  externalIds: StoredHousehold['externalIds'],
  nameOf: (id: number) => string,
): StoredHousehold {
  const [
    n,
    status,
    of,
    key,
    keyVersion,
    text,
    parts,
    province,
    commune,
    former,
    postcode,
    lat,
    lon,
    source,
    accuracy,
    accessLat,
    accessLon,
    code,
    grade,
    confidence,
    review,
    engine,
    data,
    createdAt,
    updatedAt,
    successors,
    cleared,
  ] = row
  return {
    n,
    status: STATUSES[status]!,
    of,
    successors: successors === null ? [] : JSON.parse(successors),
    key: key.toString('hex'),
    keyVersion,
    text,
    parts: decodeParts(parts),
    provinceCode: twoDigits(province),
    communeCode: fiveDigits(commune),
    formerCommuneCode: former === null ? null : fiveDigits(former),
    postcode: fiveDigits(postcode),
    point: lat === null ? null : { lat, lon: lon!, source: SOURCES[source!]!, accuracy: accuracy! },
    access: accessLat === null ? null : { lat: accessLat, lon: accessLon! },
    vpostcode: code === null ? null : decodeVpostcode(code),
    grade: GRADES[grade]!,
    confidence: confidence / 1000,
    review: review === null ? [] : JSON.parse(review),
    cleared: decodeCleared(cleared),
    externalIds,
    engineVersion: nameOf(engine),
    dataVersion: nameOf(data),
    createdAt,
    updatedAt: updatedAt ?? createdAt,
  }
}

/** Under one letter each. Append only. */
const DOUBTS = {
  duplicate: 'd',
  numbering: 'n',
  commune: 'c',
  check: 'k',
  existence: 'x',
  observed: 'o',
} as const satisfies Record<Cleared['doubt'], string>
/** How SQL finds a decided pair: d and the other's n in the JSON of `cleared`. */
const encodeCleared = (cleared: StoredHousehold['cleared']) =>
  cleared.length === 0 ? null : JSON.stringify(cleared.map(({ doubt, other }) => [DOUBTS[doubt], other]))

function decodeCleared(text: string | null): StoredHousehold['cleared'] {
  if (text === null) return []
  const names = Object.keys(DOUBTS) as Cleared['doubt'][]
  return (JSON.parse(text) as [string, number | null][]).map(([letter, other]) => ({
    doubt: names.find((name) => DOUBTS[name] === letter)!,
    other,
  }))
}

export const encodeKey = (key: string) => Buffer.from(key, 'hex')
/** Hexadecimal digits of a key. */
export const KEY_LENGTH = 38
/** Lowest and highest key that begins so. */
export const keysFrom = (first: string): [lowest: string, highest: string] => [
  first.padEnd(KEY_LENGTH, '0'),
  first.padEnd(KEY_LENGTH, 'f'),
]
/** Lowest and highest key of a commune, with which a key begins. */
export const keyRange = (communeCode: string): [lowest: Buffer, highest: Buffer] => {
  const [lowest, highest] = keysFrom(communeCode.padStart(6, '0'))
  return [encodeKey(lowest), encodeKey(highest)]
}
/** Codes of communes and postcodes. */
export const fiveDigits = (code: number) => String(code).padStart(5, '0')
/** Codes of provinces. */
export const twoDigits = (code: number) => String(code).padStart(2, '0')
/** First and last of a province's number, or (null) of all, for `BETWEEN`. */
export const provinceRange = (provinceCode: string | null): readonly [first: number, last: number] =>
  provinceCode === null ? [0, 99] : [Number(provinceCode), Number(provinceCode)]

const ALPHABET = '23456789CFGHJMPQRVWX'
const TAIL = 20 ** 7

/** A canonical code (five digits, seven characters of the map code) as a number below 2^47. */
export function encodeVpostcode(vpostcode: string): number {
  if (!/^\d{5}[2-9CFGHJMPQRVWX]{7}$/.test(vpostcode))
    throw new RangeError(`not a canonical Vpostcode: ${vpostcode}`)
  let tail = 0
  for (let i = 5; i < 12; i++) tail = tail * 20 + ALPHABET.indexOf(vpostcode[i]!)
  return Number(vpostcode.slice(0, 5)) * TAIL + tail
}

export function decodeVpostcode(code: number): string {
  let tail = ''
  for (let i = 0, rest = code % TAIL; i < 7; i++, rest = Math.floor(rest / 20))
    tail = ALPHABET[rest % 20]! + tail
  return fiveDigits(Math.floor(code / TAIL)) + tail
}

/** The parts of an address under one letter each. Append only. */
const LETTERS = {
  name: 'n',
  building: 'b',
  block: 'k',
  floor: 'f',
  unit: 'u',
  houseNumber: 'h',
  alleys: 'a',
  street: 's',
  group: 'g',
  hamlet: 't',
} as const satisfies Record<keyof HouseholdParts, string>
const PARTS = Object.entries(LETTERS) as [keyof HouseholdParts, string][]
const NAMES = new Map(PARTS.map(([name, letter]): [string, keyof HouseholdParts] => [letter, name]))

function encodeParts(parts: HouseholdParts): string {
  const short: Record<string, unknown> = {}
  for (const [name, letter] of PARTS) {
    if (name === 'alleys') {
      if (parts.alleys) short[letter] = parts.alleys.map(({ kind, number }) => [kind, number])
    } else if (parts[name] !== undefined) short[letter] = parts[name]
  }
  return JSON.stringify(short)
}

export function decodeParts(text: string): HouseholdParts {
  const short = JSON.parse(text)
  const parts: HouseholdParts = {}
  // Most have two or three of them.
  for (const letter in short) {
    const name = NAMES.get(letter)!
    if (name === 'alleys')
      parts.alleys = short[letter].map(([kind, number]: [string | null, string]) => ({ kind, number }))
    else parts[name] = short[letter]
  }
  return parts
}

type ExternalId = StoredHousehold['externalIds'][number]
/** The order of a household's numbers. */
export const bySchemeThenValue = (a: ExternalId, b: ExternalId) =>
  a.scheme === b.scheme ? (a.value < b.value ? -1 : 1) : a.scheme < b.scheme ? -1 : 1
