import { readFileSync } from 'node:fs'
import type { CurrentCommune, District, FormerCommune, Gazetteer } from '../../src/gazetteer/types.ts'

/** A current commune with the names that its made-up households use. */
export interface Place {
  commune: CurrentCommune
  /**
   * Former communes that its people lived in, all of one district; empty for the few that have none. Left out are split ones of
   * which all people went elsewhere, and those that another one of the district is told from by an accent only.
   */
  formers: FormerCommune[]
  /**
   * Real streets of that district. Which of them run through this commune the sources do not say: those that the map has in
   * the other parts of its split former communes are left out.
   */
  streets: string[]
  /** Real hamlets where the source has them (Ha Noi, Ho Chi Minh City), else numbered ones. */
  hamlets: string[]
  /** Its name alone leads to another commune of its province as well. */
  namesake: boolean
}

const SHARED = process.env.VPOSTCODE_SHARED ?? '../shared'
const STREETS_A_COMMUNE = 12
/** Names of two to four words with capitals: "Lê Lợi", not "DX 02", "12" or "Đường đắp". */
const PLAIN_NAME = /^\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+){1,3}$/u
const ROAD_WORD = /^(?:đường|phố|ngõ|ngách|hẻm|kiệt|tỉnh|quốc|hương|đại|cầu|khu|làng|thôn|xóm|ấp) /i

/** Every commune of the provinces (codes; all when empty) in order of code, with names to use. */
export function readPlaces(gazetteer: Gazetteer, provinces: string[]): Place[] {
  const streets = readStreets()
  const hamlets = readHamlets()
  const namesakes = communesWithNamesake(gazetteer)
  const alike = formersAlike(gazetteer)
  const chosen = gazetteer.communes.filter(
    ({ province }) => provinces.length === 0 || provinces.includes(province.code),
  )
  return [...chosen]
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map((commune) => {
      const all = commune.sources
        .map((source) => source.former)
        .filter((former) => hasPeopleIn(former, commune) && !alike.has(former))
      const district = all[0]?.district
      const formers = all.filter((former) => former.district === district)
      const others = new Set(formers.flatMap(({ successors }) => successors.map(({ current }) => current)))
      others.delete(commune)
      const elsewhere = (street: string) =>
        gazetteer.communesOfStreet(street).some((run) => others.has(run.commune))
      const streetsHere = district
        ? districtStreets(streets, district).filter((name) => !elsewhere(name))
        : []
      const real = formers.flatMap((former) => hamlets.get(communeKey(former)) ?? [])
      return {
        commune,
        formers,
        streets: spread(streetsHere, Number(commune.code)),
        hamlets: real.length > 0 ? [...new Set(real)] : usualHamlets(commune),
        namesake: namesakes.has(commune),
      }
    })
}

/** Did people of the former commune come to this one? */
const hasPeopleIn = ({ successors }: FormerCommune, commune: CurrentCommune): boolean =>
  !successors.some(({ takesPopulation, current }) => takesPopulation && current !== commune)

/** Communes whose name, without accents, another one of the province has or had before it went elsewhere. */
function communesWithNamesake({ communes, earlierCommunes }: Gazetteer): Set<CurrentCommune> {
  const bearers = new Groups<CurrentCommune>()
  const bear = (name: string, commune: CurrentCommune) =>
    bearers.add(`${commune.province.code}|${fold(name)}`, commune)
  for (const commune of communes) {
    bear(commune.name, commune)
    for (const { former } of commune.sources) bear(former.name, commune)
  }
  for (const { name, successors } of earlierCommunes)
    for (const former of successors) for (const { current } of former.successors) bear(name, current)
  return bearers.inCompany()
}

/** Former communes whose name, without accents, another one of the same district has or had. */
function formersAlike({ formerCommunes, earlierCommunes }: Gazetteer): Set<unknown> {
  const bearers = new Groups<unknown>()
  for (const one of [...formerCommunes, ...earlierCommunes])
    bearers.add(`${one.province.code}|${fold(one.district.name)}|${fold(one.name)}`, one)
  return bearers.inCompany()
}

class Groups<T> {
  readonly #groups = new Map<string, Set<T>>()
  add(key: string, item: T): void {
    const group = this.#groups.get(key)
    if (group) group.add(item)
    else this.#groups.set(key, new Set([item]))
  }
  /** The items that share a group with another one. */
  inCompany(): Set<T> {
    return new Set([...this.#groups.values()].flatMap((group) => (group.size > 1 ? [...group] : [])))
  }
}

/** A dozen of the names, other ones for each commune of a district. */
function spread(names: string[], start: number): string[] {
  const step = Math.max(1, Math.floor(names.length / STREETS_A_COMMUNE))
  const first = names.length === 0 ? 0 : start % names.length
  return [...names.slice(first), ...names.slice(0, first)]
    .filter((_, index) => index % step === 0)
    .slice(0, STREETS_A_COMMUNE)
}

function usualHamlets({ type, province }: CurrentCommune): string[] {
  const south = Number(province.code) >= 75
  const word = type === 'phuong' ? (south ? 'Khu phố' : 'Tổ dân phố') : south ? 'Ấp' : 'Thôn'
  return ['1', '2', '3', '4', '5', '6', '7', '8'].map((number) => `${word} ${number}`)
}

/** Streets by former province and district, without accents. */
function readStreets(): Map<string, string[]> {
  const streets = new Map<string, string[]>()
  for (const [province, , district, street] of readTable('street-names-nationwide-2019.csv')) {
    if (!PLAIN_NAME.test(street!) || ROAD_WORD.test(street!)) continue
    const key = `${fold(province!)}|${fold(district!)}`
    const list = streets.get(key) ?? []
    if (!list.some((other) => fold(other) === fold(street!))) list.push(street!)
    streets.set(key, list)
  }
  return streets
}

function districtStreets(streets: Map<string, string[]>, district: District): string[] {
  const province = fold(district.province.name)
  const names = [district.name, district.fullName, ...district.otherNames]
  return names.map((name) => streets.get(`${province}|${fold(name)}`)).find((list) => list) ?? []
}

/** Hamlets of the rural communes of 2019, by province, district and commune. */
function readHamlets(): Map<string, string[]> {
  const hamlets = new Map<string, string[]>()
  for (const [name, ward, district, province] of readTable('hamlets-and-streets-by-ward-2019.csv')) {
    const bare = name!.replace(/^(?:thôn|xóm|ấp) /, '')
    if (!/^\p{L}+(?: \p{L}+){0,2}$/u.test(bare) || /^(?:đình|chùa|ngõ|làng|đường|phố|chợ) /.test(bare))
      continue
    const word = /^(?:xóm|ấp) /.exec(name!)?.[0] ?? (province === 'hồ chí minh' ? 'ấp ' : 'thôn ')
    const key = `${fold(province!)}|${fold(district!)}|${fold(ward!)}`
    hamlets.set(key, [...(hamlets.get(key) ?? []), capitals(word + bare)])
  }
  return hamlets
}

function communeKey({ province, district, name }: FormerCommune): string {
  return `${fold(province.name)}|${fold(district.name)}|${fold(name)}`
}

/** The data rows of a street file; none of its cells is quoted, but one name has a comma and is left out. */
function readTable(file: string): string[][] {
  const text = readFileSync(`${SHARED}/data/streets/${file}`, 'utf8')
  const [header, ...rows] = text.split(/\r?\n/).map((line) => line.split(',').map((cell) => cell.trim()))
  return rows.filter((row) => row.length === header!.length)
}

function capitals(text: string): string {
  return text.replace(/(^| )(\p{L})/gu, (_, blank, letter) => blank + letter.toUpperCase())
}

/** Small letters without accents. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase()
}
