import type { CurrentCommune, Gazetteer, Province } from '../../gazetteer/types.ts'
import type { PlaceFilter } from '../types.ts'
import type { CoverageReader, DayTally, Tally } from './store.ts'
import { NOTHING, sumOf, TALLY_NAMES } from './tally.ts'
import { wilson } from './wilson.ts'

/** How far a commune or province is. */
export interface CoverageLine extends Tally {
  /** Code and full name of the commune or province; the code is empty where only the province is known. */
  code: string
  name: string
  provinceCode: string
  provinceName: string
  /** Households expected; null where no target was loaded. Of a province: the sum of its communes that have one. */
  expected: number | null
  error: MeasuredError | null
}

/** Share of wrong ones among those checked, with Wilson's 95 % interval; null where nothing was checked. */
export interface MeasuredError {
  share: number
  low: number
  high: number
}

const errorOf = ({ checked, wrong }: Pick<Tally, 'checked' | 'wrong'>): MeasuredError | null => {
  if (checked === 0) return null
  const [low, high] = wilson(wrong, checked)
  const rounded = (share: number) => Math.round(share * 1e6) / 1e6
  return { share: rounded(wrong / checked), low: rounded(Math.max(low, 0)), high: rounded(high) }
}

/** How far a day was: what it changed, and what stood at its end. */
export interface CoverageDay extends DayTally {
  /** As of now. */
  expected: number | null
  codedByThen: number
  visitByThen: number
  reviewByThen: number
  verifiedByThen: number
  householdsByThen: number
  sampledByThen: number
  checkedByThen: number
  wrongByThen: number
  findingsByThen: number
  errorByThen: MeasuredError | null
}

/**
 * The communes of a province or (null) of all, province after province in order of their codes, those without a household or
 * target too; last in each, with an empty code, the households of which only the province is known, and samples and findings
 * of communes that are gone.
 */
export async function communeCoverage(
  store: CoverageReader,
  gazetteer: Gazetteer,
  province: Province | null,
): Promise<CoverageLine[]> {
  const tallies = grouped(
    await store.communeTallies(province?.code ?? null),
    ({ provinceCode }) => provinceCode,
  )
  const communes = grouped(gazetteer.communes, ({ province }) => province.code)
  const expected = await expectedOf(store)
  return byCode(province ? [province] : gazetteer.provinces).flatMap((province) => {
    const rest = new Map(
      tallies.get(province.code)?.map(({ provinceCode: _, communeCode, ...tally }) => [communeCode, tally]),
    )
    const lines = byCode(communes.get(province.code) ?? []).map((commune) => {
      const tally = rest.get(commune.code) ?? NOTHING
      rest.delete(commune.code)
      return line(commune, province, expected.get(commune.code) ?? null, tally)
    })
    const unknown = sumOf([...rest.values()])
    const isAny = TALLY_NAMES.some((name) => unknown[name] > 0)
    return isAny ? [...lines, line({ code: '', fullName: '' }, province, null, unknown)] : lines
  })
}

/** The provinces side by side, in order of their code. */
export async function provinceCoverage(store: CoverageReader, gazetteer: Gazetteer): Promise<CoverageLine[]> {
  const tallies = await store.provinceTallies()
  const expected = await expectedOf(store)
  const communes = grouped(gazetteer.communes, ({ province }) => province.code)
  return byCode(gazetteer.provinces).map((province) => {
    const tally = sumOf(tallies.filter(({ provinceCode }) => provinceCode === province.code))
    const targets = communes.get(province.code)?.flatMap(({ code }) => expected.get(code) ?? []) ?? []
    return line(province, province, inAll(targets), tally)
  })
}

/** All of some lines as one, under the code and name given. */
function totalCoverage(
  lines: readonly CoverageLine[],
  place: Pick<CoverageLine, 'code' | 'name' | 'provinceCode' | 'provinceName'>,
): CoverageLine {
  const targets = lines.flatMap(({ expected }) => expected ?? [])
  const tally = sumOf(lines)
  return { ...place, expected: inAll(targets), ...tally, error: errorOf(tally) }
}

/** A choice of places: all of the country, a province, or one of its communes. */
export interface CoveredPlace {
  province: Province | null
  commune: CurrentCommune | null
}

/** The lines of a place, by provinces or communes, or (total) its one line; with the total of all of them. */
export async function coverageLines(
  store: CoverageReader,
  gazetteer: Gazetteer,
  by: 'province' | 'commune' | 'total',
  { province, commune }: CoveredPlace,
): Promise<{ lines: CoverageLine[]; total: CoverageLine }> {
  const ofProvinces = by === 'province' || (by === 'total' && !commune)
  const all = ofProvinces
    ? await provinceCoverage(store, gazetteer)
    : await communeCoverage(store, gazetteer, province)
  const asked = (ofProvinces ? province : commune)?.code
  const lines = asked === undefined ? all : all.filter(({ code }) => code === asked)
  const total = totalCoverage(lines, {
    code: (commune ?? province)?.code ?? 'VN',
    name: (commune ?? province)?.fullName ?? 'Việt Nam',
    provinceCode: province?.code ?? '',
    provinceName: province?.fullName ?? '',
  })
  return { lines: by === 'total' ? [total] : lines, total }
}

/** The days on which something changed, oldest first, with what stood at the end of each. */
export async function dayCoverage(
  store: CoverageReader,
  gazetteer: Gazetteer,
  place: PlaceFilter | null,
): Promise<CoverageDay[]> {
  const targets = [...(await expectedOf(store))].filter(([code]) => {
    if (!place) return true
    if (place.communeCode !== null) return code === place.communeCode
    return gazetteer.commune(code)?.province.code === place.provinceCode
  })
  const expected = inAll(targets.map(([, one]) => one))
  const total = { ...NOTHING }
  return (await store.dayTallies(place)).map((day) => {
    for (const name of TALLY_NAMES) total[name] += day[name]
    return {
      ...day,
      expected,
      householdsByThen: total.households,
      codedByThen: total.coded,
      visitByThen: total.visit,
      reviewByThen: total.review,
      verifiedByThen: total.verified,
      sampledByThen: total.sampled,
      checkedByThen: total.checked,
      wrongByThen: total.wrong,
      findingsByThen: total.findings,
      errorByThen: errorOf(total),
    }
  })
}

/** Null where no target was loaded. */
const inAll = (targets: readonly number[]): number | null =>
  targets.length > 0 ? targets.reduce((total, one) => total + one, 0) : null

const expectedOf = async (store: CoverageReader) =>
  new Map((await store.targets()).map(({ communeCode, households }) => [communeCode, households]))

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const group = groups.get(keyOf(one))
    if (group) group.push(one)
    else groups.set(keyOf(one), [one])
  }
  return groups
}

const byCode = <Unit extends { code: string }>(units: readonly Unit[]): Unit[] =>
  [...units].sort((a, b) => (a.code < b.code ? -1 : 1))

const line = (
  { code, fullName }: { code: string; fullName: string },
  province: Province,
  expected: number | null,
  tally: Tally,
): CoverageLine => ({
  code,
  name: fullName,
  provinceCode: province.code,
  provinceName: province.fullName,
  expected,
  ...tally,
  error: errorOf(tally),
})
