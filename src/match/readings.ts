import type { NameIndex, Sense } from '../gazetteer/names.ts'
import { type Line, overlaps, type TokenSpan } from '../parse/line.ts'
import type { Mention } from '../parse/mentions.ts'
import { evidence } from './evidence.ts'
import { districtFits, provinceFits } from './relations.ts'

/** A unit as read at one place of the line. */
export interface Named extends TokenSpan {
  readonly sense: Sense
  readonly accents: readonly string[]
  readonly mention: Mention
  readonly points: number
}

/** One way to read the units of a line. A level that the line does not name is null. */
export interface Reading {
  readonly commune: Named | null
  readonly district: Named | null
  readonly province: Named | null
  readonly points: number
}

/** Weaker than this a mention is taken for a street or nothing. */
const WORTHLESS = 0.3
/** Points for each token between or after the units that no unit explains, and for at most this many. */
const GAP_COST = 0.45
const GAP_LIMIT = 5
/** What a strong mention that stays unexplained takes away. */
const UNEXPLAINED_SHARE = 0.6
const STRONG = 2.4
/** An address in former units that leaves out its district is rarer than one in current units, which have none. */
const MISSING_DISTRICT = 1.4
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
const TAIL = 2.6
/** A unit left out in the middle of a reading speaks louder against it than one in front of it. */
const INSIDE = 1.5
/** How many readings are worth a second look. */
const KEPT = 24

/** All readings of the line worth a look, best first. `explained` marks tokens that are known not to be units. */
export function findReadings(
  line: Line,
  mentions: readonly Mention[],
  explained: readonly boolean[],
  index: NameIndex,
): Reading[] {
  const communes: Named[] = []
  const districts: Named[] = []
  const provinces: Named[] = []
  for (const mention of mentions) {
    for (const one of mention.senses) {
      const points = evidence(line, mention, one)
      if (points < WORTHLESS) continue
      const { sense, accents } = one
      const named = { sense, accents, mention, points, from: mention.from, to: mention.to }
      if (sense.level === 'commune') communes.push(named)
      else if (sense.level === 'district') districts.push(named)
      else provinces.push(named)
    }
  }

  const readings: Reading[] = []
  const add = (commune: Named | null, district: Named | null, province: Named | null) => {
    let points = 0
    if (commune) {
      points += commune.points
      if (!commune.sense.current && !district) points -= province ? MISSING_DISTRICT : MISSING_ALL
      if (commune.sense.earlier) points -= EARLIER
      if (!district && !province && isAside(line, commune)) points -= LONE
      if (district && province && isTail(line, [commune, district, province], explained)) points += TAIL
    } else if (district) points += province ? DISTRICT_ALONE : isAside(line, district) ? -LONE : 0
    if (district)
      points += district.points * (commune ? districtFits(commune.sense, district.sense, index) : 1)
    if (province)
      points += province.points * provinceFits((commune ?? district ?? province).sense, province.sense, index)
    readings.push({
      commune,
      district,
      province,
      points: points - gapCost(line, [commune, district, province], explained),
    })
  }
  const provincesFor = (unit: Named, other: Named | null) =>
    provinces.filter(
      (province) =>
        !overlaps(province, unit) &&
        !(other && overlaps(province, other)) &&
        provinceFits(unit.sense, province.sense, index) > 0,
    )

  for (const commune of communes) {
    const fitting = districts.filter(
      (district) => !overlaps(district, commune) && districtFits(commune.sense, district.sense, index) > 0,
    )
    for (const district of [null, ...fitting])
      for (const province of [null, ...provincesFor(commune, district)]) add(commune, district, province)
  }
  for (const district of districts)
    for (const province of [null, ...provincesFor(district, null)]) add(null, district, province)
  for (const province of provinces)
    readings.push({
      commune: null,
      district: null,
      province,
      points:
        (isWhole(line, province) ? PROVINCE_ALONE : 0) +
        province.points -
        gapCost(line, [province], explained),
    })

  readings.sort((a, b) => b.points - a.points)
  const strong = strongMentions([communes, districts, provinces])
  const kept = readings.slice(0, KEPT).map((reading) => ({
    ...reading,
    points: reading.points - unexplainedCost(reading, strong, index),
  }))
  return kept.sort((a, b) => b.points - a.points)
}

/** A mention that clearly names some unit, with all that it can mean. */
interface StrongMention {
  readonly span: Mention
  readonly points: number
  readonly senses: readonly Sense[]
}

function strongMentions(lists: readonly (readonly Named[])[]): StrongMention[] {
  const byMention = new Map<Mention, Named[]>()
  for (const named of lists.flat()) {
    const list = byMention.get(named.mention)
    if (list) list.push(named)
    else byMention.set(named.mention, [named])
  }
  return [...byMention]
    .map(([span, list]) => ({
      span,
      points: Math.max(...list.map(({ points }) => points)),
      senses: list.map(({ sense }) => sense),
    }))
    .filter(({ points }) => points >= STRONG)
}

/** Units stand side by side at the end of a line: each token between or after them that is no unit speaks against it. */
function gapCost(line: Line, units: readonly (Named | null)[], explained: readonly boolean[]): number {
  const used = units.filter((unit) => unit !== null).sort((a, b) => a.from - b.from)
  let unexplained = 0
  for (let k = 0; k < used.length; k++) {
    const end = used[k + 1]?.from ?? line.tokens.length
    for (let i = used[k]!.to; i < end; i++) if (!explained[i]) unexplained++
  }
  return GAP_COST * Math.min(unexplained, GAP_LIMIT)
}

const isWhole = (line: Line, { from, to, mention }: Named) =>
  from === 0 && to === line.tokens.length && mention.edits === 0
const isAside = (line: Line, unit: Named) => !unit.mention.typeWord && !isWhole(line, unit)

/** The units follow each other with nothing between and nothing behind. */
function isTail(line: Line, units: readonly Named[], explained: readonly boolean[]): boolean {
  for (let k = 0; k < units.length; k++) {
    const end = units[k + 1]?.from ?? line.tokens.length
    if (units[k]!.to > end) return false
    for (let i = units[k]!.to; i < end; i++) if (!explained[i]) return false
  }
  return true
}

/** A clear mention ("Quận 5") that neither belongs to the reading nor goes with it takes from its points. */
function unexplainedCost(reading: Reading, strong: readonly StrongMention[], index: NameIndex): number {
  const used = [reading.commune, reading.district, reading.province].filter((unit) => unit !== null)
  const free = strong.filter(({ span }) => !used.some((unit) => overlaps(unit, span)))
  const explained = free.filter(({ senses }) => senses.some((sense) => restates(reading, sense, index)))
  const first = Math.min(...used.map(({ from }) => from))
  const last = Math.max(...used.map(({ to }) => to))
  let worst = 0
  for (const { span, points } of free) {
    // A bare name in front of the units is the street.
    if ((span.to <= first && !span.typeWord) || explained.some((other) => overlaps(other.span, span)))
      continue
    const inside = span.from > first && span.to < last
    worst = Math.max(worst, inside ? INSIDE * points : points)
  }
  return UNEXPLAINED_SHARE * worst
}

/** Whether another mention of the line says the same in other words (the other era, the same unit twice). */
export function restates(reading: Reading, other: Sense, index: NameIndex): boolean {
  const { commune, district, province } = reading
  const main = commune ?? district ?? province!
  if (other === main.sense) return true
  if (other.level === 'province') return main !== province && provinceFits(main.sense, other, index) > 0
  if (other.level === 'district')
    return commune ? districtFits(commune.sense, other, index) > 0 : other === district?.sense
  return (
    commune !== null &&
    index.successorsOf(other).some((current) => index.successorsOf(commune.sense).includes(current))
  )
}
