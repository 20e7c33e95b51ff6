import { load } from '../gazetteer/load.ts'
import { readCoordinates } from '../geo/coordinates.ts'
import { GIVEN_ACCURACY } from '../pipeline/row.ts'
import { prepareEntry } from '../pipeline.ts'
import type { HouseholdDraft, HouseholdPoint } from '../registry/types.ts'
import { Failure, UsageError } from './exit.ts'

/** What a person gives of a point on the command line. */
export interface PointOptions {
  point?: string
  accuracy?: string
  surveyed?: boolean
}

/** "LAT,LON" in degrees WGS 84, as `encode` reads it. Throws UsageError. */
export function readLatLon(text: string): { lat: number; lon: number } {
  const read = readCoordinates(text, '')
  if (!read || 'error' in read)
    throw new UsageError(`"${text}" is no point: ${read ? read.error : 'bad-coordinates'}`)
  return { lat: read.lat, lon: read.lon }
}

/** The point of the options, undefined when none is given. A survey without a stated accuracy is none. */
export function readPoint({ point, accuracy, surveyed }: PointOptions): HouseholdPoint | undefined {
  if (point === undefined) {
    if (accuracy !== undefined || surveyed) throw new UsageError('--accuracy and --surveyed need --point')
    return undefined
  }
  if (surveyed && accuracy === undefined) throw new UsageError('--surveyed needs --accuracy')
  const metres = Number(accuracy ?? GIVEN_ACCURACY)
  if (!(metres > 0)) throw new UsageError(`--accuracy must be metres, not "${accuracy}"`)
  return { ...readLatLon(point), source: surveyed ? 'surveyed' : 'given', accuracy: metres }
}

/** What the engine reads in an address, with a point when one is given. Throws Failure when it reads nothing. */
export function readDraft(address: string, point?: HouseholdPoint): HouseholdDraft {
  const { draft, rejected } = prepareEntry({ address }, point, load())
  if (!draft) throw new Failure(`the address cannot be registered: ${rejected}`)
  return draft
}
