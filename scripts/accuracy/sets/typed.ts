import { streetKeys } from '../../../src/gazetteer/streetsKey.ts'
import type { CurrentCommune, District, Gazetteer } from '../../../src/gazetteer/types.ts'
import { complete, type Offer } from '../../../src/http/complete.ts'
import { fold } from '../../../src/text/tokens.ts'
import { type Draws, drawsFor } from '../../households/random.ts'
import type { Context } from '../context.ts'
import { STYLES, type Style, typedAs } from '../typing.ts'

/** Places of each level that are typed in each style. */
const EACH = 400
const SEED = 20260101
const LEVELS = ['province', 'commune', 'former', 'district', 'street', 'listed', 'house', 'near'] as const

interface Wanted {
  /** What is typed, the narrowest first. */
  readonly parts: readonly string[]
  readonly isIt: (offer: Offer) => boolean
  readonly near: { lat: number; lon: number } | null
}

/**
 * Known places typed as people do: how often each stands first, and among the five that are shown. Units by their name alone where
 * no other of its kind bears it, else with what is around them; mapped streets with their commune, listed ones with their district.
 */
export function typed({ gazetteer, report }: Context): void {
  for (const { level, style, text, parts, isIt, near } of typedQueries(gazetteer)) {
    const offers = complete(text, { filters: {}, near, limit: 5 }, gazetteer)
    const at = offers.findIndex(isIt)
    const expected = `${level} ${style}: ${parts.join(', ')}`
    const got = offers.map(({ label }) => label).join(' | ')
    for (const group of [level, style]) {
      report.score(`typed.${group}.first`, at === 0, text, expected, got)
      report.score(`typed.${group}.five`, at >= 0, text, expected, got)
    }
  }
}

export interface TypedQuery extends Wanted {
  readonly level: (typeof LEVELS)[number]
  readonly style: Style
  readonly text: string
}

/** EACH queries of each level in each style, the same in every run. */
export function* typedQueries(gazetteer: Gazetteer): Generator<TypedQuery> {
  const mapped: { key: string; name: string; commune: CurrentCommune }[] = []
  const listed: { key: string; name: string; district: District }[] = []
  gazetteer.eachStreet((key, names, place) => {
    // "Đường số 5" has a hundred sisters.
    if (/^[\d ]*[a-z]?$/.test(key)) return
    if ('inside' in place) mapped.push({ key, name: names[0]!, commune: place })
    else listed.push({ key, name: names[0]!, district: place })
  })
  const isUnique = uniqueIn(gazetteer.communes)
  const isUniqueDistrict = uniqueIn(gazetteer.districts)
  const make: Record<(typeof LEVELS)[number], (draws: Draws) => Wanted> = {
    province: (draws) => {
      const unit = draws.pick(gazetteer.provinces)
      return wanted([unit.name], ({ place }) => !place.commune && place.province === unit)
    },
    commune: (draws) => {
      const unit = draws.pick(gazetteer.communes)
      const parts = isUnique(unit) ? [unit.name] : [unit.fullName, unit.province.name]
      return wanted(parts, ({ place }) => !place.street && place.commune === unit)
    },
    former: (draws) => {
      const unit = draws.pick(gazetteer.formerCommunes)
      const successors = unit.successors.map(({ current }) => current)
      return wanted(
        [unit.fullName, unit.district.fullName],
        ({ place }) => !place.street && successors.includes(place.commune!),
      )
    },
    district: (draws) => {
      const unit = draws.pick(gazetteer.districts)
      return wanted(
        isUniqueDistrict(unit) && !/\d/.test(unit.name) ? [unit.name] : [unit.fullName, unit.province.name],
        ({ place, label }) =>
          place.former?.district?.code === unit.code || (!place.street && label.includes(unit.name)),
      )
    },
    street: (draws) => {
      const { key, name, commune } = draws.pick(mapped)
      return wanted([name, commune.name], (offer) => isStreet(offer, key) && offer.place.commune === commune)
    },
    listed: (draws) => {
      const { key, name, district } = draws.pick(listed)
      const isThere = ({ place: { commune, former } }: Offer) =>
        former?.district?.code === district.code ||
        (commune?.sources.some(({ former }) => former.district === district) ?? false)
      const parts = [name, district.fullName, district.province.name]
      return wanted(parts, (offer) => isStreet(offer, key) && isThere(offer))
    },
    house: (draws) => {
      const { key, name, commune } = draws.pick(mapped)
      const number = `${1 + draws.below(400)}${draws.chance(0.2) ? 'A' : ''}`
      const isIt = (offer: Offer) =>
        isStreet(offer, key) && offer.place.commune === commune && offer.label.startsWith(`${number} `)
      return wanted([`${number} ${name}`, commune.name], (offer) => isIt(capital(offer)))
    },
    near: (draws) => {
      const { key, name, commune } = draws.pick(mapped)
      const step = () => (draws.next() - 0.5) * 0.02
      const near = { lat: commune.inside.lat + step(), lon: commune.inside.lon + step() }
      return { parts: [name], isIt: (offer) => isStreet(offer, key), near }
    },
  }
  for (const [i, level] of LEVELS.entries())
    for (const [k, style] of STYLES.entries())
      for (let row = 0; row < EACH; row++) {
        const draws = drawsFor(SEED + 10 * i + k, row)
        const made = make[level](draws)
        yield { ...made, level, style, text: typedAs(style, made.parts, draws) }
      }
}

const wanted = (parts: readonly string[], isIt: (offer: Offer) => boolean): Wanted => ({
  parts,
  isIt,
  near: null,
})

const isStreet = ({ place: { street } }: Offer, key: string) =>
  street !== null && streetKeys(street)[0] === key

/** "12a Lê Lợi" is the house 12A. */
const capital = (offer: Offer): Offer => ({
  ...offer,
  label: offer.label.replace(/^\d+[a-z] /, (number) => number.toUpperCase()),
})

function uniqueIn(units: readonly { name: string }[]): (unit: { name: string }) => boolean {
  const count = new Map<string, number>()
  for (const { name } of units) count.set(fold(name), (count.get(fold(name)) ?? 0) + 1)
  return ({ name }) => count.get(fold(name)) === 1
}
