import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { UnreadableFile } from '../dialect.ts'
import type { Source } from '../source.ts'
import { batchesOf, DELIMITER } from './batches.ts'
import { chooseSheet } from './chooseSheet.ts'
import type { SheetRow } from './sheet.ts'

/** Old workbooks hold at most 65,536 rows a sheet. */
const MOST_BYTES = 64 * 1024 ** 2
/** What reading one may cost, in a thread of its own. */
const MOST_MEGABYTES = 512
const MOST_MILLISECONDS = 120_000

/** A sheet that a worker has read whole. */
export interface XlsSheet {
  name: string
  hidden: boolean
  rows: SheetRow[]
}

/** A sheet of an old workbook (XLS) as a source of records; `wanted` as for XLSX. Throws `UnreadableFile`. */
export async function openXls(path: string, wanted: string | null): Promise<Source> {
  const { size } = statSync(path)
  if (size > MOST_BYTES)
    throw new UnreadableFile({
      en: 'The old workbook (XLS) is above 64 MB: save it as XLSX or "CSV UTF-8".',
      vi: 'Tệp Excel cũ (XLS) lớn hơn 64 MB: hãy lưu dưới dạng XLSX hoặc "CSV UTF-8".',
    })
  const sheets = await readInWorker(path)
  if (sheets.length === 0)
    throw new UnreadableFile({
      en: 'The old workbook (XLS) has no sheet of cells.',
      vi: 'Tệp Excel cũ (XLS) không có trang tính nào chứa ô.',
    })
  const rowsOf = async function* ({ rows }: XlsSheet) {
    yield rows
  }
  const { chosen, notes } = await chooseSheet(sheets, wanted, rowsOf)
  return {
    delimiter: DELIMITER,
    bom: true,
    charset: 'utf-8',
    sheet: chosen.name,
    sheets: sheets.map(({ name }) => name),
    notes,
    head: null,
    batches: (skipped, rows) => batchesOf(rowsOf(chosen), skipped, rows, () => size),
    close: () => {},
  }
}

function readInWorker(path: string): Promise<XlsSheet[]> {
  return new Promise((resolve, reject) => {
    // Beside this file in dist/; from src/ (tests, scripts) the built one is used as well.
    const file = import.meta.url.endsWith('.ts')
      ? '../../../dist/bulk/workbook/xlsWorker.js'
      : './xlsWorker.js'
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData: path,
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
    })
    const fail = (why: string, vi: string) => {
      void worker.terminate()
      reject(
        new UnreadableFile({
          en: `The old workbook (XLS) cannot be read (${why}): save it as XLSX or "CSV UTF-8".`,
          vi: `Không đọc được tệp Excel cũ (XLS) (${vi}): hãy lưu dưới dạng XLSX hoặc "CSV UTF-8".`,
        }),
      )
    }
    const timer = setTimeout(() => fail('it takes too long', 'đọc quá lâu'), MOST_MILLISECONDS)
    worker.once('message', (answer: { sheets: XlsSheet[] } | { fault: string }) => {
      if ('sheets' in answer) resolve(answer.sheets)
      else fail(answer.fault, 'tệp bị hỏng hoặc có mật khẩu')
    })
    worker.once('error', (error) => fail(error.message, 'tệp bị hỏng hoặc quá lớn'))
    worker.once('exit', () => {
      clearTimeout(timer)
      // Of no use after an answer; without one the thread ended before it could speak.
      fail('it ended early', 'dừng giữa chừng')
    })
  })
}
