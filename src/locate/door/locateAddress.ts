import { once } from '../../gazetteer/once.ts'
import type { StreetLayers } from '../../gazetteer/streetLayer/types.ts'
import type { CurrentCommune, Gazetteer } from '../../gazetteer/types.ts'
import { juneCommune } from '../../match/possible.ts'
import type { FormerReading } from '../../match/types.ts'
import { type AskedDoor, type FoundDoor, findDoor, type KnownNear } from './findDoor.ts'
import { StreetMemo } from './street.ts'

/**
 * Where an address in a commune of today is, by the street layers and what is known of its neighbours.
 * @param former the units before July 2025 that the text names: they tell in which part of the commune it lies.
 */
export const locateAddress = (
  parts: AskedDoor['parts'],
  commune: CurrentCommune,
  former: FormerReading | null,
  gazetteer: Gazetteer,
  known?: KnownNear,
): FoundDoor => locateIn(parts, commune, juneCommune(former), gazetteer, known)

/** The same by the code of the commune of June 2025, as a household bears it. */
export function locateIn(
  parts: AskedDoor['parts'],
  commune: CurrentCommune,
  formerCode: string | null,
  gazetteer: Gazetteer,
  known?: KnownNear,
): FoundDoor {
  const streets = gazetteer.streetLayers
  const world = { gazetteer, streets, memo: memoOf(gazetteer)(streets) }
  return findDoor({ parts, commune, ground: groundOf(formerCode, commune, gazetteer) }, world, known)
}

const memoOf = once((gazetteer: Gazetteer) =>
  once((streets: StreetLayers) => new StreetMemo(streets, gazetteer)),
)

/** Metres (standard deviation) over which the doors of a former commune spread around the middle of its streets. */
const SPREAD = 500

function groundOf(code: string | null, commune: CurrentCommune, gazetteer: Gazetteer): AskedDoor['ground'] {
  const june = code === null ? undefined : gazetteer.formerCommune(code)
  const ground = june && gazetteer.groundOf(june, commune)
  return ground ? { lat: ground.lat, lon: ground.lon, spread: SPREAD, name: june.fullName } : null
}
