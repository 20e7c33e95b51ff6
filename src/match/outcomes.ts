import type { NameIndex, Sense } from '../gazetteer/names.ts'
import type {
  CurrentCommune,
  District,
  EarlierDistrict,
  FormerCommune,
  Province,
} from '../gazetteer/types.ts'
import { isRival } from './readingPoints.ts'
import type { Reading } from './readings.ts'

/** Where a reading leads today, with the share of belief that it takes of the whole line (0 to 1); hints change them in place. */
export interface Outcome {
  readonly reading: Reading
  readonly province: Province
  /** null when the line stops above the commune. */
  commune: CurrentCommune | null
  /** The former commune that the reading leads through, when it names one. */
  readonly former: FormerCommune | null
  belief: number
  decidedByPoint: boolean
  /** Households of its street that persons have placed decide for it. */
  decidedByNeighbours?: boolean
  /** No other commune of its province has the street. */
  decidedByStreet?: boolean
}

/** From this share of belief on an answer is given as sure. */
export const SURE = 0.9

/** Points that make a reading e times as likely. */
const TEMPERATURE = 0.55
/** Where a line holds two addresses a person has to say which is meant. */
const RIVAL = 0.15
/** Belief in the successor that has the population of a split commune. */
const POPULATION_SHARE = 0.97
/** However likely one part is: the name of a split commune alone never decides. */
const MOST_OF_A_SPLIT = 0.85
/** Among the parts of a split commune the one that kept its name or code is the likelier: it has the old centre. */
const SAME_NAME = 2.5
const SAME_CODE = 2.5
/** The mapped ward centre, health station and addresses of its name stand there. */
const CORE = 2

/** All outcomes of the readings, the most believed first; beliefs add up to 1. */
export function weighOutcomes(readings: readonly Reading[], index: NameIndex): Outcome[] {
  const outcomes: Outcome[] = []
  let sum = 0
  for (const reading of readings) {
    const weight = weightOf(reading, readings[0]!)
    if (weight < 0.002) continue
    sum += weight
    for (const { province, commune, former, belief } of leaves(reading, index))
      outcomes.push({ reading, province, commune, former, belief: belief * weight, decidedByPoint: false })
  }
  for (const outcome of outcomes) outcome.belief /= sum
  return outcomes.sort(byBelief)
}

function weightOf(reading: Reading, best: Reading): number {
  const weight = Math.exp((reading.points - best.points) / TEMPERATURE)
  return weight < RIVAL && isRival(reading, best) ? RIVAL : weight
}

export const byBelief = (a: Outcome, b: Outcome) => b.belief - a.belief

type Leaf = Omit<Outcome, 'reading' | 'decidedByPoint' | 'decidedByNeighbours'>

function leaves(reading: Reading, index: NameIndex): Leaf[] {
  const { commune, district, province } = reading
  if (commune) return communeLeaves(commune.sense, index)
  if (district) return stopAt(district.sense.district ?? district.sense.earlierDistrict!, index)
  return [{ province: province!.sense.nowIn, commune: null, former: null, belief: 1 }]
}

/** A line that stops at a district: its province is known, and its commune when there is only one. */
function stopAt(district: District | EarlierDistrict, index: NameIndex): Leaf[] {
  const [first, ...others] = index.communesOf(district)
  const { commune } = first!
  return [
    { province: commune.province, commune: others.length === 0 ? commune : null, former: null, belief: 1 },
  ]
}

const knownLeaves = new WeakMap<Sense, Leaf[]>()

function communeLeaves(sense: Sense, index: NameIndex): Leaf[] {
  let list = knownLeaves.get(sense)
  if (!list) {
    list = findLeaves(sense, index)
    knownLeaves.set(sense, list)
  }
  return list
}

function findLeaves(sense: Sense, index: NameIndex): Leaf[] {
  if (sense.current)
    return [{ province: sense.current.province, commune: sense.current, former: null, belief: 1 }]
  const formers = sense.former ? [sense.former] : sense.earlier!.successors
  if (formers.length === 0) return stopAt(sense.earlier!.district, index)
  return formers.flatMap((former): Leaf[] => {
    const share = 1 / formers.length
    const { successors } = former
    // 01651 and 02482 have no row in the official relation: the province is all that is known.
    if (successors.length === 0)
      return [{ province: index.currentOf(former.province), commune: null, former, belief: share }]
    const weights = successors.map(({ current, takesPopulation }) =>
      takesPopulation
        ? (POPULATION_SHARE / (1 - POPULATION_SHARE)) * Math.max(1, successors.length - 1)
        : partWeight(former, current, index),
    )
    const sum = weights.reduce((total, weight) => total + weight, 0)
    const taken = successors.some(({ takesPopulation }) => takesPopulation)
    const best = Math.max(...weights) / sum
    const most = taken || successors.length === 1 ? 1 : MOST_OF_A_SPLIT
    return successors.map(({ current }, k) => ({
      province: current.province,
      commune: current,
      former,
      belief: share * limited(weights[k]! / sum, most, best),
    }))
  })
}

/** A share brought down so that the best of them is `most` and all still add up to 1. */
function limited(share: number, most: number, best: number): number {
  if (best <= most) return share
  return share === best ? most : (share * (1 - most)) / (1 - best)
}

/**
 * How likely a house of a split commune lies in one of its parts, knowing nothing else: more where the name, code or centre went
 * on, where the rest of its district went, and where few others joined.
 */
function partWeight(former: FormerCommune, current: CurrentCommune, index: NameIndex): number {
  const { sources } = current
  const sameDistrict = sources.filter((source) => source.former.district === former.district).length
  return (
    ((current.name === former.name ? SAME_NAME : 1) *
      (current.code === former.code ? SAME_CODE : 1) *
      (index.coreOf(former) === current ? CORE : 1) *
      (0.25 + sameDistrict / sources.length)) /
    Math.sqrt(sources.length)
  )
}
