import type { Sense } from '../gazetteer/names.ts'
import type { Province } from '../gazetteer/types.ts'
import { type Line, overlaps, type TokenSpan } from '../parse/line.ts'
import type { Mention } from '../parse/mentions.ts'
import { Evidence } from './evidence.ts'
import { contradicts, isNamedElsewhere, isRival, pointsOf, Surroundings } from './readingPoints.ts'
import { districtFits, provinceFits } from './relations.ts'

/** A unit as read at one place of the line. */
export interface Named extends TokenSpan {
  readonly sense: Sense
  readonly accents: readonly string[]
  readonly mention: Mention
  readonly points: number
  /** Letter by letter as it is called. */
  readonly spelled: boolean
  /** Besides with its type word, or as a part of the line: no street, no part of another name. */
  readonly clear: boolean
  /** A comma or the end of the line follows. */
  readonly ends: boolean
}

/** One way to read the units of a line. A level that the line does not name is null. */
export interface Reading {
  readonly commune: Named | null
  readonly district: Named | null
  /** How well the commune stands in the district, see `districtFits`. */
  readonly inDistrict: number
  readonly province: Named | null
  readonly points: number
}

type OpenReading = { -readonly [K in keyof Reading]: Reading[K] }

/** A reading so many points behind another is not believed at all, see `weighOutcomes`. */
const HOPELESS = 3.5
/** Weaker than this a mention is taken for a street or nothing. */
const WORTHLESS = 0.3
/** How many readings are weighed against what they leave unexplained, and how many of those with a unit left out. */
const KEPT = 8
const REDUCED = 3
/**
 * How many units of a level are tried together, the clearest first: an address names a few, and a text that names hundreds
 * must not cost hundreds of times as much.
 */
const MOST: Record<Sense['level'], number> = { commune: 120, district: 16, province: 6 }
/** A name of more senses than this is only read in the provinces that the line names. */
const COMMON_NAME = 4

/** All readings of the line worth a look, best first. `explained` marks tokens that are known not to be units. */
export function findReadings(
  line: Line,
  mentions: readonly Mention[],
  explained: readonly boolean[],
): Reading[] {
  const { communes, districts, provinces } = nameUnits(line, mentions)
  const around = new Surroundings(line, explained, communes, districts, provinces)
  const best = new Best()
  for (const commune of communes) {
    let alone = true
    for (const district of districts) {
      if (overlaps(district, commune)) continue
      const fit = districtFits(commune.sense, district.sense)
      if (fit === 0) continue
      // "Thành phố Huế" is a district of its day and a province: then both are tried.
      alone &&= provinces.some((province) => overlaps(province, district))
      addWithProvinces(best, commune, district, fit, provinces, around)
    }
    if (alone) addWithProvinces(best, commune, null, 0, provinces, around)
  }
  for (const district of districts) addWithProvinces(best, null, district, 1, provinces, around)
  for (const province of provinces) best.add(null, null, 0, province, around)

  // A unit that fits may still be a street of that name: the best readings once more without it.
  for (const { commune, district, inDistrict, province } of best.readings.slice(0, REDUCED)) {
    if (commune && district) best.add(commune, null, 0, province, around)
    if ((commune || district) && province) best.add(commune, district, inDistrict, null, around)
    if (commune && district && province) best.add(commune, null, 0, null, around)
  }
  addOpposed(best.readings, communes, provinces, around)
  const readings: OpenReading[] = []
  let most = Number.NEGATIVE_INFINITY
  for (const reading of best.readings) {
    if (reading.points < most - HOPELESS && !isRival(reading, best.readings[0]!)) continue
    reading.points -= around.unexplainedCost(reading)
    if (reading.points > most) most = reading.points
    readings.push(reading)
  }
  return readings.sort((a, b) => b.points - a.points)
}

function addWithProvinces(
  best: Best,
  commune: Named | null,
  district: Named | null,
  inDistrict: number,
  provinces: readonly Named[],
  around: Surroundings,
): void {
  const unit = (commune ?? district)!
  let alone = true
  for (const province of provinces) {
    if (overlaps(province, unit) || (district && overlaps(province, district))) continue
    if (provinceFits(unit.sense, province.sense) === 0) continue
    alone = false
    best.add(commune, district, inDistrict, province, around)
  }
  if (alone) best.add(commune, district, inDistrict, null, around)
}

/** The best readings so far, best first, of equals the first found. */
class Best {
  readonly readings: OpenReading[] = []

  add(
    commune: Named | null,
    district: Named | null,
    inDistrict: number,
    province: Named | null,
    around: Surroundings,
  ): void {
    const { readings } = this
    const points = pointsOf(commune, district, inDistrict, province, around)
    let place = readings.length
    if (place === KEPT) {
      if (points <= readings[KEPT - 1]!.points) return
      place--
    }
    for (; place > 0 && readings[place - 1]!.points < points; place--) readings[place] = readings[place - 1]!
    readings[place] = { commune, district, inDistrict, province, points }
  }
}

/** What the line names against its best reading, which may stand behind many others: it has to be weighed. */
function addOpposed(
  readings: OpenReading[],
  communes: readonly Named[],
  provinces: readonly Named[],
  around: Surroundings,
): void {
  const best = readings[0]
  if (!best) return
  const add = (commune: Named | null, province: Named | null) => {
    if (readings.some((one) => one.commune === commune && one.province === province && !one.district)) return
    const points = pointsOf(commune, null, 0, province, around)
    readings.push({ commune, district: null, inDistrict: 0, province, points })
  }
  for (const commune of communes) if (isNamedElsewhere(commune, null, best)) add(commune, null)
  let clearest: Named | undefined
  for (const province of provinces)
    if (contradicts(province, best) && province.points > (clearest?.points ?? 0)) clearest = province
  if (clearest) add(null, clearest)
}

const NO_PROVINCES: ReadonlySet<Province> = new Set()

/** Every unit that some mention can mean, by level, with the points that speak for it. */
function nameUnits(line: Line, mentions: readonly Mention[]) {
  const communes: Named[] = []
  const districts: Named[] = []
  const provinces: Named[] = []
  const common = mentions.some(({ senses }) => senses.all.length > COMMON_NAME)
  const homes = common ? namedProvinces(line, mentions) : NO_PROVINCES
  for (const mention of mentions) {
    const { senses, from, to } = mention
    const choosy = homes.size > 0 && senses.all.length > COMMON_NAME
    const near = choosy ? senses.inHomes(homes) : null
    const evidence = new Evidence(line, mention)
    // "Phường Thanh Xuân, TPHCM": near by there is only one that is spelled otherwise.
    const likely = near && (!mention.typeWord || near.some((one) => evidence.spells(one))) ? near : senses.all
    for (const one of likely) {
      const points = evidence.for(one)
      if (points < WORTHLESS) continue
      const { sense, accents } = one
      const { spelled, ends } = evidence
      const clear = spelled && evidence.isClear(one)
      const named = { sense, accents, mention, points, spelled, clear, ends, from, to }
      if (sense.level === 'commune') communes.push(named)
      else if (sense.level === 'district') districts.push(named)
      else provinces.push(named)
    }
  }
  return {
    communes: clearest(communes, MOST.commune),
    districts: clearest(districts, MOST.district),
    provinces: clearest(provinces, MOST.province),
  }
}

const clearest = (list: Named[], most: number) =>
  list.length <= most ? list : list.sort((a, b) => b.points - a.points).slice(0, most)

/** A mention below this is as likely a part of a street's name ("Hồ Văn Huê"). */
const CLEAR = 2

/** The current provinces that the line clearly names, or when it names none those of its districts. */
function namedProvinces(line: Line, mentions: readonly Mention[]): Set<Province> {
  const provinces = new Set<Province>()
  const ofDistricts = new Set<Province>()
  for (const mention of mentions) {
    for (const home of mention.senses.districtHomes) ofDistricts.add(home)
    if (mention.senses.provinces.length === 0) continue
    const evidence = new Evidence(line, mention)
    for (const one of mention.senses.provinces) {
      if (evidence.for(one) >= CLEAR) provinces.add(one.sense.nowIn)
    }
  }
  return provinces.size > 0 ? provinces : ofDistricts
}
