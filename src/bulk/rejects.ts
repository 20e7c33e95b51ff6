import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { cellsOf } from './cells.ts'
import { encoded } from './charset.ts'
import { STRIDE } from './records.ts'
import type { Source } from './source.ts'
import { type Spool, spoolRows } from './spool.ts'
import { writeXlsx } from './workbook/write.ts'

/** What a file of rejected rows takes over from the one that they came in. */
export interface Origin extends Pick<Source, 'delimiter' | 'charset' | 'bom'> {
  header: readonly string[]
  /** The text in front of the first row, with line ends; null for workbooks. */
  head: string | null
}

export interface Rejected {
  source: Source
  /** Records in front of the first row. */
  skipped: number
  /** The result, row by row as the source. */
  spool: Spool
  /** Whether a row of the result is a rejected one. */
  isRejected(cells: readonly string[]): boolean
}

/** Where rejected rows go when nobody says: beside the result, named after the input. */
export function rejectsPath(input: string, output: string, workbook: boolean): string {
  return join(dirname(output), `${basename(input)}.rejects.${workbook ? 'xlsx' : 'csv'}`)
}

/** The files of rejected rows that a job over this input may have left beside its result. */
export function rejectsOf(input: string, output: string, named: string | null): string[] {
  const bases = named ? [named] : [false, true].map((workbook) => rejectsPath(input, output, workbook))
  return bases.flatMap((base) => {
    const found: string[] = []
    for (let n = 1; existsSync(n === 1 ? base : numbered(base, n)); n++)
      found.push(n === 1 ? base : numbered(base, n))
    return found
  })
}

/**
 * Writes the rejected rows as they stood in the input: a text file in its own encoding, delimiter and header, a workbook with its
 * columns; it can be corrected and loaded again. Answers the path, see `giveFreeName`.
 */
export async function writeRejects(origin: Origin, records: Records, path: string): Promise<string> {
  const part = `${path}.part`
  try {
    await writeRecords(origin, records, part)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
  return giveFreeName(part, path)
}

/** Some records at a time, as they stood in the input. */
type Records = AsyncIterable<string[]>

/** As `writeRejects`, under exactly this name. */
export async function writeRecords(origin: Origin, records: Records, path: string): Promise<void> {
  const { head, header, delimiter } = origin
  if (head !== null) await writeText(origin, head, records, path)
  else await writeXlsx(path, { header, numbers: new Set(), rows: cellsOfRecords(records, delimiter) })
}

/**
 * Gives a file of rejected rows its name. What has that name already may have been corrected by hand: it is never written
 * over, a number is added to the name. Answers the path.
 */
export function giveFreeName(part: string, path: string): string {
  for (let n = 1; ; n++) {
    const free = n === 1 ? path : numbered(path, n)
    if (!existsSync(free)) {
      renameSync(part, free)
      return free
    }
    // The same work done twice, after a stop at its very end.
    if (sameFile(part, free)) {
      rmSync(part)
      return free
    }
  }
}

const numbered = (path: string, n: number) =>
  `${path.slice(0, path.length - extname(path).length)}.${n}${extname(path)}`

const sameFile = (a: string, b: string) =>
  statSync(a).size === statSync(b).size && readFileSync(a).equals(readFileSync(b))

async function writeText(
  { charset, bom }: Origin,
  head: string,
  records: Records,
  path: string,
): Promise<void> {
  const lineEnd = head.includes('\r\n') ? '\r\n' : '\n'
  const fd = openSync(path, 'w', 0o600)
  try {
    // To its end: one write to a disk that is nearly full can leave a part out.
    const write = (text: string) => appendFileSync(fd, encoded(text, charset))
    write((bom ? '\ufeff' : '') + head)
    for await (const some of records) write(some.map((record) => record + lineEnd).join(''))
  } finally {
    closeSync(fd)
  }
}

async function* cellsOfRecords(records: Records, delimiter: string): AsyncGenerator<string[][]> {
  for await (const some of records) yield some.map((record) => cellsOf(record, delimiter))
}

/** The records that were rejected. */
export async function* recordsOf({ source, skipped, spool, isRejected }: Rejected): AsyncGenerator<string[]> {
  const results = flat(spoolRows(spool))
  for await (const { bytes, table } of source.batches(skipped, 1000)) {
    const records: string[] = []
    for (let i = 0; i < table.length; i += STRIDE) {
      const { value, done } = results.next()
      if (done) return
      if (isRejected(value)) records.push(bytes.toString('utf8', table[i], table[i + 1]))
    }
    if (records.length > 0) yield records
  }
}

function* flat<T>(lists: Iterable<T[]>): Generator<T, undefined> {
  for (const list of lists) yield* list
}
