import type { CurrentCommune, Gazetteer } from '../gazetteer/types.ts'

/** Boundaries from different hands differ by about this much (metres): nearer than that, either side may be right. */
const BORDER_NOISE_METRES = 50

export interface CommuneOfPoint {
  /** null outside coverage. */
  readonly commune: CurrentCommune | null
  /** Other communes within 50 m, nearest first. */
  readonly neighbours: readonly { readonly commune: CurrentCommune; readonly metres: number }[]
  /** `near-border`: outside every commune, but within 50 m of the answered one; `outside-coverage`: at sea or abroad. */
  readonly issue: null | 'near-border' | 'outside-coverage'
}

/** The commune of a point in degrees WGS 84. Inside, that one; up to 50 m outside all, the nearest; else none. */
export function locateCommune({ boundaries, communes }: Gazetteer, lat: number, lon: number): CommuneOfPoint {
  const near = boundaries.communesWithin(lat, lon, BORDER_NOISE_METRES)
  const inside = boundaries.communeAt(lat, lon)
  const index = inside >= 0 ? inside : near[0]?.index
  if (index === undefined) return { commune: null, neighbours: [], issue: 'outside-coverage' }
  return {
    commune: communes[index]!,
    neighbours: near
      .filter((other) => other.index !== index)
      .map((other) => ({ commune: communes[other.index]!, metres: other.metres })),
    issue: inside >= 0 ? null : 'near-border',
  }
}
