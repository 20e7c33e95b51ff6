import type { House, Street, StreetLookups } from '../../gazetteer/streetLayer/types.ts'
import type { CurrentCommune, Gazetteer } from '../../gazetteer/types.ts'
import type { Anchor } from './anchors.ts'
import { mappedAnchors } from './anchors.ts'
import type { NumberedLine } from './estimate.ts'
import { linesOf } from './line.ts'
import { type Numbering, numberingOf } from './numbering.ts'
import { singles } from './way.ts'

/** What the map knows of the streets of one name in a commune. */
export interface KnownStreet extends NumberedLine {
  /** Of all pieces. */
  readonly anchors: readonly Anchor[]
  readonly numbering: Numbering | null
  /** Mapped houses by their way from the street: "128", "42/3". */
  readonly houses: ReadonlyMap<string, readonly House[]>
  /** Mapped alleys by their chain: "42", "42/3". */
  readonly alleys: ReadonlyMap<string, readonly Street[]>
}

/** Metres beyond the commune's own stretch in which numbers still tell. */
const BEYOND = 100
/** The same where it has no numbers itself. */
const FAR_BEYOND = 1000

/** The streets of a name that can be meant in a commune. */
function knownStreets(
  name: string,
  commune: CurrentCommune,
  streets: StreetLookups,
  gazetteer: Gazetteer,
): KnownStreet[] {
  return linesOf(name, commune, streets, gazetteer).map((line) => new MappedStreet(line, streets))
}

/** Its houses and alleys are gathered with the first number that is asked for: most who search ask for the street alone. */
class MappedStreet implements KnownStreet {
  readonly line: KnownStreet['line']
  readonly #streets: StreetLookups
  #numbers: Pick<KnownStreet, 'anchors' | 'numbering' | 'around'> | undefined
  #doors: Pick<KnownStreet, 'houses' | 'alleys'> | undefined

  constructor(line: KnownStreet['line'], streets: StreetLookups) {
    this.line = line
    this.#streets = streets
  }

  get anchors(): KnownStreet['anchors'] {
    return this.#numbered.anchors
  }
  get numbering(): KnownStreet['numbering'] {
    return this.#numbered.numbering
  }
  get around(): KnownStreet['around'] {
    return this.#numbered.around
  }
  get houses(): KnownStreet['houses'] {
    return this.#mapped.houses
  }
  get alleys(): KnownStreet['alleys'] {
    return this.#mapped.alleys
  }

  get #numbered() {
    if (this.#numbers) return this.#numbers
    const { street, from, to } = this.line
    const all = mappedAnchors(street, this.#streets)
    const within = (metres: number) =>
      all.filter(({ along }) => along >= from - metres && along <= to + metres)
    const anchors = within(BEYOND)
    const numbering = numberingOf(anchors)
    this.#numbers = { anchors, numbering, around: numbering ? null : numberingOf(within(FAR_BEYOND)) }
    return this.#numbers
  }

  get #mapped() {
    this.#doors ??= mappedDoors(this.line.street, this.#streets)
    return this.#doors
  }
}

function mappedDoors(street: Street, streets: StreetLookups): Pick<KnownStreet, 'houses' | 'alleys'> {
  const alleys = new Map<string, Street[]>()
  const houses = new Map<string, House[]>()
  const add = <T>(to: Map<string, T[]>, key: string, one: T) => {
    const list = to.get(key)
    if (list) list.push(one)
    else to.set(key, [one])
  }
  const keep = (house: House) => {
    // What stands near by and says no street may be of another one.
    if (house.tie !== 'near') for (const way of waysOf(house)) add(houses, way, house)
  }
  streets.housesOf(street).forEach(keep)
  for (const alley of streets.alleysOf(street)) {
    const chain = alley.alley!.numbers.join('/').toUpperCase()
    add(alleys, chain, alley)
    streets.housesOf(alley).forEach(keep)
  }
  return { houses, alleys }
}

/** The keys of a house: "42/3"; of one with several numbers ("14;16") each. */
function waysOf({ chain }: House): string[] {
  const alleys = chain.slice(0, -1)
  return singles(chain.at(-1)!).map((house) => [...alleys, house].join('/').toUpperCase())
}

/** Names in communes that are remembered, and steps of their lines: 72 bytes each. */
const MOST_REMEMBERED = 8_000
const MOST_STEPS = 250_000

/** `knownStreets`, remembered: rows of a file come by commune, and people ask for the same streets. */
export class StreetMemo {
  private readonly known = new Map<string, KnownStreet[]>()
  private steps = 0
  private readonly streets: StreetLookups
  private readonly gazetteer: Gazetteer

  constructor(streets: StreetLookups, gazetteer: Gazetteer) {
    this.streets = streets
    this.gazetteer = gazetteer
  }

  of(name: string, commune: CurrentCommune): readonly KnownStreet[] {
    const key = `${commune.code} ${name}`
    const known = this.known.get(key)
    const found = known ?? knownStreets(name, commune, this.streets, this.gazetteer)
    if (known) this.known.delete(key)
    else this.steps += stepsOf(found)
    this.known.set(key, found)
    while (this.known.size > MOST_REMEMBERED || (this.steps > MOST_STEPS && this.known.size > 1)) {
      const [oldest, streets] = this.known.entries().next().value!
      this.known.delete(oldest)
      this.steps -= stepsOf(streets)
    }
    return found
  }
}

const stepsOf = (streets: readonly KnownStreet[]) => streets.reduce((sum, { line }) => sum + line.count, 0)
