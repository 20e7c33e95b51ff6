import { deflateRawSync } from 'node:zlib'
import { assignRows } from '../registry/assign.ts'
import { decidedStreets } from '../registry/decidedStreets.ts'
import { scan } from '../registry/doubts/scan.ts'
import { idCodec, MAX_HOUSEHOLDS } from '../registry/id.ts'
import type { Counts, Job } from '../registry/jobStore.ts'
import { openRegistry } from '../registry/registry.ts'
import type { RegistryTransaction, StoreWriter } from '../registry/store.ts'
import { packNumbers, Touched, unpackNumbers } from '../registry/touched.ts'
import type { Place } from '../registry/types.ts'
import { unitLines } from './convert.ts'
import { splitFormers } from './fileJob.ts'
import { findsHouseholds } from './fileKinds.ts'
import type { InputOptions } from './input.ts'
import { Neighbours } from './neighbours.ts'
import {
  type AboutFile,
  type HeardParts,
  type Part,
  type PartDone,
  type PartStore,
  packRejected,
  unpackChunk,
} from './parts.ts'
import { prepareChunk } from './prepare.ts'
import { type Places, rendered, rowsOf } from './registrySink.ts'
import { pointLines } from './reverse.ts'
import { undoPart } from './undoJob.ts'

/** The work on parts (see parts.ts), whatever is done with their rows. */

export interface PartWorkOptions {
  store: StoreWriter & PartStore
  gazetteer: InputOptions['gazetteer']
  /** Where the job may write; everywhere when not given. */
  within?(place: Place): boolean
}

/** Does a part and commits it. False when it is done already, or its job rests or is over. */
type PartWork = (part: Part) => Promise<boolean>

/** Does parts of one job, with what the job decided at its beginning. Null when the parts are gone. */
export async function openPartWork(job: Job, options: PartWorkOptions): Promise<PartWork | null> {
  const about = await options.store.about(job.id)
  if (!about) return null
  if (job.kind === 'undo') return undoWork(job, options)
  return findsHouseholds(job.kind) ? registryWork(job, about, options) : lineWork(job, about, options)
}

/** `undo`: what a part says of another job's work is taken back. */
function undoWork(job: Job, { store }: PartWorkOptions): PartWork {
  const ids = idCodec(store.secret)
  const parts = new Set<number>()
  const heard: HeardParts = { parts, hear: (part) => void parts.add(part) }
  return ({ part, input }) => store.commitPart(job.id, part, heard, (tx) => undoPart(tx, job, input, ids))
}

/** `convert` and `reverse`: each row is answered by itself. */
function lineWork(
  job: Job,
  { shape, delimiter }: AboutFile,
  { store, gazetteer }: PartWorkOptions,
): PartWork {
  const known = { gazetteer, households: openRegistry(store) }
  return async ({ part, input }) => {
    const chunk = unpackChunk(input)
    const lines = [...prepareChunk(chunk, shape, gazetteer)]
    const counts: Counts = {}
    const text =
      job.kind === 'convert'
        ? unitLines(lines, delimiter, counts)
        : await pointLines(lines, delimiter, counts, known)
    const rejected = packRejected(chunk, lines)
    const done = { counts, touched: packNumbers([]), result: deflateRawSync(text), rejected }
    return store.commitPart(job.id, part, { parts: new Set(), hear() {} }, async () => done)
  }
}

/** `assign` and `geocode`: the registry decides on the rows. */
async function registryWork(
  job: Job,
  { shape, delimiter }: AboutFile,
  options: PartWorkOptions,
): Promise<PartWork> {
  const { store, gazetteer, within } = options
  const rehearses = job.kind === 'geocode'
  const decided = decidedStreets(await store.decidedStreets(job.id, splitFormers(gazetteer)))
  const listSince = (await store.firstLoad(job.list)) ?? job.startedAt
  const neighbours = new Neighbours(store, job.startedAt, gazetteer)
  const ids = idCodec(store.secret)
  const touched = new Touched()
  const parts = new Set<number>()
  const heard: HeardParts = {
    parts,
    hear(part, packed) {
      parts.add(part)
      for (const n of unpackNumbers(packed)) touched.add(n)
    },
  }
  return async ({ part, firstRow, rows: length, input }) => {
    if (length === 0) return store.commitPart(job.id, part, heard, (tx) => lookThrough(tx, input, options))
    const chunk = unpackChunk(input)
    const lines = [...prepareChunk(chunk, shape, gazetteer, decided)]
    const rows = rowsOf(lines, firstRow, within)
    await neighbours.place(lines)
    const isRegistered = (n: number) => !rehearses || n <= MAX_HOUSEHOLDS - rows.length
    return store.commitPart(job.id, part, heard, async (tx) => {
      const outcomes = await assignRows(rehearses ? rehearsal(tx) : tx, rows, {
        ids,
        job: job.id,
        list: job.list,
        actor: job.owner,
        within,
        now: Date.now(),
        engineVersion: job.engineVersion,
        dataVersion: job.dataVersion,
        touched,
        listSince,
      })
      const counts: Counts = {}
      // A transaction can be begun again: what is written on a line then must not stay.
      const own = lines.map((line) => ({ ...line, issues: [...line.issues] }))
      const places: Places = new Map()
      const text = rendered(own, outcomes, counts, delimiter, { gazetteer, isRegistered, places })
      const rejected = packRejected(chunk, own)
      const led = outcomes.flatMap(({ status, n }) => (status === 'rejected' || !isRegistered(n) ? [] : n))
      const done = { counts, touched: packNumbers(led), result: deflateRawSync(text), rejected }
      return job.kind === 'assign' && job.options['duplicates']
        ? { ...done, places: [...places.keys()] }
        : done
    })
  }
}

/** Looks through a commune for likely duplicates, inside the transaction that commits this part. */
async function lookThrough(
  tx: RegistryTransaction,
  input: Uint8Array,
  { store, gazetteer }: PartWorkOptions,
): Promise<PartDone> {
  const place = Buffer.from(input).toString()
  const inside: StoreWriter = { ...store, transaction: (work) => work(tx) }
  const at = { provinceCode: place.slice(0, 2), communeCode: place.slice(2) }
  for await (const _ of scan(inside, [at], gazetteer));
  return { counts: {}, touched: packNumbers([]), result: deflateRawSync(''), rejected: null }
}

/**
 * Nothing is written: what its own rows change, `assignRows` has in memory. Households that it would make get the last numbers that
 * there are.
 */
const rehearsal = (tx: RegistryTransaction): RegistryTransaction => ({
  ...tx,
  reserve: async (count) => MAX_HOUSEHOLDS - count + 1,
  write: async () => {},
})
