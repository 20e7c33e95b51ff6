import type { Gazetteer } from '../gazetteer/types.ts'
import { knownNear, type SeenStreets } from '../locate/door/knownNear.ts'
import { locateIn } from '../locate/door/locateAddress.ts'
import type { KnownPlaces } from '../locate/knownHouseholds.ts'
import { idsOf } from '../registry/id.ts'
import { knownPlaces } from '../registry/knownPlaces.ts'
import type { StoreReader } from '../registry/store.ts'
import type { PreparedLine } from './prepare.ts'

/** Puts rows without a point where the registered neighbours tell that they are, as search does. */
export class Neighbours {
  readonly #places: KnownPlaces
  readonly #gazetteer: Gazetteer
  readonly #seen: SeenStreets = new Map()
  readonly #store: StoreReader
  readonly #startedAt: number
  readonly #communes = new Map<string, boolean>()

  /**
   * @param startedAt of the job (milliseconds since 1970). What was registered or changed since tells nothing, so that a run
   * that was stopped, whose first rows are registered already, answers as one that was not.
   */
  constructor(store: StoreReader, startedAt: number, gazetteer: Gazetteer) {
    this.#places = knownPlaces(store, idsOf(store), startedAt)
    this.#gazetteer = gazetteer
    this.#store = store
    this.#startedAt = startedAt
  }

  /** Whether anybody of a commune was registered: a first load asks this once a commune, and nothing else. */
  async #hasHomes(communeCode: string): Promise<boolean> {
    let has = this.#communes.get(communeCode)
    if (has === undefined) {
      const all = [0, Number.MAX_SAFE_INTEGER] as const
      has = (await this.#store.placesAlong(communeCode, all, 1, this.#startedAt)).length > 0
      this.#communes.set(communeCode, has)
    }
    return has
  }

  async place(lines: readonly PreparedLine[]): Promise<void> {
    for (const line of lines) {
      const { draft } = line
      const commune = draft && !draft.point && this.#gazetteer.commune(draft.communeCode)
      if (!draft || !commune || !line.location || line.location.precision === 'point') continue
      if (!(await this.#hasHomes(commune.code))) continue
      const known = await knownNear(draft, this.#places, this.#seen)
      if (!known) continue
      const door = locateIn(draft.parts, commune, draft.formerCommuneCode, this.#gazetteer, known)
      const { lat, lon, precision, accuracy } = door
      line.location = { lat, lon, precision, accuracy }
    }
  }
}
