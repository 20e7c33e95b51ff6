import { once } from '../gazetteer/once.ts'
import type { Gazetteer } from '../gazetteer/types.ts'
import { TYPE_WORDS } from '../gazetteer/unitTypes.ts'
import { fold } from '../text/tokens.ts'

/** What a column says of its cells and a line cannot: which level of unit a bare name is. */
interface Words {
  /** Names of provinces without a type word, folded, with the word that they have. */
  readonly provinces: ReadonlyMap<string, string>
  /**
   * Names that districts bear as well as communes, folded: the words of these communes by province (of any date, folded),
   * and by '' in the whole country.
   */
  readonly communes: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>
}

/** A column of provinces says what "Quảng Ngãi" is: the province, not the city of that name. */
export function provinceCell(name: string, gazetteer: Gazetteer): string {
  const word = wordsOf(gazetteer).provinces.get(fold(name))
  return word ? withWord(word, name) : name
}

/** A column of communes says what "Long Biên" is: the ward, not the district of that name; where that tells which word it has. */
export function communeCell(name: string, province: string, gazetteer: Gazetteer): string {
  const words = wordsOf(gazetteer).communes.get(fold(name))
  const there = words?.get(fold(province)) ?? words?.get('')
  const [word, ...others] = there ?? []
  return word && others.length === 0 ? withWord(word, name) : name
}

// Words with marks would make those without them look like mistakes.
const withWord = (word: string, name: string) =>
  `${fold(name) === name.toLowerCase() ? fold(word) : word} ${name}`

const wordsOf = once((gazetteer: Gazetteer): Words => {
  const provinces = new Map(
    [...gazetteer.formerProvinces, ...gazetteer.provinces].map(({ name, type }) => [
      fold(name),
      TYPE_WORDS[type],
    ]),
  )
  const communes = new Map<string, Map<string, Set<string>>>(
    gazetteer.districts.map(({ name }) => [fold(name), new Map()]),
  )
  for (const { name, type, province } of [...gazetteer.communes, ...gazetteer.formerCommunes]) {
    const byProvince = communes.get(fold(name))
    if (!byProvince) continue
    for (const place of [fold(province.name), '']) {
      const words = byProvince.get(place) ?? new Set()
      byProvince.set(place, words.add(TYPE_WORDS[type]))
    }
  }
  return { provinces, communes }
})
