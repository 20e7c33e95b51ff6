import { readAddress } from '../bulk/addok/readAddress.ts'
import { knownNear } from '../locate/door/knownNear.ts'
import { placeDoor } from '../locate/door/placeDoor.ts'
import { readId } from '../locate/ids.ts'
import { communePlace, householdPlace, type Place } from '../locate/place.ts'
import { placeOfId } from '../locate/placeId.ts'
import { resolveCode } from '../locate/resolve.ts'
import { fits, homesAt, toldAt, withHouseholds } from '../locate/search.ts'
import { ISSUES } from '../match/issueCodes.ts'
import type { Issue, Understanding } from '../match/types.ts'
import type { RowFields } from '../pipeline/row.ts'
import { isHouseholdId } from '../registry/id.ts'
import { parseVpostcode } from '../vpostcode/parse.ts'
import { formatVpostcode } from '../vpostcode/vpostcode.ts'
import { complete, completeBehind, type Offer, offer, streetsNamed, type Wanted } from './complete.ts'
import { issuesOf } from './issues.ts'
import type { Deps } from './route.ts'

export interface SearchRequest extends Wanted {
  /** What is looked for: `address` is free text. */
  fields: RowFields
  /** The end of the address may be unfinished. */
  autocomplete: boolean
}

export interface SearchAnswer {
  offers: Offer[]
  issues: Issue[]
  /** How well the text was understood; null for a code, and for a name that is being typed. */
  grade: Understanding['grade'] | null
}

/** What a geocoder answers: a code leads to its place, a text to what it can mean, the most precise first. */
export async function search(deps: Deps, request: SearchRequest): Promise<SearchAnswer> {
  const { fields, filters, near, limit, autocomplete } = request
  const { gazetteer, households } = deps
  const text = fields.address ?? ''
  // The code of a province is not what begins with a house number.
  const isBegun = autocomplete && /^\s*\d{1,4}\s*$/.test(text)
  const coded = isBegun ? null : await byCode(deps, text.trim(), limit)
  if (coded) {
    const offers = coded.filter((place) => fits(place, filters)).map((place) => offer(place))
    return { offers: offers.slice(0, limit), issues: [], grade: null }
  }
  if (autocomplete) {
    const typed = complete(text, request, gazetteer)
    if (typed.length > 0) {
      const offers = await withHouses(typed, deps)
      return { offers: unique(offers).slice(0, limit), issues: [], grade: null }
    }
  }
  const read = readAddress(fields, filters, near, gazetteer)
  const places = await withHouseholds(read.found, households, gazetteer, filters.type)
  const grade = read.understanding?.grade ?? null
  const offers = places.map((place) => offer(toldAt(place, grade), grade))
  const isAsked = grade !== null && grade >= 'C' && !autocomplete
  const streets = isAsked ? await withHouses(streetsNamed(read, text, request, gazetteer), deps) : []
  if (streets.length > 0) {
    offers.push(...streets.map((one) => ({ ...one, place: toldAt(one.place, 'C') })))
    offers.sort((a, b) => b.place.score - a.place.score)
    const issues = issuesOf(read).map((one) => (one.code === 'not-understood' ? NO_PROVINCE : one))
    return { offers: unique(offers).slice(0, limit), issues, grade }
  }
  if (autocomplete) {
    const typed = await withHouses(completeBehind(text, request, gazetteer), deps)
    // A sure answer needs no ending.
    offers.splice(places.length > 0 && grade !== null && grade <= 'B' ? offers.length : 0, 0, ...typed)
  }
  return { offers: unique(offers).slice(0, limit), issues: issuesOf(read), grade }
}

/** Of a street alone: it is understood, and may lie anywhere. */
const NO_PROVINCE: Issue = {
  code: 'province-missing',
  part: 'province',
  given: null,
  used: null,
  severity: ISSUES['province-missing'][0],
}

/**
 * Offered streets with the number that was typed before them: its households where there are any, else among the registered
 * neighbours; behind the first the households of the street whose number begins so.
 */
async function withHouses(offers: readonly Offer[], deps: Deps): Promise<Offer[]> {
  const { households, gazetteer } = deps
  const found: Offer[] = []
  let isFirst = true
  for (const [i, one] of offers.entries()) {
    const { place } = one
    const { street, commune } = place
    const said = i < MOST_HOUSES ? readId(place.id) : null
    if (!street || !commune || !said?.turns.length || said.alley) {
      found.push(one)
      continue
    }
    const houseNumber = said.turns.join('/').toUpperCase()
    const address = { communeCode: commune.code, formerCommuneCode: null, parts: { houseNumber, street } }
    const homes = await homesAt(address, place, households, gazetteer)
    if (homes.length > 0) found.push(...homes.map((home) => offer(home)))
    else {
      const known = await knownNear(address, households)
      // Named as it was typed.
      const { id, name, housenumber } = place
      const among = known && { ...placeDoor(place, address.parts, gazetteer, known), id, name, housenumber }
      found.push(among ? { ...one, place: among } : one)
    }
    if (isFirst && /^\d+$/.test(houseNumber)) found.push(...(await furtherHouses(one, houseNumber, deps)))
    isFirst = false
  }
  return found
}

/** The registered homes of the street of an offer whose number begins with what was typed of it. */
async function furtherHouses(
  { place: { street, commune, former, score } }: Offer,
  digits: string,
  { households, gazetteer }: Deps,
): Promise<Offer[]> {
  const ids = await households.numbersBeginning(commune!.code, street!, Number(digits), MOST_FURTHER)
  const found: Offer[] = []
  for (const id of ids) {
    const home = await households.household(id)
    const place = home && householdPlace(home, former, score * LONGER, gazetteer)
    if (place && place.housenumber !== digits) found.push(offer(place))
  }
  return found
}
/** Homes with a longer number than the one typed, and what that counts. */
const MOST_FURTHER = 4
const LONGER = 0.9
const MOST_HOUSES = 5

/** Twelve digits, a postcode, a Vpostcode: the places that they lead to. Null for a text that is no code. */
async function byCode(deps: Deps, text: string, limit: number): Promise<Place[] | null> {
  const { gazetteer, households } = deps
  const digits = text.replace(/[\s-]+/g, '')
  if (/^\d{12}$/.test(digits) && isHouseholdId(digits)) return byId(deps, digits)
  const ofId = placeOfId(text, gazetteer)
  const place = ofId?.place
  if (/^\d{5}$/.test(digits)) {
    // The code of one commune can be the postcode of another: that is what people mean more often.
    const commune = gazetteer.communeByPostcode(digits)
    const other = place && place.commune !== commune ? [{ ...place, score: commune ? 0.5 : 1 }] : []
    return commune ? [communePlace(commune, null, 1, gazetteer), ...other] : other
  }
  if (ofId) return withHouseholds([ofId], households, gazetteer)
  if (!parseVpostcode(text).ok) return null
  const code = await resolveCode(deps, text)
  const now = code.status === 'superseded' ? code.superseded.find(({ current }) => current)?.current : null
  const homes = await households.atCode(now ?? code.vpostcode ?? '', limit)
  if (homes.length > 0) return homes.flatMap((home) => householdPlace(home, null, 1, gazetteer) ?? [])
  const commune = gazetteer.commune(code.commune?.code ?? '')
  if (!commune || code.lat === null || code.lon === null || !code.vpostcode) return []
  const name = formatVpostcode(code.vpostcode)
  return [
    {
      ...communePlace(commune, null, 1, gazetteer),
      type: 'locality',
      id: code.vpostcode,
      name,
      lat: code.lat,
      lon: code.lon,
      accuracy: CELL,
      precision: 'point',
      vpostcode: code.vpostcode,
    },
  ]
}
/** Metres from the middle of a cell to its corner, rounded up. */
const CELL = 3

/** A household, or those that took its place. */
async function byId({ gazetteer, households }: Deps, id: string): Promise<Place[]> {
  const household = await households.household(id)
  const living = household?.status === 'historical' ? household.successors.slice(0, MOST_HOUSES) : []
  const homes =
    household && living.length === 0
      ? [household]
      : await Promise.all(living.map((one) => households.household(one)))
  return homes.flatMap((home) => (home && householdPlace(home, null, 1, gazetteer)) || [])
}

/** Each place once, where it stands first. */
function unique(offers: readonly Offer[]): Offer[] {
  const seen = new Set<string>()
  return offers.filter(({ place: { type, id } }) => {
    const key = `${type} ${id}`
    const isNew = !seen.has(key)
    seen.add(key)
    return isNew
  })
}
