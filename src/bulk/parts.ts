import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Counts, Job } from '../registry/jobStore.ts'
import type { RegistryTransaction } from '../registry/store.ts'
import type { FileKind } from './fileKinds.ts'
import type { InputOptions } from './input.ts'
import { openFile } from './openFile.ts'
import type { Chunk, PreparedLine, Shape } from './prepare.ts'
import { STRIDE } from './records.ts'
import type { Origin } from './rejects.ts'

/** Parts of a file, or of an undo, that are done one by one, by workers on any machine, in the order in which they happen to come. */

/** What all parts have in common: decided once, when they were cut. */
interface AboutParts {
  delimiter: string
  /** The header of the result, with its end, and its columns as names. */
  firstLine: string
  /** Of the file that was cut; of an undo the rows of the job that it takes back. */
  bytes: number
}
/** The same of a file. */
export interface AboutFile extends AboutParts {
  shape: Shape
  /** What a file of its rejected rows takes over. */
  origin: Origin
}
export interface NewPart {
  part: number
  /** Rows of the file before it. */
  firstRow: number
  rows: number
  /** Of `packChunk`, of `cutUndo`, or a commune (see `PartDone.places`). */
  input: Uint8Array
}
export type Part = NewPart & { tries: number }

/** What a part leads to, as it is committed. */
export interface PartDone {
  counts: Counts
  /** Households that its rows led to (see touched.ts). */
  touched: Uint8Array
  /** Lines of the result. */
  result: Uint8Array
  /** Of `packRejected`. */
  rejected: Uint8Array | null
  /** Communes (province and commune) that are to be looked through when all rows are done: each becomes a part without rows. */
  places?: readonly string[]
}

/** The parts of a job of which a worker has heard what they led to. */
export interface HeardParts {
  readonly parts: ReadonlySet<number>
  hear(part: number, touched: Uint8Array): void
}

/** What the work in parts asks of a database on a server. */
export interface PartStore {
  /** Puts the parts of a job down, all or none; begins with the first again when it has to. False when they are there already. */
  putParts(job: number, about: AboutParts | AboutFile, parts: () => AsyncIterable<NewPart>): Promise<boolean>
  about(job: number): Promise<AboutFile | null>
  /** A part that is still to be done; counts a try. */
  part(job: number, part: number): Promise<Part | null>
  /**
   * Does a part in one transaction, once however often it is asked for: households, events, the part and the job step forward
   * together. `heard` is told of the other parts of the job that are committed at that moment, each once. False when it is done
   * already, or the job rests or is over: nothing is kept then.
   */
  commitPart(
    job: number,
    part: number,
    heard: HeardParts,
    work: (tx: RegistryTransaction) => Promise<PartDone>,
  ): Promise<boolean>
  /** Ends a job that is at work as failed, for all workers. */
  giveUp(job: number, error: string): Promise<void>
  /** The oldest undo that was not cut yet, and that nobody cuts at this moment. */
  uncutUndo(): Promise<Job | null>
  /** Starts queued jobs, lets those rest or end of which that is asked, shows that workers live; answers the parts to be sent out. */
  tendJobs(): Promise<{ job: number; part: number }[]>
  /** The lines of the result in the order of the file, part by part. */
  results(job: number): AsyncIterable<Uint8Array>
  /** In the same order the rejected rows of those parts that have some. */
  rejected(job: number): AsyncIterable<Uint8Array>
}

/** Rows and their table as one block of bytes. */
function packChunk({ bytes, table }: Chunk): Uint8Array {
  const head = Uint32Array.of(table.length)
  return deflateRawSync(Buffer.concat([bytesOf(head), bytesOf(table), bytes]), { level: 1 })
}
export function unpackChunk(packed: Uint8Array): Chunk {
  const all = Buffer.from(inflateRawSync(packed))
  const length = all.readUInt32LE(0)
  const table = Uint32Array.from({ length }, (_, i) => all.readUInt32LE(4 + i * 4))
  return { bytes: all.subarray(4 + length * 4), table }
}
/** The rejected rows of a part as they came in; null when there are none. */
export function packRejected({ bytes, table }: Chunk, lines: readonly PreparedLine[]): Uint8Array | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const records = lines.flatMap(({ rejected }, i) =>
    rejected ? text.toString('utf8', table[i * STRIDE], table[i * STRIDE + 1]) : [],
  )
  return records.length === 0 ? null : deflateRawSync(JSON.stringify(records))
}
export const unpackRejected = (packed: Uint8Array): string[] => JSON.parse(inflateRawSync(packed).toString())

const bytesOf = (words: Uint32Array) => Buffer.from(words.buffer, words.byteOffset, words.byteLength)

/** Cuts the file of a job and puts its parts down; does nothing when they are there. Throws as `openInput` does. */
export async function cutFile(
  job: number,
  kind: FileKind,
  options: InputOptions,
  store: PartStore,
): Promise<void> {
  const source = await openFile(kind, options)
  try {
    const { shape, delimiter, firstLine, bytesTotal, origin } = source
    async function* parts(): AsyncGenerator<NewPart> {
      let firstRow = 0
      let part = 0
      for await (const { bytes, table } of source.batches()) {
        const rows = table.length / STRIDE
        if (rows === 0) continue
        yield { part: part++, firstRow, rows, input: packChunk({ bytes, table }) }
        firstRow += rows
      }
    }
    await store.putParts(job, { shape, delimiter, firstLine, bytes: bytesTotal, origin }, parts)
  } finally {
    source.close()
  }
}
