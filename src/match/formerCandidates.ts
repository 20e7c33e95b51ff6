import { once } from '../gazetteer/once.ts'
import type { LatLon } from '../gazetteer/streetLayer/types.ts'
import type { CurrentCommune, FormerCommune, Gazetteer } from '../gazetteer/types.ts'
import { metresBetween } from '../geo/flatEarth.ts'
import type { FormerClues } from './formerClues.ts'
import type { FormerCandidate } from './types.ts'
import { viewFormer } from './views.ts'

/**
 * How much each piece of evidence raises a former commune, in logarithms of odds: fitted to the labelled pairs by halves
 * (docs/benchmarks.md), kinds of evidence only.
 */
const WEIGHTS = {
  /** Where no more than a part of it went. */
  part: -0.75,
  /** A rural commune beside others. */
  rural: -1.1,
  /** Times the share of the sources that lay in its district. */
  district: 2.3,
  /** The current one got its code, and times the share of syllables that their names have in common. */
  code: 0.15,
  syllables: 0.3,
  /** The line names it alone between commas, or within something else ("Khu phố Bình Phước B", "Thạnh Xuân 25"). */
  named: 4.2,
  namedWithin: 2.3,
  /** It lay in the former district or province that the line names. */
  above: 4,
  /** A list has the street there. */
  listed: 1.45,
  /** Times the logarithm of its share of the mapped street. */
  street: 0.5,
  /** The nearest mapped number of the street lies there. */
  number: 1.1,
} as const
/** A share of nothing: maps have gaps. */
const LEAST_STREET = 0.03

interface Prior {
  readonly formers: readonly FormerCommune[]
  /** Logarithms of odds before the line is heard. */
  readonly points: readonly number[]
  readonly candidates: readonly FormerCandidate[]
}

/**
 * The former communes that a current one was made from, likeliest first; the confidences add up to at most 1.
 * @param clues what the line tells; none = nothing.
 */
export function formerCandidates(commune: CurrentCommune, clues?: FormerClues): FormerCandidate[] {
  const { formers, points, candidates } = priorOf(commune)
  if (!clues || (clues.named.size === 0 && !clues.above && !clues.street)) return [...candidates]
  return ranked(
    formers,
    formers.map((former, k) => points[k]! + heard(former, clues)),
  )
}

/** Metres: the middle of the streets of a former commune is no closer to its homes than this. */
const LEAST_SPREAD = 500

/**
 * The same of a point (degrees WGS 84) in the current commune: likelier the nearer the streets of the former one lie. One
 * whose streets are not mapped is as likely everywhere in the commune.
 */
export function formerCandidatesAt(
  commune: CurrentCommune,
  point: LatLon,
  gazetteer: Pick<Gazetteer, 'groundOf'>,
): FormerCandidate[] {
  const { formers, points } = priorOf(commune)
  const [west, south, east, north] = commune.bbox
  const wide = metresBetween({ lat: south, lon: west }, { lat: south, lon: east })
  const high = metresBetween({ lat: south, lon: west }, { lat: north, lon: west })
  const anywhere = -Math.log(wide * high)
  return ranked(
    formers,
    formers.map((former, k) => {
      const ground = gazetteer.groundOf(former, commune)
      if (!ground) return points[k]! + anywhere
      const spread = Math.max(ground.spread, LEAST_SPREAD)
      const metres = metresBetween(point, ground)
      return points[k]! - Math.log(2 * Math.PI * spread ** 2) - metres ** 2 / (2 * spread ** 2)
    }),
  )
}

const priorOf = once((commune: CurrentCommune): Prior => {
  const { sources } = commune
  const formers = sources.map(({ former }) => former)
  const points = sources.map(({ former, whole, takesPopulation }) => {
    const inDistrict = formers.filter(({ district }) => district === former.district).length
    return (
      (whole || takesPopulation ? 0 : WEIGHTS.part) +
      (former.type === 'xa' ? WEIGHTS.rural : 0) +
      (WEIGHTS.district * inDistrict) / formers.length +
      (former.code === commune.code ? WEIGHTS.code : 0) +
      WEIGHTS.syllables * alike(former.name, commune.name)
    )
  })
  return { formers, points, candidates: ranked(formers, points).map((one) => Object.freeze(one)) }
})

function heard(former: FormerCommune, { named, above, street, number }: FormerClues): number {
  let points = 0
  const how = named.get(former)
  if (how) points += how === 'alone' ? WEIGHTS.named : WEIGHTS.namedWithin
  if (above?.(former)) points += WEIGHTS.above
  if (street) {
    if (street.listed.includes(former)) points += WEIGHTS.listed
    const share = street.shares.find((one) => one.former === former)?.share ?? 0
    if (street.shares.length > 0) points += WEIGHTS.street * Math.log(share + LEAST_STREET)
    if (number === former) points += WEIGHTS.number
  }
  return points
}

function ranked(formers: readonly FormerCommune[], points: readonly number[]): FormerCandidate[] {
  const best = Math.max(...points)
  let sum = 0
  for (const one of points) sum += Math.exp(one - best)
  const candidates = formers.map((former, k): FormerCandidate => {
    const { province, district, commune } = viewFormer(former)
    // cut, not rounded: together they stay below 1
    const confidence = Math.floor((1000 * Math.exp(points[k]! - best)) / sum) / 1000
    return { province, district, commune, confidence }
  })
  return candidates.sort((a, b) => b.confidence - a.confidence)
}

/** The share of syllables that two names have in common. */
function alike(a: string, b: string): number {
  const [one, other] = [a, b].map((name) => new Set(name.toLowerCase().split(/[ -]+/)))
  const common = [...one!].filter((syllable) => other!.has(syllable)).length
  return common / (one!.size + other!.size - common)
}
