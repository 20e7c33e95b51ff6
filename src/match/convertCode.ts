import type { LatLon } from '../gazetteer/streetLayer/types.ts'
import type { CurrentCommune, FormerCommune, Gazetteer, Province } from '../gazetteer/types.ts'
import { LAST_DAY, readEarlier } from './former.ts'
import { formerCandidates, formerCandidatesAt } from './formerCandidates.ts'
import { ISSUES, type IssueCode } from './issueCodes.ts'
import type { Candidate, FormerReading, Understanding } from './types.ts'
import { viewCurrent, viewFormer } from './views.ts'

/** Belief in the successor that has the whole population of a split commune. */
const POPULATION_SHARE = 0.97

/**
 * Where a commune of before July 2025 is today, by its code: of June 2025, else of October 2019. The same answer as for a
 * text that names it; null for a code that no such commune bore.
 */
export function convertFormerCode(code: string, gazetteer: Gazetteer): Understanding | null {
  const former = gazetteer.formerCommune(code)
  if (former) return fromReading(code, readJune(former), [former], gazetteer)
  const gone = gazetteer.earlierCommunes.find((earlier) => earlier.code === code)
  return gone ? fromReading(code, readEarlier(gone), gone.successors, gazetteer) : null
}

/**
 * What a commune of today was made from, by its code; null for a code that no commune bears.
 * @param point in it, degrees WGS 84: what lay nearest to it stands first
 */
export function convertCurrentCode(code: string, gazetteer: Gazetteer, point?: LatLon): Understanding | null {
  const commune = gazetteer.commune(code)
  if (!commune) return null
  const [only, ...others] = commune.sources
  const single = only !== undefined && others.length === 0
  return {
    ...ofCode(code, 'current'),
    former: single ? readJune(only.former) : null,
    formerCandidates: single
      ? []
      : point
        ? formerCandidatesAt(commune, point, gazetteer)
        : formerCandidates(commune),
    current: viewCurrent(commune.province, commune),
  }
}

function fromReading(
  code: string,
  former: FormerReading,
  formers: readonly FormerCommune[],
  gazetteer: Gazetteer,
): Understanding {
  const outcomes = mergeShares(formers.flatMap((one) => shares(one, 1 / formers.length)))
  const [best, ...others] = outcomes
  const answer = { ...ofCode(code, 'former'), former }
  if (!best) {
    const province = currentProvince(formers[0]?.province, gazetteer)
    const current = province ? viewCurrent(province, null) : null
    return {
      ...answer,
      current,
      grade: current ? 'C' : 'D',
      confidence: 0.5,
      issues: [remark('commune-missing')],
    }
  }
  const current = viewCurrent(best.commune.province, best.commune)
  if (others.length === 0) return { ...answer, current }
  const sure = best.belief >= 0.9
  return {
    ...answer,
    current,
    candidates: outcomes.map(({ commune, belief }) => candidate(commune, former, belief)),
    grade: sure ? 'B' : 'C',
    confidence: round(best.belief),
    issues: [remark(sure ? 'population-moved' : 'split-commune')],
  }
}

interface Share {
  commune: CurrentCommune
  belief: number
}

/** Without an address every part of a split commune is as likely, but for one that has the whole population. */
function shares(former: FormerCommune, belief: number): Share[] {
  const taken = former.successors.some(({ takesPopulation }) => takesPopulation)
  const others = former.successors.length - (taken ? 1 : 0)
  return former.successors.map(({ current, takesPopulation }) => {
    const rest = others === 0 ? 0 : (taken ? 1 - POPULATION_SHARE : 1) / others
    return { commune: current, belief: belief * (takesPopulation ? 1 - rest * others : rest) }
  })
}

function mergeShares(all: Share[]): Share[] {
  const merged = new Map<CurrentCommune, number>()
  for (const { commune, belief } of all) merged.set(commune, (merged.get(commune) ?? 0) + belief)
  return [...merged].map(([commune, belief]) => ({ commune, belief })).sort((a, b) => b.belief - a.belief)
}

/** The province of today in which most communes of a former province lie. */
function currentProvince(former: Province | undefined, gazetteer: Gazetteer): Province | null {
  const sibling = gazetteer.formerCommunes.find(
    ({ province, successors }) => province === former && successors.length > 0,
  )
  return sibling?.successors[0]?.current.province ?? null
}

const readJune = (former: FormerCommune): FormerReading => ({
  ...viewFormer(former),
  asOf: LAST_DAY,
  successor: [],
})

const candidate = (commune: CurrentCommune, former: FormerReading, belief: number): Candidate => ({
  current: viewCurrent(commune.province, commune),
  former,
  confidence: round(belief),
  reason: 'split-commune',
})

const remark = (code: IssueCode) => ({
  code,
  part: 'commune',
  given: null,
  used: null,
  severity: ISSUES[code][0],
})

const round = (value: number) => Math.round(value * 1000) / 1000

/** A code is exact: nothing has to be understood. */
const ofCode = (input: string, era: 'current' | 'former'): Understanding => ({
  input,
  era,
  components: {},
  former: null,
  formerCandidates: [],
  current: null,
  candidates: [],
  grade: 'A',
  confidence: 1,
  issues: [],
  private: [],
  unresolved: [],
})
