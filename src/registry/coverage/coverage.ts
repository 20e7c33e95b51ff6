import type { CurrentCommune, Gazetteer, Province } from '../../gazetteer/types.ts'
import type { CoverageReader, DayTally, Tally } from './store.ts'

/** How far a commune or province is. */
export interface CoverageLine extends Tally {
  /** Code and full name of the commune or province; the code is empty where only the province is known. */
  code: string
  name: string
  provinceCode: string
  provinceName: string
  /** Households expected; null where no target was loaded. Of a province: the sum of its communes that have one. */
  expected: number | null
}

/** How far a day was: what it changed, and what stood at its end. */
export interface CoverageDay extends DayTally {
  codedByThen: number
  verifiedByThen: number
  householdsByThen: number
}

const NOTHING: Tally = {
  households: 0,
  coded: 0,
  visit: 0,
  review: 0,
  verified: 0,
  sampled: 0,
  checked: 0,
  wrong: 0,
}
const NAMES = Object.keys(NOTHING) as (keyof Tally)[]
const sum = (tallies: readonly Tally[]): Tally => {
  const total = { ...NOTHING }
  for (const tally of tallies) for (const name of NAMES) total[name] += tally[name]
  return total
}

/**
 * The communes of a province in order of their code, those without a household or target too; last, with an empty code,
 * the households of which only the province is known.
 */
export async function communeCoverage(
  store: CoverageReader,
  gazetteer: Gazetteer,
  province: Province,
): Promise<CoverageLine[]> {
  const tallies = new Map(
    (await store.communeTallies(province.code)).map((tally) => [tally.communeCode, tally]),
  )
  const expected = await expectedOf(store)
  const of = (commune: CurrentCommune): CoverageLine => ({
    ...header(commune, province),
    expected: expected.get(commune.code) ?? null,
    ...sum([tallies.get(commune.code) ?? NOTHING]),
  })
  const communes = gazetteer.communes.filter((commune) => commune.province === province)
  const lines = communes.map(of).sort((a, b) => (a.code < b.code ? -1 : 1))
  const known = new Set(communes.map(({ code }) => code))
  const rest = sum([...tallies.values()].filter(({ communeCode }) => !known.has(communeCode)))
  const unknown = { ...header({ code: '', fullName: '' }, province), expected: null, ...rest }
  return rest.households > 0 ? [...lines, unknown] : lines
}

/** The provinces side by side, in order of their code. */
export async function provinceCoverage(store: CoverageReader, gazetteer: Gazetteer): Promise<CoverageLine[]> {
  const tallies = await store.provinceTallies()
  const expected = await expectedOf(store)
  return [...gazetteer.provinces]
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map((province) => {
      const targets = gazetteer.communes
        .filter((commune) => commune.province === province)
        .flatMap(({ code }) => expected.get(code) ?? [])
      return {
        ...header(province, province),
        expected: targets.length > 0 ? targets.reduce((total, one) => total + one, 0) : null,
        ...sum(tallies.filter(({ provinceCode }) => provinceCode === province.code)),
      }
    })
}

/** The days on which something changed, oldest first, with what stood at the end of each. */
export async function dayCoverage(
  store: CoverageReader,
  place: { provinceCode: string; communeCode: string | null } | null,
): Promise<CoverageDay[]> {
  const total = { ...NOTHING }
  return (await store.dayTallies(place)).map((day) => {
    for (const name of NAMES) total[name] += day[name]
    const { households, coded, verified } = total
    return { ...day, householdsByThen: households, codedByThen: coded, verifiedByThen: verified }
  })
}

const expectedOf = async (store: CoverageReader) =>
  new Map((await store.targets()).map(({ communeCode, households }) => [communeCode, households]))

const header = ({ code, fullName }: { code: string; fullName: string }, province: Province) => ({
  code,
  name: fullName,
  provinceCode: province.code,
  provinceName: province.fullName,
})
