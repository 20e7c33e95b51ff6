import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import type { Gazetteer } from '../gazetteer/types.ts'
import { prepareRow } from '../pipeline.ts'
import { idsOf } from '../registry/id.ts'
import type { Counts, JobReader } from '../registry/jobStore.ts'
import { type ReassignContext, type Reassigned, reassignChunk } from '../registry/reassign/chunk.ts'
import { type Decree, readDecree } from '../registry/reassign/decree.ts'
import { byDecree, byEngine, type Why } from '../registry/reassign/derive.ts'
import type { Glance, RegistryTransaction, StoredHousehold } from '../registry/store.ts'
import { contentHash, FileRefused } from './files.ts'
import { type RegistryJobOptions, type RegistryJobSummary, runRegistryJob, type Step } from './registryJob.ts'
import { readTable } from './table.ts'

export interface ReassignOptions extends Omit<RegistryJobOptions, 'dataVersion'> {
  gazetteer: Gazetteer
  /** The decree's file; null: what the engine of now reads in the texts of provisional households. */
  decree: string | null
  /** Where the jobs stand that may have carried it out before; the store itself when not said. */
  earlier?: JobReader
  onStart(start: { decree: Decree | null; households: number }): void
}

export interface ReassignSummary extends RegistryJobSummary {
  /** How many households for which reason; empty while it is not finished. */
  why: Partial<Record<Why, number>>
}

/** `status` is updated, unchanged or review; `issues` are the reasons of the review, joined by ";". */
const REASSIGN_COLUMNS = [
  'household_id',
  'status',
  'why',
  'old_commune_code',
  'commune_code',
  'commune_name',
  'province_code',
  'old_postcode',
  'postcode',
  'old_vpostcode',
  'vpostcode',
  'issues',
] as const

/** Households changed in one transaction, looked at in one question and in one transaction. */
const CHUNK = 500
const GLANCED = 1_000
const MOST_GLANCED = 50_000

/**
 * Gives every household that a decree concerns its new commune, postcode, code and key. Throws FileRefused or
 * DecreeFaults before anything is written.
 */
export async function reassign(options: ReassignOptions): Promise<ReassignSummary> {
  const { store, gazetteer, decree: file, actor, engineVersion } = options
  const dataVersion = gazetteer.version
  const today = new Date().toISOString().slice(0, 10)
  const decree =
    file === null
      ? null
      : readDecree(
          readTable(file, ['kind', 'from_code', 'to_code', 'postcode', 'effective']),
          gazetteer,
          today,
        )
  const versions = { engineVersion, dataVersion }
  const derive = decree ? byDecree(decree, gazetteer) : byEngine(reader(gazetteer), versions, gazetteer)
  const concerns = decree
    ? ({ communeCode }: Glance) => decree.successors.has(communeCode) || decree.postcodes.has(communeCode)
    : (one: Glance) =>
        one.status === 'provisional' &&
        (one.engineVersion !== engineVersion || one.dataVersion !== dataVersion)
  const ids = idsOf(store)
  const content = file === null ? null : await contentHash(file)
  if (content !== null) await requireOnce(options.earlier ?? store, content, options.output)
  let last = 0

  const summary = await runRegistryJob(
    { ...options, dataVersion },
    {
      kind: 'reassign',
      input: file ?? '',
      file,
      fingerprint: [content],
      columns: REASSIGN_COLUMNS,
      async begin() {
        const last = await store.transaction(async (tx) => (await tx.reserve(1)) - 1)
        return { last, decree: content }
      },
      async step(tx, cursor, job) {
        last = job.options['last'] as number
        if (cursor === 0) options.onStart({ decree, households: last })
        const { ns, next } = await page(tx, cursor, last, concerns)
        const context: ReassignContext = {
          job: job.id,
          actor,
          at: Date.now(),
          ...versions,
          last,
          decree: decree && { effective: decree.effective, name: basename(file!) },
        }
        const outcomes = await reassignChunk(tx, ns, derive, context)
        const counts: Counts = {}
        for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1
        const lines = outcomes.map((outcome) => lineFor(outcome, ids.idOf(outcome.before.n), gazetteer))
        return {
          cursor: next,
          done: next ?? last,
          total: last,
          rows: outcomes.length,
          counts,
          lines,
        } satisfies Step
      },
    },
  )
  return { ...summary, why: summary.ending === 'done' ? await countWhy(summary.output) : {} }
}

/** A run that was stopped and one that went on make one result: it knows the whole. */
async function countWhy(output: string): Promise<ReassignSummary['why']> {
  const counts: Partial<Record<string, number>> = {}
  const column = REASSIGN_COLUMNS.indexOf('why')
  for await (const line of createInterface({ input: createReadStream(output) })) {
    const why = line.split(',', column + 1)[column]!
    counts[why] = (counts[why] ?? 0) + 1
  }
  delete counts['why']
  return counts
}

/** Jobs that are looked at. */
const MOST_JOBS = 10_000

/**
 * A decree is carried out once: codes of communes are used again for others, so that a household that has its new commune
 * could be taken for one that waits. Throws FileRefused when a job has done it, or a part of it, and was not taken back.
 */
async function requireOnce(store: JobReader, decree: string, output: string): Promise<void> {
  const jobs = await store.listJobs(MOST_JOBS)
  const undone = new Set(
    jobs
      .filter(({ kind, state }) => kind === 'undo' && state === 'done')
      .map(({ options }) => options['job']),
  )
  const before = jobs.find(
    ({ id, kind, options }) => kind === 'reassign' && options['decree'] === decree && !undone.has(id),
  )
  if (!before) return
  const { id, state } = before
  if (state === 'done')
    throw new FileRefused(`Job ${id} has carried out this decree; "jobs undo ${id}" takes it back.`)
  if (state === 'failed' || state === 'cancelled')
    throw new FileRefused(
      `Job ${id} has carried out a part of this decree: "jobs undo ${id}" takes it back first.`,
    )
  if (before.output !== output)
    throw new FileRefused(`Job ${id} carries out this decree: go on with its result, -o ${before.output}.`)
}

/** The next households that are concerned, and where the page after begins. */
async function page(
  tx: RegistryTransaction,
  after: number,
  last: number,
  concerns: (one: Glance) => boolean,
): Promise<{ ns: number[]; next: number | null }> {
  const ns: number[] = []
  let at = after
  while (at < Math.min(last, after + MOST_GLANCED)) {
    const until = Math.min(last, at + GLANCED)
    for (const one of await tx.glance(at, until)) {
      if (concerns(one)) ns.push(one.n)
      if (ns.length === CHUNK) return { ns, next: one.n === last ? null : one.n }
    }
    at = until
  }
  return { ns, next: at >= last ? null : at }
}

/** What the engine reads in the text of a household, at its point. */
const reader = (gazetteer: Gazetteer) => (household: StoredHousehold) => {
  const { text, point } = household
  const at = point ? { lat: String(point.lat), lon: String(point.lon) } : {}
  return prepareRow({ address: text, ...at }, gazetteer).draft
}

function lineFor({ before, after, why, status }: Reassigned, id: string, gazetteer: Gazetteer): string[] {
  return [
    id,
    status,
    why,
    before.communeCode,
    after.communeCode,
    gazetteer.commune(after.communeCode)?.fullName ?? '',
    after.provinceCode,
    before.postcode,
    after.postcode,
    before.vpostcode ?? '',
    after.vpostcode ?? '',
    after.review.join(';'),
  ]
}
