import { setImmediate } from 'node:timers/promises'
import { Piscina } from 'piscina'
import type { LoadedGazetteer } from '../../gazetteer/load.ts'
import { once } from '../../gazetteer/once.ts'
import type { StreetLayers } from '../../gazetteer/streetLayer/types.ts'
import { knownNear, type SeenStreets } from '../../locate/door/knownNear.ts'
import { placeDoor } from '../../locate/door/placeDoor.ts'
import type { KnownHouseholds } from '../../locate/knownHouseholds.ts'
import { type Place, placeWithin } from '../../locate/place.ts'
import { reverse } from '../../locate/reverse.ts'
import { type AddressedHouseholds, homesAt, toldAt, written } from '../../locate/search.ts'
import type { CsvSource } from '../csv.ts'
import { cellsText, placeCells } from './columns.ts'
import type { CsvPlan } from './plan.ts'
import { type AnsweredRow, type AskedAddress, type AskedPoint, RADIUS } from './rows.ts'

/** Rows that a worker gets at once: some 10 ms of work. */
const ROWS = 250
/** Chunks of one file under way at once. */
const DEPTH = 3
/** Milliseconds that the event loop may be held for. */
const SLICE = 2

export interface CsvDeps {
  gazetteer: LoadedGazetteer
  households: AddressedHouseholds & Pick<KnownHouseholds, 'nearest' | 'idsNear'>
}

/** The answers to the rows of a file in their order, some hundred lines at a time, each with its end. */
export async function* answerRows(
  source: CsvSource,
  plan: CsvPlan,
  deps: CsvDeps,
): AsyncGenerator<{ text: string; rows: number }> {
  const pool = poolsOf(deps.gazetteer)(deps.gazetteer.streetLayers)
  const underWay: Promise<string>[] = []
  const seen: SeenStreets = new Map()
  const next = async () => {
    const rows: AnsweredRow[] = JSON.parse(await underWay.shift()!)
    return { text: await linesOf(rows, plan, deps, seen), rows: rows.length }
  }
  // The header is the first record. What is under way when the caller stops is answered to nobody: a few chunks.
  for (const { bytes, table } of source.batches(1, ROWS)) {
    if (table.length === 0) continue
    const answered: Promise<string> = pool.run(
      { chunk: { bytes, table }, plan },
      { transferList: [bytes.buffer as ArrayBuffer, table.buffer as ArrayBuffer] },
    )
    // Awaited in its turn; until then a failure is not an unhandled one.
    answered.catch(() => {})
    underWay.push(answered)
    if (underWay.length >= DEPTH) yield await next()
  }
  while (underWay.length > 0) yield await next()
}

async function linesOf(
  rows: readonly AnsweredRow[],
  plan: CsvPlan,
  deps: CsvDeps,
  seen: SeenStreets,
): Promise<string> {
  let text = ''
  let since = performance.now()
  for (const { input, answer, ask } of rows) {
    const better =
      ask && ('readings' in ask ? await home(ask, plan, deps, seen) : await nearest(ask, plan, deps))
    text += `${input}${plan.outDelimiter}${better ?? answer}\n`
    if (performance.now() - since < SLICE) continue
    await setImmediate()
    since = performance.now()
  }
  return text
}

/** The result columns of the first registered household of an address, else of its place among its neighbours; null without. */
async function home(
  { readings, scores, grade, onlyHouses }: AskedAddress,
  { wanted, outDelimiter }: CsvPlan,
  { households, gazetteer }: CsvDeps,
  seen: SeenStreets,
): Promise<string | null> {
  const homes: Place[] = []
  const left = [...scores]
  for (const { address, former, score } of readings) {
    const here = await homesAt(address, { former, score }, households, gazetteer)
    if (here.length > 0) left.splice(left.indexOf(score), 1)
    homes.push(...here)
    if (homes.length > 1) break
  }
  const [registered, second] = homes
  const best = registered ?? (await amongNeighbours(readings[0]!, { households, gazetteer }, seen))
  if (!best || (onlyHouses && best.type !== 'housenumber')) return null
  const cells = placeCells(toldAt(best, grade), 'search', {
    grade,
    next: second?.score ?? (registered ? left[0] : left[1]),
  })
  return cellsText(cells, wanted, outDelimiter)
}

/** The place of the best reading where registered homes of its street or hamlet tell it. */
async function amongNeighbours(
  { address, former, score, isDoor }: AskedAddress['readings'][number],
  { households, gazetteer }: Pick<CsvDeps, 'households' | 'gazetteer'>,
  seen: SeenStreets,
): Promise<Place | null> {
  if (!isDoor) return null
  const known = await knownNear(address, households, seen)
  const commune = known && gazetteer.commune(address.communeCode)
  const { street, hamlet } = commune ? written(address.parts, commune, gazetteer) : address.parts
  if (!known || !commune) return null
  const whole = placeWithin(
    commune,
    street ? 'street' : 'locality',
    (street ?? hamlet)!,
    former,
    score,
    gazetteer,
  )
  return placeDoor(whole, address.parts, gazetteer, known)
}

/** The result columns of the household nearest to a point, or of the street that homes a few doors away tell; null without. */
async function nearest(
  { lat, lon, reach }: AskedPoint,
  { wanted, outDelimiter }: CsvPlan,
  deps: CsvDeps,
): Promise<string | null> {
  const around = await deps.households.idsNear(lat, lon, reach, 1)
  if (around.length === 0) return null
  const { found, households, place } = await reverse(deps, lat, lon, RADIUS, 1)
  const [best] = found
  if (!best) return null
  // Of a house its own code, else that of the point.
  const code = best.place.vpostcode ?? (households.length > 0 ? null : (place?.vpostcode ?? null))
  return cellsText(placeCells({ ...best.place, vpostcode: code }, 'reverse', best), wanted, outDelimiter)
}

/**
 * One thread for all files of the process, made with the first and ended when it has nothing to do for a while; another when
 * the street layers have changed, so that a file has those of its start.
 */
const poolsOf = once((gazetteer: LoadedGazetteer) =>
  once(
    (_: StreetLayers) =>
      new Piscina({
        // Beside this file in dist/; from src/ (tests, scripts) the built one is used as well.
        filename: new URL(
          import.meta.url.endsWith('.ts') ? '../../../dist/bulk/addok/worker.js' : './worker.js',
          import.meta.url,
        ).href,
        workerData: gazetteer.shared,
        resourceLimits: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 192 },
        minThreads: 0,
        maxThreads: 1,
        idleTimeout: 60_000,
      }),
  ),
)
