import type { NameIndex } from '../gazetteer/names.ts'
import { onceInSlices } from '../gazetteer/slices.ts'
import { streetKeys } from '../gazetteer/streetsKey.ts'
import type { CurrentCommune, District, Gazetteer } from '../gazetteer/types.ts'
import { allowedEdits, letterMask, MOST_LETTERS } from '../text/edits.ts'
import { NearNames } from '../text/nearNames.ts'
import { type Decision, MOST_REPAIRED } from './decide.ts'
import { ISSUES } from './issueCodes.ts'
import { isStreet } from './streetCommunes.ts'

/** A name whose every word is a syllable of names may be a street that no list has: so many letters, and one of them wrong. */
const LEAST_LETTERS = 7

type Place = CurrentCommune | District

/**
 * The street that a misspelled name stands for, as it is usually written: the one street of the commune or district of the line
 * that is a few wrong letters away. Null for a name that is known anywhere or has a number in it, and where two streets are
 * equally near.
 */
export function repairedStreet(
  street: string,
  { current, reading }: Pick<Decision, 'current' | 'reading'>,
  index: NameIndex,
  gazetteer: Gazetteer,
): string | null {
  if (isStreet(street, gazetteer)) return null
  const commune = current?.commune ? gazetteer.commune(current.commune.code)! : null
  const district = reading?.district?.sense.district
  const places: Place[] = commune
    ? [commune, ...index.formerDistrictsOf(commune)]
    : district
      ? [district, ...index.communesOf(district).map((share) => share.commune)]
      : []
  const words = streetKeys(street).at(-1)!.split(' ')
  const letters = words.join('')
  if (places.length === 0 || letters.length > MOST_LETTERS || /\d/.test(letters)) return null
  // A map that was loaded may have what no list has.
  if (commune && gazetteer.streetLayers.streetsNamed(street, commune).length > 0) return null
  const isStrange = words.some((word) => !index.syllables.bare.has(word))
  const most = isStrange ? allowedEdits(letters.length) : letters.length < LEAST_LETTERS ? 0 : 1
  const near = new Map<string, string>()
  let best = most
  for (const place of places)
    best = namesOf
      .of(gazetteer)(place)
      .nearest(
        letters,
        letterMask(letters),
        best,
        () => best,
        ([name], edits) => {
          if (edits < best) near.clear()
          best = edits
          near.set(streetKeys(name!)[0]!, name!)
        },
      )
  const [only, ...others] = near.values()
  return only !== undefined && others.length === 0 ? only : null
}

/** The same decision of a line whose street was put right: never exact. */
export function streetRepaired(decision: Decision, given: string, used: string): Decision {
  const severity = ISSUES['street-repaired'][0]
  return {
    ...decision,
    grade: decision.grade === 'A' ? 'B' : decision.grade,
    confidence: Math.min(decision.confidence, MOST_REPAIRED),
    issues: [...decision.issues, { code: 'street-repaired', part: 'street', given, used, severity }],
  }
}

/** The names of the streets of each place, made ready when first asked for. */
export const namesOf = onceInSlices(function* (gazetteer: Gazetteer) {
  yield
  const lines = new Map<Place, [key: string, name: string][]>()
  gazetteer.eachStreet((key, [name], place) => {
    // "Đường số 3" is as near to "Đường số 8" as to anything.
    if (/\d/.test(key)) return
    const list = lines.get(place)
    if (list) list.push([key, name!])
    else lines.set(place, [[key, name!]])
  })
  const made = new Map<Place, NearNames<string>>()
  return (place: Place): NearNames<string> => {
    let names = made.get(place)
    if (!names) {
      names = new NearNames()
      for (const [key, name] of lines.get(place) ?? []) names.add(key.replaceAll(' ', ''), name)
      made.set(place, names)
    }
    return names
  }
})
