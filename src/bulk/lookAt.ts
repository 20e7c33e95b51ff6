import type { LoadedGazetteer } from '../gazetteer/load.ts'
import { MappingError } from './columns.ts'
import { UnreadableFile } from './dialect.ts'
import { FileRefused } from './files.ts'
import type { Looked, LookOptions } from './look.ts'
import { openFile } from './openFile.ts'

/** What is shown: rows, columns, characters of a cell. */
const ROWS = 20
const COLUMNS = 200
const LONGEST = 200
const shown = (cells: readonly string[]) => cells.slice(0, COLUMNS).map((cell) => cell.slice(0, LONGEST))

/** Looks into a file as the job over it will. */
export async function lookAt(
  { kind, anyColumns = false, ...file }: LookOptions,
  gazetteer: LoadedGazetteer,
): Promise<Looked> {
  try {
    const source = await openFile(kind, { ...file, gazetteer, anyColumns })
    const { header, columns, notes, sample, charset, shape, sheets, fault } = source
    source.close()
    const named = Object.entries(columns).map(([field, column]) => [field, header[column]!])
    return {
      look: {
        header: shown(header),
        columns: Object.fromEntries(named),
        notes,
        rows: sample.slice(0, ROWS).map(shown),
        charset,
        sheet: shape.sheet,
        sheets: sheets.slice(0, COLUMNS),
        fault: fault && { en: fault.message, vi: fault.vi },
      },
    }
  } catch (error) {
    if (error instanceof MappingError) return { refused: 'columns', why: { en: error.message, vi: error.vi } }
    if (error instanceof UnreadableFile) return { refused: 'file', why: { en: error.message, vi: error.vi } }
    // Of a command's files alone: an upload stands in a folder of its own and is changed by nobody.
    if (error instanceof FileRefused)
      return { refused: 'file', why: { en: error.message, vi: error.message } }
    throw error
  }
}
