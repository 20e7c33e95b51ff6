import { streetKeys } from '../../src/gazetteer/streetsKey.ts'
import type { Gazetteer } from '../../src/gazetteer/types.ts'
import { metresBetween } from '../../src/geo/flatEarth.ts'
import type { Offer } from '../../src/http/complete.ts'
import { offer } from '../../src/http/complete.ts'
import type { Deps } from '../../src/http/route.ts'
import { type SearchAnswer, search } from '../../src/http/search.ts'
import { aboutLabel } from '../../src/locate/place.ts'
import { reverse } from '../../src/locate/reverse.ts'

type Asked = Pick<Deps, 'gazetteer' | 'households'>

/** Something that is asked of the service. */
export type Question =
  | { kind: 'reverse'; lat: number; lon: number }
  | { kind: 'search' | 'autocomplete'; q: string }

export interface Lost {
  asked: Question
  id: string
  label: string
  why: string
  back: string | null
}
type Shares = Record<string, { of: number; lost: number }>

/** Asks everything and searches each answer's id and label again. */
export async function leadsBack(deps: Asked, questions: Iterable<Question>) {
  const shares = { asked: 0, answers: 0, byId: {} as Shares, byLabel: {} as Shares }
  const lost = { byId: {} as Record<string, Lost[]>, byLabel: {} as Record<string, Lost[]> }
  const seen = new Set<string>()
  for (const asked of questions) {
    shares.asked++
    for (const one of await answersTo(deps, asked)) {
      const key = `${one.place.id}|${one.label}`
      if (seen.has(key)) continue
      seen.add(key)
      shares.answers++
      const name = `${asked.kind} ${one.place.type}${one.place.door?.turns.length && one.place.type === 'street' ? ' alley' : ''}`
      for (const by of ['byId', 'byLabel'] as const) {
        const q = by === 'byId' ? one.place.id : one.label
        const { offers } = await find(deps, q, false)
        // The code of one commune can be the postcode of another, which then stands first.
        const back = offers.find(({ place }) => by === 'byId' && place.id === one.place.id) ?? offers[0]
        const why = back ? (by === 'byId' ? faultOfId : faultOfLabel)(one, back) : 'nothing'
        shares[by][name] ??= { of: 0, lost: 0 }
        shares[by][name].of++
        if (!why) continue
        shares[by][name].lost++
        lost[by][name] ??= []
        lost[by][name].push({
          asked,
          id: one.place.id,
          label: one.label,
          why,
          back: back ? `${back.place.id} ${back.label}` : null,
        })
      }
    }
  }
  return { shares, lost }
}

async function answersTo(deps: Asked, asked: Question): Promise<Offer[]> {
  if (asked.kind !== 'reverse') return (await find(deps, asked.q, asked.kind === 'autocomplete')).offers
  const { found } = await reverse(deps, asked.lat, asked.lon, 100, 5)
  return found.map(({ place, estimate }) =>
    estimate ? { ...offer(place), label: aboutLabel(place, estimate) } : offer(place),
  )
}

const find = (deps: Asked, q: string, autocomplete: boolean): Promise<SearchAnswer> =>
  search(deps as Deps, { fields: { address: q }, filters: {}, near: null, limit: 5, autocomplete })

/** The same place: commune, type, name, and a point within the larger of both errors. */
function faultOfId({ place }: Offer, { place: back }: Offer): string {
  if (back.commune !== place.commune) return 'commune'
  if (back.province !== place.province) return 'province'
  if (back.id !== place.id) return 'id'
  if (back.type !== place.type) return 'type'
  if (streetOf(back) !== streetOf(place)) return 'street'
  // One of an alley can be written in the ways of the north and of the south.
  if (!back.housenumber !== !place.housenumber) return 'housenumber'
  const metres = metresBetween(place, back)
  return metres > Math.max(place.accuracy, back.accuracy, 1) ? `point ${Math.round(metres)} m` : ''
}

function faultOfLabel({ place }: Offer, { place: back }: Offer): string {
  // Of a district before July 2025 any of its communes is a narrower answer.
  const isNarrower = !place.commune && back.former?.district?.code === place.former?.district?.code
  if (back.commune !== place.commune && !isNarrower) return 'commune'
  if (back.province !== place.province) return 'province'
  return streetOf(back) === streetOf(place) ? '' : 'street'
}

const streetOf = ({ street }: Offer['place']) => (street ? streetKeys(street)[0]! : null)

/** Seeded questions about streets, alleys, houses, hamlets and units, half of them points. */
export function* aboutStreets(gazetteer: Gazetteer, count: number): Generator<Question> {
  let seed = 20_250_701
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
  const [layer] = gazetteer.streetLayers.layers.slice(-1)
  const row = (rows: number) => Math.floor(random() * rows)
  const off = (metres: number) => ((random() - 0.5) * 2 * metres) / 111_000
  for (let i = 0; i < count; i++) {
    const house = layer!.houseAt(row(layer!.counts.houses))
    yield { kind: 'reverse', lat: house.lat + off(40), lon: house.lon + off(40) }
    const street = layer!.streetAt(row(layer!.counts.streets + layer!.counts.alleys))
    const { points } = street.lines[0]!
    const at = 2 * row(points.length / 2)
    yield { kind: 'reverse', lat: points[at]! + off(25), lon: points[at + 1]! + off(25) }
    const commune = gazetteer.communes[row(gazetteer.communes.length)]!
    const { inside } = commune
    yield { kind: 'reverse', lat: inside.lat + off(2000), lon: inside.lon + off(2000) }
    const units = `${street.commune.fullName}, ${street.commune.province.fullName}`
    const number = 1 + row(300)
    yield { kind: 'search', q: `${street.name}, ${units}` }
    if (house.street) yield { kind: 'search', q: `${house.number} ${house.street.name}, ${units}` }
    yield {
      kind: 'search',
      q: `${number} ngõ ${row(90) + 1} Đường Không Có, ${commune.fullName}, ${commune.province.fullName}`,
    }
    yield { kind: 'search', q: `thôn Phú Mới, ${commune.fullName}, ${commune.province.fullName}` }
    yield { kind: 'search', q: `${number} thôn Phú Mới, ${commune.fullName}, ${commune.province.fullName}` }
    const begun = street.name.slice(0, Math.max(3, street.name.length - row(4)))
    yield { kind: 'autocomplete', q: begun }
    yield { kind: 'autocomplete', q: `${number} ${begun}` }
    const parent = street.alley?.parent ?? street
    if (!parent.alley) {
      const [first, second] = [1 + row(120), 1 + row(60)]
      yield { kind: 'autocomplete', q: `${number} ngách ${first}/${second} ngõ ${first} ${parent.name}` }
      yield { kind: 'autocomplete', q: `kiệt ${first} ${parent.name}` }
      yield { kind: 'autocomplete', q: `hẻm ${first}/${second} ${parent.name}` }
      yield { kind: 'autocomplete', q: `${first}/${second}/${number} ${parent.name}` }
    }
    const former = commune.sources[row(commune.sources.length)]?.former
    if (former) yield { kind: 'autocomplete', q: `${former.fullName}, ${former.district.name}` }
    const sameStreet = parent.commune.sources[0]?.former
    if (sameStreet) yield { kind: 'autocomplete', q: `${parent.name}, ${sameStreet.district.name}` }
  }
}
