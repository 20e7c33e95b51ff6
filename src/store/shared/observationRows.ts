import type { Observation } from '../../registry/observations/store.ts'

/** Positions are stored: append only. */
export const FOUND: readonly Observation['found'][] = ['right', 'moved', 'gone', 'unknown']

/** actor, at, found, lat, lon, accuracy of `observations`. */
export type ObservationRow = [
  actor: string,
  at: number,
  found: number,
  lat: number | null,
  lon: number,
  accuracy: number,
]
export const observationOf = (
  n: number,
  [actor, at, found, lat, lon, accuracy]: ObservationRow,
): Observation => ({
  n,
  actor,
  at,
  found: FOUND[found]!,
  point: lat === null ? null : { lat, lon, accuracy },
})
