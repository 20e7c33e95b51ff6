import { Piscina } from 'piscina'
import type { LoadedGazetteer } from '../gazetteer/load.ts'
import type { Charset } from './charset.ts'
import type { FileKind } from './fileKinds.ts'
import type { InputOptions } from './input.ts'

/** The file to look into and how it is to be read. */
export interface LookOptions extends Pick<InputOptions, 'input' | 'output' | 'map' | 'sheet' | 'format'> {
  kind: FileKind
  /** Columns that are not understood are no refusal. */
  anyColumns?: boolean
}

/** What a file looks like before the work begins. */
export interface Look {
  header: string[]
  /** Field to the header of its column. */
  columns: Record<string, string>
  notes: string[]
  /** Cells of the first rows. */
  rows: string[][]
  /** How the text is written; of a workbook utf-8. */
  charset: Charset
  /** The sheet that is read, and all there are; null and none where the file is no workbook. */
  sheet: string | null
  sheets: string[]
  /** Why the columns cannot be worked on as they are; null when they can. Only where `anyColumns` was asked for. */
  fault: { en: string; vi: string } | null
}

/** `refused`: it cannot be read as a table, or its columns are not understood; `why` says how that is mended. */
export type Looked = { look: Look } | { refused: 'file' | 'columns'; why: { en: string; vi: string } }

/** Milliseconds that a look may take, and after which an idle thread ends. */
const PATIENCE = 20_000
const IDLE = 60_000

export interface Looker {
  /** Null when it takes too long or the thread dies of it: the job itself will tell. */
  look(file: LookOptions): Promise<Looked | null>
  close(): Promise<void>
}

/** Looks into files in a thread of its own, so that a heavy workbook holds nobody up; it is started when it is needed. */
export function openLooker(gazetteer: LoadedGazetteer): Looker {
  const pool = new Piscina({
    // Beside this file in dist/; from src/ (tests, scripts) the built one is used as well.
    filename: new URL(
      import.meta.url.endsWith('.ts') ? '../../dist/bulk/lookWorker.js' : './lookWorker.js',
      import.meta.url,
    ).href,
    workerData: gazetteer.shared,
    resourceLimits: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 },
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE,
    maxQueue: 20,
  })
  return {
    look: (file) => pool.run(file, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => null),
    close: () => pool.destroy(),
  }
}
