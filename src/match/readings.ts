import type { NameIndex, Sense } from '../gazetteer/names.ts'
import type { Province } from '../gazetteer/types.ts'
import { type Line, overlaps, type TokenSpan } from '../parse/line.ts'
import type { Mention } from '../parse/mentions.ts'
import { evidence } from './evidence.ts'
import { pointsOf, Surroundings } from './readingPoints.ts'
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
/** How many readings are weighed against what they leave unexplained, and how many of those with a unit left out. */
const KEPT = 8
const REDUCED = 3
/** A name of more senses than this is only read in the provinces that the line names. */
const COMMON_NAME = 4

/** All readings of the line worth a look, best first. `explained` marks tokens that are known not to be units. */
export function findReadings(
  line: Line,
  mentions: readonly Mention[],
  explained: readonly boolean[],
  index: NameIndex,
): Reading[] {
  const { communes, districts, provinces } = nameUnits(line, mentions, index)
  const around = new Surroundings(line, explained, [...communes, ...districts, ...provinces], index)
  const readings: Reading[] = []
  const add = (commune: Named | null, district: Named | null, province: Named | null) => {
    const points = pointsOf(commune, district, province, around)
    readings.push({ commune, district, province, points })
  }
  const orNone = <T>(list: T[]): (T | null)[] => (list.length > 0 ? list : NONE)
  const provincesFor = (unit: Named, other: Named | null) =>
    orNone(
      provinces.filter(
        (province) =>
          !overlaps(province, unit) &&
          !(other && overlaps(province, other)) &&
          provinceFits(unit.sense, province.sense, index) > 0,
      ),
    )
  for (const commune of communes) {
    const fitting = districts.filter(
      (district) => !overlaps(district, commune) && districtFits(commune.sense, district.sense, index) > 0,
    )
    for (const district of orNone(fitting))
      for (const province of provincesFor(commune, district)) add(commune, district, province)
  }
  for (const district of districts)
    for (const province of provincesFor(district, null)) add(null, district, province)
  for (const province of provinces) add(null, null, province)

  readings.sort(byPoints)
  // A unit that fits may still be a street of that name: the best readings once more without it.
  for (const { commune, district, province } of readings.slice(0, REDUCED)) {
    if (commune && district) add(commune, null, province)
    if ((commune || district) && province) add(commune, district, null)
    if (commune && district && province) add(commune, null, null)
  }
  return readings
    .sort(byPoints)
    .slice(0, KEPT)
    .map((reading) => {
      const { commune, district, province, points } = reading
      return { commune, district, province, points: points - around.unexplainedCost(reading) }
    })
    .sort(byPoints)
}

const NONE = [null]
const byPoints = (a: Reading, b: Reading) => b.points - a.points

/** Every unit that some mention can mean, by level, with the points that speak for it. */
function nameUnits(line: Line, mentions: readonly Mention[], index: NameIndex) {
  const named: Record<Sense['level'], Named[]> = { commune: [], district: [], province: [] }
  const homes = namedProvinces(mentions, index)
  for (const mention of mentions) {
    const { senses, from, to } = mention
    const choosy =
      homes.size > 0 && senses.length > COMMON_NAME && senses.some(({ home }) => home && homes.has(home))
    for (const one of senses) {
      if (choosy && one.home && !homes.has(one.home)) continue
      const points = evidence(line, mention, one)
      if (points < WORTHLESS) continue
      const { sense, accents } = one
      named[sense.level].push({ sense, accents, mention, points, from, to })
    }
  }
  return { communes: named.commune, districts: named.district, provinces: named.province }
}

/** The current provinces that the line names, or when it names none those of its districts. */
function namedProvinces(mentions: readonly Mention[], index: NameIndex): Set<Province> {
  const provinces = new Set<Province>()
  const ofDistricts = new Set<Province>()
  for (const { senses } of mentions)
    for (const { sense, home } of senses) {
      if (sense.level === 'province')
        provinces.add(sense.currentProvince ?? index.currentOf(sense.formerProvince!))
      else if (sense.level === 'district') ofDistricts.add(home!)
    }
  return provinces.size > 0 ? provinces : ofDistricts
}
