import type { CurrentCommune, Gazetteer, Province } from '../../gazetteer/types.ts'
import type { DoubtReader } from '../doubts/store.ts'
import type { PlaceFilter } from '../types.ts'
import type { CoverageReader, DayTally, Tally } from './store.ts'
import { NOTHING, sumOf, TALLY_NAMES } from './tally.ts'
import { wilson } from './wilson.ts'

type CoverageStore = CoverageReader & Pick<DoubtReader, 'doubtCounts'>

/** How far a commune or province is. */
export interface CoverageLine extends Tally {
  /** Code and full name of the commune or province; the code is empty where only the province is known. */
  code: string
  name: string
  provinceCode: string
  provinceName: string
  /** Households expected; null where no target was loaded. Of a province: the sum of its communes that have one. */
  expected: number | null
  /** Findings that wait for a person, beside the households in review. */
  findings: number
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
  errorByThen: MeasuredError | null
}

/**
 * The communes of a province in order of their code, those without a household or target too; last, with an empty code,
 * the households of which only the province is known, and samples of communes that are gone.
 */
export async function communeCoverage(
  store: CoverageStore,
  gazetteer: Gazetteer,
  province: Province,
): Promise<CoverageLine[]> {
  const tallies = new Map(
    (await store.communeTallies(province.code)).map((tally) => [tally.communeCode, tally]),
  )
  const expected = await expectedOf(store)
  const findings = await store.doubtCounts(province.code)
  const of = (commune: CurrentCommune): CoverageLine => ({
    ...header(commune, province),
    expected: expected.get(commune.code) ?? null,
    ...counts(
      [tallies.get(commune.code) ?? NOTHING],
      findings.filter(({ communeCode }) => communeCode === commune.code),
    ),
  })
  const communes = gazetteer.communes.filter((commune) => commune.province === province)
  const lines = communes.map(of).sort((a, b) => (a.code < b.code ? -1 : 1))
  const known = new Set(communes.map(({ code }) => code))
  const isRest = ({ communeCode }: { communeCode: string }) => !known.has(communeCode)
  const rest = counts(
    [...tallies.values()].filter(isRest),
    findings.filter((one) => one.provinceCode === province.code && isRest(one)),
  )
  const unknown = { ...header({ code: '', fullName: '' }, province), expected: null, ...rest }
  return rest.households > 0 || rest.sampled > 0 ? [...lines, unknown] : lines
}

/** The provinces side by side, in order of their code. */
export async function provinceCoverage(store: CoverageStore, gazetteer: Gazetteer): Promise<CoverageLine[]> {
  const tallies = await store.provinceTallies()
  const expected = await expectedOf(store)
  const findings = await store.doubtCounts(null)
  const inProvince =
    ({ code }: Province) =>
    (one: { provinceCode: string }) =>
      one.provinceCode === code
  return [...gazetteer.provinces]
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map((province) => {
      const targets = gazetteer.communes
        .filter((commune) => commune.province === province)
        .flatMap(({ code }) => expected.get(code) ?? [])
      return {
        ...header(province, province),
        expected: inAll(targets),
        ...counts(tallies.filter(inProvince(province)), findings.filter(inProvince(province))),
      }
    })
}

/** All of some lines as one, under the code and name given. */
export function totalCoverage(
  lines: readonly CoverageLine[],
  place: Pick<CoverageLine, 'code' | 'name' | 'provinceCode' | 'provinceName'>,
): CoverageLine {
  const targets = lines.flatMap(({ expected }) => expected ?? [])
  const tally = sumOf(lines)
  return {
    ...place,
    expected: inAll(targets),
    ...tally,
    findings: lines.reduce((total, { findings }) => total + findings, 0),
    error: errorOf(tally),
  }
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
      errorByThen: errorOf(total),
    }
  })
}

type Findings = Awaited<ReturnType<DoubtReader['doubtCounts']>>

function counts(tallies: readonly Tally[], findings: Findings) {
  const tally = sumOf(tallies)
  return {
    ...tally,
    findings: findings.reduce((total, { doubts }) => total + doubts, 0),
    error: errorOf(tally),
  }
}

/** Null where no target was loaded. */
const inAll = (targets: readonly number[]): number | null =>
  targets.length > 0 ? targets.reduce((total, one) => total + one, 0) : null

const expectedOf = async (store: CoverageReader) =>
  new Map((await store.targets()).map(({ communeCode, households }) => [communeCode, households]))

const header = ({ code, fullName }: { code: string; fullName: string }, province: Province) => ({
  code,
  name: fullName,
  provinceCode: province.code,
  provinceName: province.fullName,
})
