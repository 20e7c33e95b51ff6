import { statSync } from 'node:fs'
import { UnreadableFile } from '../dialect.ts'
import type { Source } from '../source.ts'
import { type Archive, openArchive, unreadable } from './archive.ts'
import { batchesOf, DELIMITER } from './batches.ts'
import { chooseSheet } from './chooseSheet.ts'
import { SharedStrings } from './sharedStrings.ts'
import { type SheetRow, sheetRows } from './sheet.ts'
import { readStyles } from './styles.ts'
import { attribute, elements } from './xml.ts'

const MOST_PART = 16 * 1024 ** 2

/**
 * A sheet of an XLSX workbook as a source of records; `wanted` = its name or number, by default the one that has a header of
 * addresses. Memory holds the workbook's shared texts and some rows. Throws `UnreadableFile`.
 */
export async function openXlsx(path: string, wanted: string | null): Promise<Source> {
  const archive = await openArchive(path)
  try {
    const sheets = await sheetsOf(archive)
    const context = {
      strings: await SharedStrings.read(archive),
      styles: readStyles(await archive.text('xl/styles.xml', MOST_PART)),
      base1904: /<(?:\w+:)?workbookPr\b[^<>]*\bdate1904="(?:1|true)"/.test(
        await archive.text('xl/workbook.xml', MOST_PART),
      ),
    }
    const { size } = statSync(path)
    let unpacked = 0
    const rowsOf = async function* (part: string): AsyncGenerator<SheetRow[]> {
      unpacked = 0
      const stream = await archive.stream(part)
      const counted = async function* () {
        for await (const block of stream as AsyncIterable<Buffer>) {
          unpacked += block.length
          yield block
        }
      }
      try {
        yield* sheetRows(counted(), context)
      } catch (error) {
        throw unreadable(error)
      } finally {
        stream.destroy()
      }
    }
    const { chosen, notes } = await chooseSheet(sheets, wanted, ({ part }) => rowsOf(part))
    return {
      delimiter: DELIMITER,
      bom: true,
      charset: 'utf-8',
      sheet: chosen.name,
      sheets: sheets.map(({ name }) => name),
      notes,
      head: null,
      batches: (skipped, rows) =>
        batchesOf(rowsOf(chosen.part), skipped, rows, () =>
          Math.round((size * unpacked) / archive.size(chosen.part)),
        ),
      close: () => archive.close(),
    }
  } catch (error) {
    archive.close()
    throw unreadable(error)
  }
}

interface Sheet {
  name: string
  hidden: boolean
  part: string
}

async function sheetsOf(archive: Archive): Promise<Sheet[]> {
  const workbook = await archive.text('xl/workbook.xml', MOST_PART)
  const targets = new Map<string, string>()
  for (const { tag } of elements(
    await archive.text('xl/_rels/workbook.xml.rels', MOST_PART),
    'Relationship',
  )) {
    const target = attribute(tag, 'Target') ?? ''
    targets.set(attribute(tag, 'Id') ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`)
  }
  const sheets = [...elements(workbook, 'sheet')].flatMap(({ tag }) => {
    const part = targets.get(attribute(tag, 'id') ?? '')
    const hidden = (attribute(tag, 'state') ?? 'visible') !== 'visible'
    return part && archive.has(part) ? [{ name: attribute(tag, 'name') ?? '', hidden, part }] : []
  })
  if (sheets.length === 0)
    throw new UnreadableFile({
      en: 'The file is a ZIP archive or another document, no workbook with sheets of cells.',
      vi: 'Tệp là tệp nén ZIP hoặc tài liệu khác, không phải sổ tính Excel có trang tính.',
    })
  return sheets
}
