import type { Command } from 'commander'
import { load } from '../gazetteer/load.ts'
import { idsOf } from '../registry/id.ts'
import type { DecisionById } from '../registry/life.ts'
import { alikeOf, queue, REVIEW_REASONS, reviewCase } from '../registry/review/queue.ts'
import type { StoreReader } from '../registry/store.ts'
import { type PointOptions, readPoint } from './addresses.ts'
import { checkCommands } from './blindCheck.ts'
import { collect } from './collect.ts'
import { Failure, UsageError } from './exit.ts'
import { carryOut, readId } from './householdChanges.ts'
import { readPlace } from './places.ts'
import { sampleCommands } from './sample.ts'
import { DB_OPTION } from './settings.ts'
import { reading } from './store.ts'

/** `review`: what waits for a person, and what the person decides. */
export function review(program: Command): void {
  const group = program
    .command('review')
    .description('households and findings that wait for a person, and the decisions on them')

  group
    .command('list')
    .description('what waits: households in review, then the findings of `duplicates`, the likeliest first')
    .option('--province <CODE>', 'only this province (two-digit code or name)')
    .option('--commune <CODE>', 'only this commune (five-digit code)')
    .option(
      '--reason <CODE>',
      'only this reason (split-commune, point-far-from-commune, ...), or duplicate, numbering or check',
    )
    .option('--limit <N>', 'at most so many, 1 to 1000', '20')
    .option(...DB_OPTION)
    .action(async (options: ListOptions) => {
      const { reason } = options
      if (reason !== undefined && !REVIEW_REASONS.includes(reason))
        throw new UsageError(`--reason must be one of ${REVIEW_REASONS.join(', ')}`)
      const place = readPlace(options, load())
      const limit = Number(options.limit)
      if (!/^\d{1,4}$/.test(options.limit) || limit < 1 || limit > 1000)
        throw new UsageError('--limit must be a whole number from 1 to 1000')
      const where = place && { provinceCode: place.province.code, communeCode: place.commune?.code ?? null }
      await answer(options.db, (store) => queue(store, idsOf(store), { place: where, reason, limit }))
    })

  group
    .command('show')
    .description(
      'one household in doubt: why, the communes that its text can mean, households that may be the same',
    )
    .argument('ID', 'the household: twelve digits')
    .option(...DB_OPTION)
    .action((id: string, options: { db?: string }) =>
      answer(options.db, async (store) => reviewCase(store, idsOf(store), await read(store, id), load())),
    )

  group
    .command('decide')
    .description('decide what is in doubt about a household; "households undo" takes a decision back')
    .argument('ID', 'the household: twelve digits')
    .option('--commune <CODE>', 'it stands in this commune (five-digit code of today)')
    .option('--point <LAT,LON>', 'it stands here; the commune follows where the text leaves it open')
    .option('--accuracy <METRES>', 'how good the point is (default: 10)')
    .option('--surveyed', 'the point was taken on site; needs --accuracy')
    .option('--no-point', 'its point is wrong: take it away; with --commune')
    .option('--merge-into <ID>', 'it is the same home as this household, which stays')
    .option('--not-same <ID>', 'this household is another home (may be repeated)', collect, [])
    .option('--keep', 'it is right as it stands, and those held against it are other homes')
    .option('--reject', 'there is no such household')
    .option('--reason <TEXT>', 'why; kept with the event, so name no person')
    .option('--actor <NAME>', 'who decides (default: the user of the system)')
    .option(...DB_OPTION)
    .action(async (id: string, options: DecideOptions) => {
      const decision = await readDecision(id, options)
      await carryOut(options, (life, by) => life.decide(by, readId(id), decision))
    })

  sampleCommands(group)
  checkCommands(group)
}

interface ListOptions {
  province?: string
  commune?: string
  reason?: string
  limit: string
  db?: string
}
interface DecideOptions extends Omit<PointOptions, 'point'> {
  commune?: string
  point?: string | boolean
  mergeInto?: string
  notSame: string[]
  keep?: boolean
  reject?: boolean
  reason?: string
  actor?: string
  db?: string
}

async function readDecision(id: string, options: DecideOptions): Promise<DecisionById> {
  const { commune, mergeInto, notSame, keep, reject, accuracy, surveyed } = options
  const given = typeof options.point === 'string' ? options.point : undefined
  const placed = commune !== undefined || given !== undefined
  const chosen = [placed, mergeInto !== undefined, notSame.length > 0, keep, reject].filter(Boolean)
  if (chosen.length !== 1)
    throw new UsageError(
      'give one decision: --commune or --point (or both), --merge-into, --not-same, --keep or --reject',
    )
  if (options.point === false && commune === undefined) throw new UsageError('--no-point needs --commune')
  const point = readPoint({ point: given, accuracy, surveyed })
  if (commune !== undefined) {
    const wanted = readPlace({ commune }, load())!.commune!.code
    return { kind: 'commune', communeCode: wanted, point: options.point === false ? null : point }
  }
  if (point) return { kind: 'point', point }
  if (mergeInto !== undefined) return { kind: 'merge', into: readId(mergeInto) }
  if (notSame.length > 0) return { kind: 'distinct', others: notSame.map(readId) }
  if (reject) return { kind: 'reject' }
  return { kind: 'keep', others: await heldAgainst(id, options.db) }
}

/** Those that are held against a household: all that its case shows. */
async function heldAgainst(id: string, db: string | undefined): Promise<string[]> {
  return reading(db, async (store) => {
    const household = await read(store, id)
    const alike = await alikeOf(store, household, await store.doubtsOf(household.n))
    const ids = idsOf(store)
    return alike.map(({ n }) => ids.idOf(n))
  })
}

async function read(store: StoreReader, id: string) {
  const n = idsOf(store).nOf(readId(id))
  const [household] = n === null ? [] : await store.households([n])
  if (!household) throw new Failure('no household has this id')
  return household
}

const answer = async (db: string | undefined, question: (store: StoreReader) => Promise<unknown>) =>
  console.log(JSON.stringify(await reading(db, question), null, 2))
