import type { CurrentCommune, Gazetteer, Province } from '../gazetteer/types.ts'
import { COMMUNE_REACH } from '../match/codePoint.ts'
import type { Cell } from '../vpostcode/pluscode.ts'
import { cellsInBox, cellsOf } from './cell.ts'
import { degrees } from './encode.ts'

/** The same cell under the postcode of today. */
export interface Reissued {
  vpostcode: string
  communeCode: string
  /** Centre of the cell, degrees WGS 84. */
  lat: number
  lon: number
}

/**
 * Decision 2334 gave every commune a new postcode in 2025; the two-digit prefix of an old one still names its province.
 * The seven digits repeat every degree, so that few cells of a province end in them (most often one): these, with the
 * code of today of each. `code` is canonical.
 */
export function cellInProvince(code: string, province: Province, gazetteer: Gazetteer): Reissued[] {
  const { boundaries, communes } = gazetteer
  const found: Reissued[] = []
  const box = boxAround(communes.filter((commune) => commune.province === province))
  for (const { lat, lon } of cellsInBox(code, box)) {
    const commune = communes[boundaries.communeAt(lat, lon)]
    if (commune?.province !== province) continue
    const vpostcode = commune.postcode + code.slice(5)
    found.push({ vpostcode, communeCode: commune.code, lat: degrees(lat), lon: degrees(lon) })
  }
  return found
}

/**
 * The place of a code whose postcode communes of today had before: the cell in the one that holds it, else within 500 m
 * of one. Null when it lies in none.
 */
export function cellOfOldPostcode(
  code: string,
  communes: readonly CurrentCommune[],
  gazetteer: Gazetteer,
): { commune: CurrentCommune; cell: Cell } | null {
  const metresTo = (commune: CurrentCommune, { lat, lon }: Cell) =>
    gazetteer.boundaries.distanceTo(commune.index, lat, lon, COMMUNE_REACH)
  const found = [...new Set(communes)]
    .map((commune) => ({ commune, cell: cellsOf(code, commune, gazetteer)[0] }))
    .map((place) => ({ ...place, metres: metresTo(place.commune, place.cell) }))
    .filter(({ metres }) => metres <= COMMUNE_REACH)
    .sort((a, b) => a.metres - b.metres)
  return found[0] ?? null
}

/** [minLon, minLat, maxLon, maxLat] around communes, degrees WGS 84. */
export function boxAround(communes: readonly CurrentCommune[]): [number, number, number, number] {
  const boxes = communes.map(({ bbox }) => bbox)
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ]
}
