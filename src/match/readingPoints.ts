import type { Sense } from '../gazetteer/names.ts'
import { type Line, overlaps } from '../parse/line.ts'
import type { Mention } from '../parse/mentions.ts'
import { Gap } from '../text/tokens.ts'
import type { Named, Reading } from './readings.ts'
import { districtFits, meet, provinceFits } from './relations.ts'

/** Points for each token between or after the units that no unit explains, and for at most this many. */
const GAP_COST = 0.45
const GAP_LIMIT = 5
/** What a strong mention that stays unexplained takes away. */
const UNEXPLAINED_SHARE = 0.6
const STRONG = 2.4
/** A province that is surely meant as one. */
const CLEAR = 2
/** An address in former units that leaves out its district is rarer than one in current units, which have none. */
const MISSING_DISTRICT = 2.2
const MISSING_OF_TOWN = 1.4
const MISSING_ALL = 0.9
/** Units gone before June 2025 are written less and less. */
const EARLIER = 0.2
/** "Ba Đình, Hà Nội" without a ward: people mean the district that they have known rather than the ward of its name. */
const DISTRICT_ALONE = 0.6
/** A name without a type word that stands by itself among other words is a street or a shop as well as a unit. */
const LONE = 1
/** A lone name that is a province's is the province ("Phú Yên", "Quảng Ninh"), not a commune or district of that name. */
const PROVINCE_ALONE = 1.2
/** Commune, district and province side by side at the end of the line are the address, whatever stands before them. */
const TAIL = 2.9
/** "Phường Tân Sơn Nhất" names no "Phường Tân Sơn". */
const CUT_SHORT = 1.5
/** A unit left out in the middle of a reading speaks louder against it than one in front of it. */
const INSIDE = 1.5

/** How much the line speaks for reading these units together, without what it leaves unexplained. */
export function pointsOf(
  commune: Named | null,
  district: Named | null,
  inDistrict: number,
  province: Named | null,
  around: Surroundings,
): number {
  let points = -around.gapCost(commune, district, province)
  if (commune) {
    points += commune.points
    if (!commune.sense.current && !district)
      points -= !province ? MISSING_ALL : isTown(commune) ? MISSING_OF_TOWN : MISSING_DISTRICT
    if (commune.sense.earlier) points -= EARLIER
    if (!district && !province && (around.isAside(commune) || around.isProvince(commune))) points -= LONE
    if (district && province && around.isTail(commune, district, province)) points += TAIL
  } else if (district)
    points += province || around.isWhole(district) ? DISTRICT_ALONE : around.isAside(district) ? -LONE : 0
  else if (around.isWhole(province!)) points += PROVINCE_ALONE
  if (district) points += district.points * inDistrict
  if (province) {
    const unit = commune ?? district
    points += province.points * (unit ? provinceFits(unit.sense, province.sense) : 1)
  }
  return points
}

/** "TT. Trà Ôn": there are no towns today. */
const isTown = ({ mention: { typeWord } }: Named) => typeWord !== null && typeWord.types[0] === 'thi-tran'

/** A mention that clearly names some unit, with all that it can mean. */
interface StrongMention {
  readonly span: Mention
  points: number
  readonly senses: Sense[]
}

function addMention(all: StrongMention[], { mention, points, sense }: Named): void {
  // The senses of one mention stand side by side.
  let known = all[all.length - 1]
  if (known?.span !== mention) known = all.find(({ span }) => span === mention)
  if (!known) {
    known = { span: mention, points, senses: [] }
    all.push(known)
  }
  if (points > known.points) known.points = points
  known.senses.push(sense)
}

/** What stands around the units of a reading. */
export class Surroundings {
  private readonly line: Line
  private readonly length: number
  /** How many tokens before each place no one explains. */
  private readonly unexplained: Int32Array
  private readonly strong: StrongMention[]
  private readonly provinces: readonly Named[]

  constructor(
    line: Line,
    explained: readonly boolean[],
    communes: readonly Named[],
    districts: readonly Named[],
    provinces: readonly Named[],
  ) {
    this.line = line
    this.length = line.tokens.length
    this.unexplained = new Int32Array(this.length + 1)
    for (let i = 0; i < this.length; i++)
      this.unexplained[i + 1] = this.unexplained[i]! + (explained[i] ? 0 : 1)
    this.provinces = provinces
    const all: StrongMention[] = []
    for (const named of communes) addMention(all, named)
    for (const named of districts) addMention(all, named)
    for (const named of provinces) addMention(all, named)
    this.strong = all.filter(({ points }) => points >= STRONG)
  }

  isWhole({ from, to, mention }: Named): boolean {
    return from === 0 && to === this.length && mention.edits === 0
  }

  /** A bare name that is a province's as well. */
  isProvince({ mention, from, to }: Named): boolean {
    return (
      !mention.typeWord && this.provinces.some((province) => province.from === from && province.to === to)
    )
  }

  /** A bare name that fills no comma part of its own, or a bare number: these need a relative beside them. */
  isAside({ mention, from, to }: Named): boolean {
    const { tokens } = this.line
    const begins = from === 0 || tokens[from]!.gap >= Gap.dash
    const ends = to === tokens.length || tokens[to]!.gap >= Gap.dash
    return !mention.typeWord && (tokens[mention.nameFrom]!.digits || !(begins && ends))
  }

  /** The units follow each other with nothing between and nothing behind, and no one name covers two of them ("2 Bảo Lộc"). */
  isTail(commune: Named, district: Named, province: Named): boolean {
    return (
      commune.to <= district.from &&
      district.to <= province.from &&
      this.between(commune.to, district.from) === 0 &&
      this.between(district.to, province.from) === 0 &&
      this.between(province.to, this.length) === 0 &&
      !this.strong.some(({ span }) => span.from === commune.from && span.to === district.to)
    )
  }

  /** Units stand side by side at the end of a line: each token between or behind them that is no unit speaks against it. */
  gapCost(commune: Named | null, district: Named | null, province: Named | null): number {
    let from = this.length
    let inUnits = 0
    if (commune) {
      from = commune.from
      inUnits = this.between(from, commune.to)
    }
    if (district) {
      if (district.from < from) from = district.from
      inUnits += this.between(district.from, district.to)
    }
    if (province) {
      if (province.from < from) from = province.from
      inUnits += this.between(province.from, province.to)
    }
    return GAP_COST * Math.min(this.between(from, this.length) - inUnits, GAP_LIMIT)
  }

  private between(from: number, to: number): number {
    return this.unexplained[to]! - this.unexplained[from]!
  }

  /** A clear mention ("Quận 5") that neither belongs to the reading nor goes with it takes from its points. */
  unexplainedCost(reading: Reading): number {
    if (this.strong.length === 0) return 0
    const { commune, district, province } = reading
    const first = Math.min(
      commune?.from ?? this.length,
      district?.from ?? this.length,
      province?.from ?? this.length,
    )
    const last = Math.max(commune?.to ?? 0, district?.to ?? 0, province?.to ?? 0)
    let explained: Mention[] | undefined
    let worst = 0
    let cut = false
    for (const { span, points, senses } of this.strong) {
      if (commune && span.from === commune.from && span.to > commune.to && span.typeWord && span.edits === 0)
        cut ||= !(district && overlaps(district, span)) && !(province && overlaps(province, span))
      // A bare name in front of the units is the street.
      if (points * INSIDE <= worst || (span.to <= first && !span.typeWord)) continue
      if ((commune && overlaps(commune, span)) || (district && overlaps(district, span))) continue
      if ((province && overlaps(province, span)) || senses.some((sense) => restates(reading, sense))) continue
      explained ??= this.explainedBy(reading)
      if (explained.some((other) => overlaps(other, span))) continue
      const inside = span.from > first && span.to < last
      worst = Math.max(worst, inside ? INSIDE * points : points)
    }
    return UNEXPLAINED_SHARE * worst + (cut ? CUT_SHORT : 0)
  }

  private explainedBy(reading: Reading): Mention[] {
    return this.strong
      .filter(({ senses }) => senses.some((sense) => restates(reading, sense)))
      .map(({ span }) => span)
  }
}

/**
 * Whether a reading speaks against the best one: another commune with its own province (the line holds two addresses), or
 * a commune and a province that have nothing to do with each other ("Phường Gò Vấp, Gia Lai"), whichever of the two is read.
 */
export function isRival({ commune, district, province }: Reading, best: Reading): boolean {
  if (!province) return commune !== null && isNamedElsewhere(commune, district, best)
  if (!best.commune) return false
  if (!commune) return !district && contradicts(province, best)
  if (restates(best, commune.sense)) return false
  return !unitsOf(best).some((other) =>
    [commune, district, province].some((unit) => unit && overlaps(unit, other)),
  )
}

/**
 * A street or shop has a province's name as well: it counts behind the units, clearly named or right behind them, and in front
 * of them with its type word.
 */
export function contradicts(province: Named, best: Reading): boolean {
  if (province.mention.edits > 0 || restates(best, province.sense)) return false
  const units = unitsOf(best)
  // Of two provinces the other has to stand out; the same one by another name is none.
  if (best.province)
    return (
      province.clear &&
      province.mention.typeWord !== null &&
      province.sense.nowIn !== best.province.sense.nowIn &&
      !units.some((unit) => overlaps(unit, province))
    )
  if (units.every(({ to }) => to <= province.from))
    return province.points >= CLEAR || units.some(({ to, clear }) => clear && to === province.from)
  return (
    province.clear &&
    province.mention.typeWord !== null &&
    // "Tỉnh Gia Lai" is no district "Tĩnh Gia".
    units.every(({ from, spelled }) => province.to <= from || (!spelled && from === province.from))
  )
}

/**
 * Whether a commune is clearly named that lies in no province of the best reading, which reads its words otherwise than they
 * stand there (as a misspelled name, as a shorter one) or not at all.
 */
export function isNamedElsewhere(
  commune: Named,
  itsDistrict: Named | null,
  { commune: read, district, province }: Reading,
): boolean {
  const around = province ?? district
  if (!commune.clear || commune === read || !around || around.mention.edits > 0) return false
  if (commune.sense.nowIn === around.sense.nowIn) return false
  // "Xã Tân Thành, huyện Thạnh Hóa, Long An": two units that agree are in no doubt.
  if (district && province && !itsDistrict) return false
  if (overlaps(commune, around) || (district && overlaps(commune, district))) return false
  const typed = commune.mention.typeWord !== null
  // "phuong hoa thuan dong" is no "phường Hòa Thuận".
  if (!read) return typed && (commune.ends || commune.to === district?.from || commune.to === province?.from)
  if (commune.from > read.from || commune.to < read.to || meet(read.sense.became, commune.sense.became))
    return false
  if (!read.spelled) return typed || read.mention.edits > 0
  // "Xã Sơn Thủy, Huyện Mai Châu, Tỉnh Quảng Ngãi": there is one in both.
  if (itsDistrict?.clear && !district && !overlaps(itsDistrict, around)) return true
  return commune.from < read.from || commune.to > read.to
}

/** The units that a reading names, the widest last. */
export const unitsOf = ({ commune, district, province }: Reading): Named[] =>
  [commune, district, province].filter((unit) => unit !== null)

/** Whether another mention of the line says the same in other words (the other era, the same unit twice). */
export function restates(reading: Reading, other: Sense): boolean {
  const { commune, district, province } = reading
  const main = commune ?? district ?? province!
  if (other === main.sense) return true
  if (other.level === 'province') return main !== province && provinceFits(main.sense, other) > 0
  if (other.level === 'district')
    return commune ? districtFits(commune.sense, other) > 0 : other === district?.sense
  return commune !== null && meet(other.became, commune.sense.became)
}
