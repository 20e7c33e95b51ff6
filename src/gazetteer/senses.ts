import { fold } from '../text/tokens.ts'
import type { Eras } from './eras.ts'
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
import { typeBits } from './unitTypes.ts'

/** One unit that a name can mean. Exactly one of the unit fields is set, but a province has its two eras side by side. */
export interface Sense {
  readonly level: 'province' | 'district' | 'commune'
  /** The type words that fit ("phường", before 2026 "xã"); empty when none is known. */
  readonly types: readonly UnitType[]
  /** The same as bits. */
  readonly typeBits: number
  /** A nickname or initials ("SG"): names nothing else, but is not the unit's own name. */
  readonly nickname: boolean
  readonly currentProvince: Province | null
  readonly formerProvince: Province | null
  readonly district: District | null
  readonly earlierDistrict: EarlierDistrict | null
  readonly current: CurrentCommune | null
  readonly former: FormerCommune | null
  readonly earlier: EarlierCommune | null
  /** The current province that it is or lies in. */
  readonly nowIn: Province
  /** The former provinces that it is or lay in: several for communes made across an old border. */
  readonly wasIn: readonly Province[]
  /** The districts of June 2025 that it is or lay in. */
  readonly districts: readonly District[]
  /** The current communes that a commune is or became. */
  readonly became: readonly CurrentCommune[]
}

type Units = Pick<
  Sense,
  'currentProvince' | 'formerProvince' | 'district' | 'earlierDistrict' | 'current' | 'former' | 'earlier'
>

/** Every field in one order, so that all senses have one hidden class: they are read for every word of every text. */
function senseOf(
  eras: Eras,
  level: Sense['level'],
  types: readonly UnitType[],
  {
    currentProvince = null,
    formerProvince = null,
    district = null,
    earlierDistrict = null,
    current = null,
    former = null,
    earlier = null,
  }: Partial<Units>,
  nickname = false,
): Sense {
  const formers = former ? [former] : (earlier?.successors ?? [])
  const then = formerProvince ?? (district ?? earlierDistrict ?? former ?? earlier)?.province
  return {
    level,
    types,
    typeBits: typeBits(types),
    nickname,
    currentProvince,
    formerProvince,
    district,
    earlierDistrict,
    current,
    former,
    earlier,
    nowIn: currentProvince ?? current?.province ?? eras.currentOf(then!),
    wasIn: current ? eras.formerProvincesOf(current) : then ? [then] : [],
    districts: current
      ? eras.formerDistrictsOf(current)
      : district
        ? [district]
        : (earlierDistrict?.successors ?? formers.map((one) => one.district)),
    became: current ? [current] : formers.flatMap(({ successors }) => successors.map((one) => one.current)),
  }
}

/** Every unit of every era once for each of its names; `visit` gets them one by one. */
export function eachName(
  gazetteer: Gazetteer,
  eras: Eras,
  visit: (name: string, sense: Sense) => void,
): void {
  const sense = (level: Sense['level'], types: readonly UnitType[], units: Partial<Units>) =>
    senseOf(eras, level, types, units)
  eachProvinceName(gazetteer, eras, visit)
  const visitAll = (names: readonly string[], one: Sense) => {
    for (const name of names) visit(name, one)
  }
  for (const district of gazetteer.districts)
    visitAll([district.name, ...district.otherNames], sense('district', [district.type], { district }))
  for (const earlierDistrict of gazetteer.earlierDistricts)
    visit(earlierDistrict.name, sense('district', [earlierDistrict.type], { earlierDistrict }))
  for (const current of gazetteer.communes) {
    const { type, typeChange } = current
    const types = typeChange ? [typeChange.from, typeChange.to] : [type]
    visitAll([current.name, ...current.otherNames], sense('commune', types, { current }))
  }
  for (const former of gazetteer.formerCommunes)
    visitAll([former.name, ...former.otherNames], sense('commune', [former.type], { former }))
  for (const earlier of gazetteer.earlierCommunes)
    visit(earlier.name, sense('commune', [earlier.type], { earlier }))
}

/** A former province whose name goes on names both eras; the name of one that was merged names only the former. */
function eachProvinceName(
  gazetteer: Gazetteer,
  eras: Eras,
  visit: (name: string, sense: Sense) => void,
): void {
  const named = new Set<Province>()
  const add = (name: string, former: Province | null, current: Province | null, nickname: boolean) => {
    const types = [former, current].flatMap((unit) =>
      unit ? [unit.type, ...(unit.typeChange ? [unit.typeChange.from, unit.typeChange.to] : [])] : [],
    )
    const units = { formerProvince: former, currentProvince: current }
    visit(name, senseOf(eras, 'province', types, units, nickname))
  }
  for (const former of gazetteer.formerProvinces) {
    const current = eras.currentOf(former)
    const same = fold(current.name) === fold(former.name)
    if (same) named.add(current)
    add(former.name, former, same ? current : null, false)
  }
  for (const current of gazetteer.provinces) if (!named.has(current)) add(current.name, null, current, false)
  for (const [name, code] of PROVINCE_NICKNAMES) {
    const former = gazetteer.province(code, 'former')!
    const current = eras.currentOf(former)
    add(name, former, current.code === former.code ? current : null, true)
  }
}
