import type { LatLon } from '../../gazetteer/streetLayer/types.ts'
import type { CurrentCommune } from '../../gazetteer/types.ts'
import { type Scale, scaleAt } from '../../geo/flatEarth.ts'
import { nearness } from './fame.ts'
import type { Reading } from './readings.ts'
import type { NamedUnit } from './unitIndex.ts'

export interface CompleteOptions {
  readonly limit: number
  /** Where the person is, degrees WGS 84. */
  readonly near?: LatLon | null | undefined
  /** Only in this commune. */
  readonly within?: CurrentCommune | null | undefined
}

/** A place that a query can become. */
export interface Candidate {
  readonly score: number
  readonly reading: Reading
  /** Of a street its row; -1 for a unit. */
  readonly row: number
  /** A commune or district, or a province by its number. */
  readonly place: number
  /** The unit before July 2025 by which it was named. */
  readonly former: NamedUnit | null
}

/** A name counts a little less each time that it comes again, so that others are seen. */
const AGAIN = 0.96
const MOST_AGAIN = 6
/** What a score is multiplied with for a name that has been offered so many times already. */
export const repeated = (times: number): number => AGAIN ** Math.min(times, MOST_AGAIN)
/** Candidates between two looks which of them can still be offered, and how many are kept then. */
const MANY = 48
const MOST_KEPT = 128
/** Of a name cut at its blanks, its parts without a comma, at least one begun. */
const GOOD = 0.5

/** The candidates that can still be among the offered ones. */
export class Kept {
  private found: Candidate[] = []
  private readonly near: LatLon | null
  private readonly scale: Scale
  private readonly limit: number
  private sift = MANY
  /** What a candidate needs at least. */
  worst = 0

  constructor({ near, limit }: CompleteOptions) {
    this.near = near ?? null
    this.scale = scaleAt(near?.lat ?? 0)
    this.limit = limit
  }

  /** The score that this weight and fame reach at most; a look before the work. */
  atMost(weight: number, fame: number): number {
    return weight * (this.near ? 0.6 + 0.4 * (0.45 * fame + 0.55) : 0.6 + 0.4 * fame)
  }

  /** @param weight how well it fits, @param fame how well it is known, both 0 to 1; the score is at most the weight. */
  put(weight: number, fame: number, at: LatLon, candidate: Omit<Candidate, 'score'>): void {
    const prior = this.near ? 0.45 * fame + 0.55 * nearness(this.near, at, this.scale) : fame
    const score = weight * (0.6 + 0.4 * prior)
    if (score <= this.worst) return
    const { reading, row, place, former } = candidate
    this.found.push({ score, reading, row, place, former })
    if (this.found.length >= this.sift) {
      this.best()
      this.sift = this.found.length + Math.max(MANY, this.found.length)
    }
  }

  /** Whether there is one that fits so well that a letter wrong is not likely. */
  isGood(): boolean {
    return this.found.some(({ score }) => score >= GOOD)
  }

  /**
   * The best first, without those that come so far behind the last place to be offered that they would not get there if every name
   * before them were one already offered.
   */
  best(): readonly Candidate[] {
    const { found, limit } = this
    found.sort((a, b) => b.score - a.score)
    const seen = new Set<number>()
    let kept = 0
    for (const one of found) {
      const id = one.row * PLACES + one.place
      if (one.score < this.worst || kept === MOST_KEPT) break
      if (seen.has(id)) continue
      seen.add(id)
      found[kept++] = one
      if (kept === limit)
        this.worst = Math.max(this.worst, one.score * repeated(Number.POSITIVE_INFINITY) * (1 - 1e-9))
    }
    if (kept === MOST_KEPT) this.worst = Math.max(this.worst, found[kept - 1]!.score)
    found.length = kept
    return found
  }
}

/** More places than there are, for one number of row and place. */
export const PLACES = 2 ** 16
