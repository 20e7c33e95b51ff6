import { writeFileSync } from 'node:fs'
import type { Gazetteer } from '../../gazetteer/types.ts'
import { readCoordinates } from '../../geo/coordinates.ts'
import type { IdCodec } from '../../registry/id.ts'
import { ChangeRefused } from '../../registry/life/refused.ts'
import type { Life } from '../../registry/life.ts'
import type { RegistryReader, StoredHousehold } from '../../registry/store.ts'
import { cellsOf, lineOf } from '../cells.ts'
import { FileRefused, requireInput } from '../files.ts'
import { guarded } from '../guard.ts'
import { openSource } from '../open.ts'
import { STRIDE } from '../records.ts'
import { giveFreeName } from '../rejects.ts'

/** How a list comes back that people filled in on site (see files.ts). */

/** Rows of one list. */
const MOST_ROWS = 100_000

/** A row that cannot be used; the message is a code. */
export class BadRow extends Error {}

/** How many rows came to what; `rejects` = the file of the rejected ones, when there are any. */
export type Returned<Outcome extends string> = Partial<Record<Outcome | 'rejected', number>> & {
  rejects?: string
}

export interface ReadReturned {
  store: RegistryReader
  life: Life
  ids: IdCodec
  gazetteer: Gazetteer
  file: string
  /** Who did what the rows say that name nobody. */
  actor: string
  /** Where bad rows go, in the shape of the list with the reason beside. */
  rejects: string
}

/**
 * Reads the rows of a returned list, cells in the order of `header`; the first is the id of a household, of which one row may
 * be there. A row that is refused (BadRow, ChangeRefused) changes nothing and goes to the file `rejects` (or one with a number
 * in its name, see `giveFreeName`) with the reason. Throws FileRefused, UnreadableFile.
 */
export async function readReturned<Outcome extends string>(
  { store, ids, file, rejects }: ReadReturned,
  header: readonly string[],
  readRow: (household: StoredHousehold, cells: readonly string[]) => Promise<Outcome>,
): Promise<Returned<Outcome>> {
  requireInput(file)
  const seen = new Set<number>()
  const householdOf = async (cell: string): Promise<StoredHousehold> => {
    const n = ids.nOf(plainId(cell))
    const [household] = n === null ? [] : await store.households([n])
    if (!household) throw new BadRow('bad-household-id')
    if (seen.has(household.n)) throw new BadRow('twice-in-file')
    seen.add(household.n)
    return household
  }
  const rows = await rowsOf(file)
  const at = rows.findIndex((cells) => header.every((name) => cells.some((cell) => same(cell, name))))
  if (at < 0) throw new FileRefused(`${file} has no header of such a list: ${header.join(', ')}.`)
  const columns = header.map((name) => rows[at]!.findIndex((cell) => same(cell, name)))
  const counts: Partial<Record<Outcome | 'rejected', number>> = {}
  const rejected: string[][] = []
  for (const record of rows.slice(at + 1)) {
    const cells = columns.map((column) => (record[column] ?? '').trim())
    if (cells.every((cell) => cell === '')) continue
    let outcome: Outcome | 'rejected'
    try {
      outcome = await readRow(await householdOf(cells[0]!), cells)
    } catch (error) {
      if (!(error instanceof BadRow || error instanceof ChangeRefused)) throw error
      outcome = 'rejected'
      rejected.push([...cells, error instanceof ChangeRefused ? error.code : error.message])
    }
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  if (rejected.length === 0) return counts as Returned<Outcome>
  const lines = [[...header, 'Lý do'], ...rejected].map((cells) => `${lineOf(cells.map(guarded), ',')}\r\n`)
  const part = `${rejects}.part`
  writeFileSync(part, `\ufeff${lines.join('')}`, { mode: 0o600 })
  return { ...counts, rejects: giveFreeName(part, rejects) } as Returned<Outcome>
}

/** Three cells as a point; metres null when not stated. Null without a point. */
export function readMeasured(
  lat: string,
  lon: string,
  accuracy: string,
): { lat: number; lon: number; metres: number | null } | null {
  const read = readCoordinates(lat, lon)
  if (read === null) return null
  if ('error' in read) throw new BadRow(read.error)
  const metres = accuracy === '' ? null : Number(accuracy.replace(',', '.').replace(/\s*m$/, ''))
  if (metres !== null && !(metres > 0)) throw new BadRow('bad-accuracy')
  return { lat: read.lat, lon: read.lon, metres }
}

async function rowsOf(file: string): Promise<string[][]> {
  const source = await openSource(file, null)
  const rows: string[][] = []
  try {
    for await (const { bytes, table } of source.batches(0, 1000))
      for (let i = 0; i < table.length; i += STRIDE) {
        rows.push(cellsOf(bytes.toString('utf8', table[i]!, table[i + 1]!), source.delimiter))
        if (rows.length > MOST_ROWS) throw new FileRefused(`${file} has more than ${MOST_ROWS} rows.`)
      }
  } finally {
    source.close()
  }
  return rows
}

/** The id as it stands in a list. */
export const plainId = (cell: string) => cell.replace(/[\s-]/g, '')

const squeezed = (text: string) =>
  text
    .normalize('NFC')
    .replace(/^\ufeff/, '')
    .replace(/\s+/g, ' ')
    .trim()
/** Do two cells say the same, whatever a spreadsheet made of their blanks? */
export const same = (a: string, b: string) => squeezed(a) === squeezed(b)
/** Does a cell still say what we wrote into it, with or without the guard of CSV? */
export const isOurs = (cell: string, text: string) => same(cell, text) || same(cell, guarded(text))
/** What people write in a cell, without accents. */
export const plain = (text: string) =>
  squeezed(text).normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase()
