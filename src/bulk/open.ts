import { closeSync, openSync, readSync } from 'node:fs'
import { openCsv } from './csv.ts'
import { UnreadableFile } from './dialect.ts'
import type { Source } from './source.ts'
import { openXls } from './workbook/xls.ts'
import { openXlsx } from './workbook/xlsx.ts'

/**
 * Opens a file by what is in it, whatever its name; `sheet` = name or number of the sheet of a workbook.
 * Throws `UnreadableFile`.
 */
export async function openSource(path: string, sheet: string | null): Promise<Source> {
  const head = Buffer.alloc(4)
  const fd = openSync(path, 'r')
  readSync(fd, head, 0, 4, 0)
  closeSync(fd)
  const magic = head.toString('hex')
  if (magic === '504b0304') return openXlsx(path, sheet)
  if (magic === 'd0cf11e0') return openXls(path, sheet)
  if (sheet !== null)
    throw new UnreadableFile({
      en: 'The file is no workbook: it has no sheets to choose from.',
      vi: 'Tệp không phải sổ tính Excel nên không có trang tính để chọn.',
    })
  return openCsv(path)
}
