import { type Token, tokenize } from '../text/tokens.ts'
import { PROVINCE_NICKNAMES } from './nicknames.ts'
import type {
  CurrentCommune,
  District,
  EarlierCommune,
  EarlierDistrict,
  FormerCommune,
  Gazetteer,
  Province,
  UnitType,
} from './types.ts'

export type Level = 'province' | 'district' | 'commune'

/** One unit that a name can mean. Exactly one of the unit fields is set, but a province has its two eras side by side. */
export interface Sense {
  readonly level: Level
  /** Each syllable of the name with its marks, as `Token.accent`. */
  readonly accents: readonly string[]
  /** The type words that fit ("phường", before 2026 "xã"); empty when none is known. */
  readonly types: readonly UnitType[]
  /** A nickname or initials ("SG"): names nothing else, but is not the unit's own name. */
  readonly nickname: boolean
  readonly currentProvince: Province | null
  readonly formerProvince: Province | null
  readonly district: District | null
  readonly earlierDistrict: EarlierDistrict | null
  readonly current: CurrentCommune | null
  readonly former: FormerCommune | null
  readonly earlier: EarlierCommune | null
}

interface Node {
  next: Map<string, Node> | null
  senses: Sense[]
}

/** All unit names of all eras as a trie over folded syllables: one step a token. */
export interface NameIndex {
  readonly root: Node
  /** The current province that a former one became part of. */
  currentOf(former: Province): Province
  /** The former provinces whose communes a current commune took over. */
  formerProvincesOf(commune: CurrentCommune): readonly Province[]
  formerDistrictsOf(commune: CurrentCommune): readonly District[]
  /** The current communes that a named commune of any era is or became. */
  successorsOf(commune: Sense): readonly CurrentCommune[]
}

const NO_UNIT = {
  nickname: false,
  currentProvince: null,
  formerProvince: null,
  district: null,
  earlierDistrict: null,
  current: null,
  former: null,
  earlier: null,
}

const indexes = new WeakMap<Gazetteer, NameIndex>()

/** The index of a gazetteer, made once. */
export function nameIndex(gazetteer: Gazetteer): NameIndex {
  let index = indexes.get(gazetteer)
  if (!index) {
    index = build(gazetteer)
    indexes.set(gazetteer, index)
  }
  return index
}

/** The node that a token leads to, if any name goes on that way. */
export function step(node: Node, token: Token): Node | undefined {
  return node.next?.get(token.fold)
}

function build(gazetteer: Gazetteer): NameIndex {
  const root: Node = { next: null, senses: [] }
  const currentOfFormer = new Map<Province, Province>()
  const provincesOf = new Map<CurrentCommune, Province[]>()
  const districtsOf = new Map<CurrentCommune, District[]>()
  const formerIn = new Map<Province, Province[]>()
  for (const commune of gazetteer.communes) {
    const provinces = new Set<Province>()
    const districts = new Set<District>()
    for (const { former } of commune.sources) {
      provinces.add(former.province)
      districts.add(former.district)
      currentOfFormer.set(former.province, commune.province)
    }
    provincesOf.set(commune, [...provinces])
    districtsOf.set(commune, [...districts])
  }
  for (const [former, current] of currentOfFormer) {
    const list = formerIn.get(current) ?? []
    list.push(former)
    formerIn.set(current, list)
  }

  const addProvince = (name: string, current: Province | null, former: Province | null, nickname: boolean) =>
    add(root, name, {
      ...NO_UNIT,
      level: 'province',
      types: ['tinh', 'thanh-pho'],
      nickname,
      currentProvince: current,
      formerProvince: former,
    })
  for (const former of gazetteer.formerProvinces) {
    const current = currentOfFormer.get(former)!
    const sameName = foldName(current.name) === foldName(former.name)
    addProvince(former.name, sameName ? current : null, former, false)
  }
  for (const current of gazetteer.provinces) {
    const named = (formerIn.get(current) ?? []).some(
      (former) => foldName(former.name) === foldName(current.name),
    )
    if (!named) addProvince(current.name, current, null, false)
  }
  for (const [name, code] of PROVINCE_NICKNAMES) {
    const former = gazetteer.province(code, 'former')!
    const current = currentOfFormer.get(former)!
    addProvince(name, current.code === former.code ? current : null, former, true)
  }

  for (const district of gazetteer.districts)
    for (const name of [district.name, ...district.otherNames])
      add(root, name, { ...NO_UNIT, level: 'district', types: [district.type], district })
  for (const earlierDistrict of gazetteer.earlierDistricts)
    add(root, earlierDistrict.name, {
      ...NO_UNIT,
      level: 'district',
      types: typeOfFullName(earlierDistrict.fullName),
      earlierDistrict,
    })

  for (const current of gazetteer.communes) {
    const types: UnitType[] = current.typeChange
      ? [current.type, current.typeChange.from, current.typeChange.to]
      : [current.type]
    for (const name of [current.name, ...current.otherNames])
      add(root, name, { ...NO_UNIT, level: 'commune', types, current })
  }
  for (const former of gazetteer.formerCommunes)
    for (const name of [former.name, ...former.otherNames])
      add(root, name, { ...NO_UNIT, level: 'commune', types: [former.type], former })
  for (const earlier of gazetteer.earlierCommunes)
    add(root, earlier.name, {
      ...NO_UNIT,
      level: 'commune',
      types: earlier.type ? [earlier.type] : [],
      earlier,
    })

  const successors = new Map<Sense, CurrentCommune[]>()
  return {
    root,
    currentOf: (former) => currentOfFormer.get(former)!,
    formerProvincesOf: (commune) => provincesOf.get(commune)!,
    formerDistrictsOf: (commune) => districtsOf.get(commune)!,
    successorsOf: (commune) => {
      let list = successors.get(commune)
      if (!list) {
        list = currentsOf(commune)
        successors.set(commune, list)
      }
      return list
    },
  }
}

function currentsOf({ current, former, earlier }: Sense): CurrentCommune[] {
  if (current) return [current]
  const formers = former ? [former] : earlier!.successors
  return formers.flatMap((one) => one.successors.map((succession) => succession.current))
}

const foldName = (name: string) =>
  tokenize(name)
    .map((token) => token.fold)
    .join('')

/** Adds a name by its syllables, and once more written as one word ("hanoi", "tphcm"). */
function add(root: Node, name: string, sense: Omit<Sense, 'accents'>): void {
  const tokens = tokenize(name)
  const accents = tokens.map((token) => token.accent)
  insert(
    root,
    tokens.map((token) => token.fold),
    { ...sense, accents },
  )
  const joined = tokens.map((token) => token.fold).join('')
  if (tokens.length > 1 && joined.length >= 5 && !/\d/.test(joined))
    insert(root, [joined], { ...sense, accents: [joined] })
}

function insert(root: Node, folds: string[], sense: Sense): void {
  let node = root
  for (const word of folds) {
    node.next ??= new Map()
    let next = node.next.get(word)
    if (!next) {
      next = { next: null, senses: [] }
      node.next.set(word, next)
    }
    node = next
  }
  const same = node.senses.some(
    (other) =>
      other.accents.join(' ') === sense.accents.join(' ') &&
      other.current === sense.current &&
      other.former === sense.former &&
      other.earlier === sense.earlier &&
      other.district === sense.district &&
      other.earlierDistrict === sense.earlierDistrict &&
      other.formerProvince === sense.formerProvince &&
      other.currentProvince === sense.currentProvince,
  )
  if (!same) node.senses.push(sense)
}

function typeOfFullName(fullName: string): UnitType[] {
  const first = fullName.toLowerCase().normalize('NFC')
  if (first.startsWith('quận')) return ['quan']
  if (first.startsWith('huyện')) return ['huyen']
  if (first.startsWith('thị xã')) return ['thi-xa']
  if (first.startsWith('thành phố')) return ['thanh-pho']
  return []
}
