import { UnreadableFile } from '../dialect.ts'
import { findHeader, isKnownHeader } from '../header.ts'
import type { SheetRow } from './sheet.ts'

/** Sheets that are looked into, and rows of each. */
const MOST_SHEETS = 50
const ROWS = 40

/**
 * The sheet that is meant: `wanted` by name or number, else the visible one whose header is known best, the first of equals.
 * Throws `UnreadableFile` when there is no such sheet.
 */
export async function chooseSheet<S extends { name: string; hidden: boolean }>(
  sheets: readonly S[],
  wanted: string | null,
  rowsOf: (sheet: S) => AsyncIterable<SheetRow[]>,
): Promise<{ chosen: S; notes: string[] }> {
  const names = (list: readonly S[]) => list.map(({ name }) => `"${name}"`).join(', ')
  if (wanted !== null) {
    const chosen =
      sheets.find(({ name }) => name === wanted) ?? sheets[/^\d+$/.test(wanted) ? Number(wanted) - 1 : -1]
    if (!chosen)
      throw new UnreadableFile({
        en: `There is no sheet "${wanted}". The sheets: ${names(sheets)}.`,
        vi: `Không có trang tính "${wanted}". Các trang tính: ${names(sheets)}.`,
      })
    return { chosen, notes: [] }
  }
  const visible = sheets.filter(({ hidden }) => !hidden).slice(0, MOST_SHEETS)
  let chosen = visible[0] ?? sheets[0]!
  if (visible.length < 2) return { chosen, notes: [] }
  let best = -1
  for (const sheet of visible) {
    const score = await scoreOf(rowsOf(sheet))
    if (score <= best) continue
    best = score
    chosen = sheet
  }
  const others = visible.filter((sheet) => sheet !== chosen)
  return {
    chosen,
    notes: [`sheet "${chosen.name}" is read, not ${names(others)}: --sheet NAME reads another`],
  }
}

async function scoreOf(source: AsyncIterable<SheetRow[]>): Promise<number> {
  const rows: string[][] = []
  for await (const some of source) {
    rows.push(...some.map(({ cells }) => cells).filter((cells) => cells.some((cell) => cell !== '')))
    if (rows.length >= ROWS) break
  }
  return findHeader(rows.slice(0, ROWS)).cells.filter(isKnownHeader).length
}
