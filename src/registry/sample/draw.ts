import { createHash, randomBytes } from 'node:crypto'
import type { IdCodec } from '../id.ts'
import type { StoreWriter } from '../store.ts'
import type { Place } from '../types.ts'
import type { SampleRound } from './store.ts'

/** Share of the coded households of a commune, and the least of a commune that has any. */
export const SHARE = 0.02
export const LEAST = 10

/** What is asked for; what is left out is as the round has it, or by default. */
export interface DrawOptions {
  seed?: string | undefined
  share?: number | undefined
  least?: number | undefined
  /** Begin another round although there is one. */
  newRound?: boolean | undefined
  actor: string
  now?: () => number
}

/** A round is drawn with one seed and one size. */
export class RoundDiffers extends Error {
  override name = 'RoundDiffers'
}

/** The round to draw in: the latest one, or a new one. Throws RoundDiffers when other terms are asked of one that is there. */
export async function openRound(store: StoreWriter, options: DrawOptions): Promise<SampleRound> {
  const { seed, share, least, newRound, actor, now = Date.now } = options
  const latest = await store.latestRound()
  if (latest && !newRound) {
    const asked = { seed: seed ?? latest.seed, share: share ?? latest.share, least: least ?? latest.least }
    for (const name of ['seed', 'share', 'least'] as const)
      if (asked[name] !== latest[name])
        throw new RoundDiffers(
          `round ${latest.round} was drawn with seed ${latest.seed}, share ${latest.share}, at least ${latest.least} a commune; other terms need a new round`,
        )
    return latest
  }
  const round: SampleRound = {
    round: (latest?.round ?? 0) + 1,
    // Not to be guessed: nobody knows beforehand which households will be checked.
    seed: seed ?? randomBytes(8).toString('hex'),
    share: share ?? SHARE,
    least: least ?? LEAST,
    at: now(),
    actor,
  }
  await store.transaction((tx) => tx.writeRound(round))
  return round
}

export interface Drawn {
  /** Communes and households drawn now, and those that the round had drawn before. */
  communes: number
  households: number
  before: { communes: number; households: number }
}

/**
 * Draws the communes that the round has not drawn yet, one a transaction. A commune without a coded household is left for
 * later. Yields after each commune.
 */
export async function* draw(
  store: StoreWriter,
  ids: IdCodec,
  places: readonly Place[],
  { round, seed, share, least }: SampleRound,
  now: () => number = Date.now,
): AsyncGenerator<Drawn> {
  const known = new Map(
    (await store.communeSamples(null))
      .filter((sample) => sample.round === round)
      .map((sample) => [keyOfPlace(sample), sample.drawn]),
  )
  const drawn: Drawn = { communes: 0, households: 0, before: { communes: 0, households: 0 } }
  for (const place of places) {
    const before = known.get(keyOfPlace(place))
    if (before !== undefined) {
      drawn.before.communes++
      drawn.before.households += before
    } else {
      const coded = await store.codedOf(place)
      const ns = pick(coded, Math.max(least, Math.ceil(share * coded.length)), seed, ids)
      if (ns.length > 0) {
        const sample = { ...place, round, population: coded.length, at: now() }
        await store.transaction((tx) => tx.writeSample(sample, ns))
        drawn.communes++
        drawn.households += ns.length
      }
    }
    yield drawn
  }
}

const keyOfPlace = ({ provinceCode, communeCode }: Place) => `${provinceCode} ${communeCode}`

/**
 * The `size` households whose SHA-256 of "seed:id" is lowest: whoever has the seed and an export of the coded households
 * can draw the same sample.
 */
function pick(ns: readonly number[], size: number, seed: string, ids: IdCodec): number[] {
  return ns
    .map((n) => ({
      n,
      hash: createHash('sha256')
        .update(`${seed}:${ids.idOf(n)}`)
        .digest('hex'),
    }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
    .slice(0, size)
    .map(({ n }) => n)
    .sort((a, b) => a - b)
}
