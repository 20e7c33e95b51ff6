import { foldBit } from '../gazetteer/names.ts'
import { once } from '../gazetteer/once.ts'
import type { CurrentCommune, FormerCommune, FormerStreet, Gazetteer } from '../gazetteer/types.ts'
import type { Line, TokenSpan } from '../parse/line.ts'
import type { Components } from '../parse/types.ts'
import { Gap, type Token, tokenize } from '../text/tokens.ts'
import type { Reading } from './readings.ts'

/** What a line that names a current commune tells of the former one. */
export interface FormerClues {
  /** Those whose name stands in the line beside the units: alone between commas, or as a part of something. */
  readonly named: ReadonlyMap<FormerCommune, 'alone' | 'within'>
  /** The one that stands alone by its name of June 2025, when there is one only: the line names it. */
  readonly said: FormerCommune | null
  /** Whether one lay in the former district or province that the line names; null when it names none. */
  readonly above: ((former: FormerCommune) => boolean) | null
  readonly street: FormerStreet | null
  /** That of the mapped number nearest to the line's. */
  readonly number: FormerCommune | null
}

/** @param names what `namedFormers` found. */
export function formerClues(
  names: NamedFormers,
  reading: Reading,
  commune: CurrentCommune,
  components: Components,
  gazetteer: Gazetteer,
): FormerClues {
  const name = components.street ?? components.hamlet?.replace(HAMLET_WORD, '')
  const street = name ? gazetteer.formerStreet(name, commune) : null
  const number = components.alleys?.[0]?.number ?? components.houseNumber
  return {
    named: names.named,
    said: names.said,
    above: aboveOf(reading),
    street,
    number: (street && number && nearNumber(street, number)) || null,
  }
}

const HAMLET_WORD = /^(?:thôn|xóm|ấp|bản|buôn|làng|sóc)\s+/i
/** Numbers are near when their logarithms are; small ones differ less than their ratio says. */
const NEAR_NUMBER = 0.4
const BLOCK = 10

function nearNumber(street: FormerStreet, number: string): FormerCommune | null {
  const found = street.nearest(number)
  if (!found) return null
  const apart = Math.abs(Math.log((found.number + BLOCK) / (Number.parseInt(number, 10) + BLOCK)))
  return apart <= NEAR_NUMBER ? found.former : null
}

function aboveOf({ district, province }: Reading): FormerClues['above'] {
  if (district) {
    const { district: own, earlierDistrict } = district.sense
    const named = own ? [own] : earlierDistrict!.successors
    return (former) => named.includes(former.district)
  }
  const gone = province?.sense.currentProvince === null ? province.sense.formerProvince : null
  return gone ? (former) => former.province === gone : null
}

interface KnownName {
  readonly folds: readonly string[]
  readonly former: FormerCommune
  /** Of June 2025, not of a commune that was merged into it. */
  readonly own: boolean
  /** A number, which names a ward only behind its type word, or initials, which name one before a number ("TX 25"). */
  readonly kind: 'name' | 'number' | 'initials'
}

type NamedFormers = Pick<FormerClues, 'named' | 'said'>

const NOBODY: NamedFormers = { named: new Map(), said: null }
/** By their first word, with the bits (`foldBit`) of those words. */
interface KnownNames {
  readonly byFirst: ReadonlyMap<string, readonly KnownName[]>
  readonly bits: number
}
const namesOf = new WeakMap<CurrentCommune, KnownNames>()

/** @param units the tokens that name the units of the reading. */
export function namedFormers(
  { tokens, lore }: Line,
  units: readonly TokenSpan[],
  commune: CurrentCommune,
  gazetteer: Gazetteer,
): NamedFormers {
  let names = namesOf.get(commune)
  if (!names) {
    names = namesByFirst(commune, gazetteer)
    namesOf.set(commune, names)
  }
  const found: (TokenSpan & Pick<KnownName, 'former' | 'own'> & { how: 'alone' | 'within' })[] = []
  for (let from = 0; from < tokens.length; from++) {
    if ((names.bits & lore[from]!.bit) === 0) continue
    const begun = names.byFirst.get(tokens[from]!.fold)
    if (!begun) continue
    for (const { folds, former, own, kind } of begun) {
      const to = from + folds.length
      if (!standsAt(tokens, from, folds) || units.some((unit) => unit.from < to && from < unit.to)) continue
      const next = tokens[to]
      const typed = TYPE_WORD.has(tokens[from - 1]?.fold ?? '') && tokens[from]!.gap < Gap.slash
      if (kind === 'number' && !(typed && (!next || next.gap >= Gap.dash || !isJoined(next)))) continue
      if (kind === 'initials' && !(next?.digits && next.gap <= Gap.space)) continue
      const first = typed && kind === 'name' ? from - 1 : from
      const fills = (first === 0 || tokens[first]!.gap >= Gap.comma) && (!next || next.gap >= Gap.comma)
      found.push({ from, to, former, own, how: fills || kind === 'number' ? 'alone' : 'within' })
    }
  }
  if (found.length === 0) return NOBODY
  const named = new Map<FormerCommune, 'alone' | 'within'>()
  const said = new Set<FormerCommune>()
  for (const { from, to, former, own, how } of found) {
    // "Bình Hưng Hòa A" does not name Bình Hưng Hòa
    if (found.some((other) => other.from <= from && to <= other.to && other.to - other.from > to - from))
      continue
    if (named.get(former) !== 'alone') named.set(former, how)
    if (own && how === 'alone') said.add(former)
  }
  const [only = null] = said
  return { named, said: said.size === 1 ? only : null }
}

/** One-word type words of a commune; "thị trấn" ends in "trấn". */
const TYPE_WORD = new Set(['phuong', 'p', 'f', 'xa', 'x', 'tran', 'tt', 'ward'])
/** Initials that stand for a kind of road or group. */
const NO_NAME = new Set(['dt', 'ql', 'tl', 'hl', 'dh', 'lt', 'kp', 'tp', 'tt', 'cc', 'lk', 'bt'])

const isJoined = ({ gap }: Token) => gap === Gap.joined || gap === Gap.slash || gap === Gap.hyphen

function standsAt(tokens: readonly Token[], from: number, folds: readonly string[]): boolean {
  if (from + folds.length > tokens.length) return false
  for (let k = 0; k < folds.length; k++) {
    const token = tokens[from + k]!
    if (token.fold !== folds[k] || (k > 0 && token.gap >= Gap.comma)) return false
  }
  return true
}

function namesByFirst(commune: CurrentCommune, gazetteer: Gazetteer): KnownNames {
  const byFirst = new Map<string, KnownName[]>()
  const add = (known: KnownName) => {
    const [first] = known.folds
    byFirst.set(first!, [...(byFirst.get(first!) ?? []), known])
  }
  for (const { former } of commune.sources) {
    const names = [former.name, ...former.otherNames]
    const spellings = [...(earlierOf(gazetteer).get(former) ?? []), ...names]
    const distinct = new Map(
      spellings.map((name) => {
        const folds = tokenize(name).map(({ fold }) => fold)
        return [folds.join(' '), { folds, own: names.includes(name) }]
      }),
    )
    for (const { folds, own } of distinct.values()) {
      const number = /^\d+$/.test(folds.join(''))
      add({ folds, former, own, kind: number ? 'number' : 'name' })
      const initials = folds.map((fold) => fold[0]).join('')
      if (!number && initials.length > 1 && !NO_NAME.has(initials))
        add({ folds: [initials], former, own, kind: 'initials' })
    }
  }
  let bits = 0
  for (const fold of byFirst.keys()) bits |= foldBit(fold)
  return { byFirst, bits }
}

/** Names of before 2025 that led to one former commune. */
const earlierOf = once(({ earlierCommunes }: Gazetteer): ReadonlyMap<FormerCommune, readonly string[]> => {
  const names = new Map<FormerCommune, string[]>()
  for (const { name, successors } of earlierCommunes)
    if (successors.length === 1) names.set(successors[0]!, [...(names.get(successors[0]!) ?? []), name])
  return names
})
