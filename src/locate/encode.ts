import type { Gazetteer } from '../gazetteer/types.ts'
import type { IssueCode } from '../match/issueCodes.ts'
import type { CommuneView, Issue, UnitView } from '../match/types.ts'
import { viewCommune, viewUnit } from '../match/views.ts'
import { type Cell, encodePlusCode } from '../vpostcode/pluscode.ts'
import { encodeVpostcode, formatVpostcode } from '../vpostcode/vpostcode.ts'
import { locateCommune } from './commune.ts'

/** What belongs to a place of which only the point is known. */
export interface EncodedPoint {
  /** Degrees WGS 84, as given. */
  lat: number
  lon: number
  /** Canonical: twelve characters. */
  vpostcode: string
  /** The same in groups for people. */
  formatted: string
  /** Eleven digits with the plus sign. */
  plusCode: string
  /** RFC 5870. */
  geo: string
  postcode: string
  commune: CommuneView
  province: UnitView
  /** Other communes within 50 m, nearest first, with the distance to them. */
  neighbours: (CommuneView & { metres: number })[]
  issues: Issue[]
}

/**
 * The Vpostcode of a bare point (degrees WGS 84): its head is the postcode of the commune that holds the point (up to 50 m
 * outside every commune, at shores, of the nearest). null outside coverage. Throws RangeError for numbers that are no
 * place on earth.
 */
export function encodePoint(gazetteer: Gazetteer, lat: number, lon: number): EncodedPoint | null {
  const { commune, neighbours, issue: outside } = locateCommune(gazetteer, lat, lon)
  if (!commune) return null
  const vpostcode = encodeVpostcode(commune.postcode, lat, lon)
  const nearest = neighbours[0]?.commune.code ?? (outside && commune.code)
  return {
    lat,
    lon,
    vpostcode,
    formatted: formatVpostcode(vpostcode),
    plusCode: encodePlusCode(lat, lon, 11),
    geo: geoUri(lat, lon),
    postcode: commune.postcode,
    commune: viewCommune(commune),
    province: viewUnit(commune.province),
    neighbours: neighbours.map((other) => ({
      ...viewCommune(other.commune),
      metres: Math.round(other.metres * 10) / 10,
    })),
    issues: nearest ? [issue('near-border', 'commune', 'info', nearest)] : [],
  }
}

export function issue(
  code: IssueCode,
  part: string,
  severity: Issue['severity'],
  used: string | null,
): Issue {
  return { code, part, given: null, used, severity }
}

/** Degrees with the seven decimals (about a centimetre) in which answers give them. */
export function degrees(value: number): number {
  return Math.round(value * 1e7) / 1e7
}

/** The geo: URI of a point (RFC 5870). */
export function geoUri(lat: number, lon: number): string {
  return `geo:${degrees(lat)},${degrees(lon)}`
}

export interface Bounds {
  south: number
  west: number
  north: number
  east: number
}

/** Edges of a cell in degrees WGS 84: multiples of 0.000025 and 0.00003125, given exactly. */
export function boundsOf({ south, west, north, east }: Cell): Bounds {
  return { south, west, north, east }
}
