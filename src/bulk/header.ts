import { FIELD_OF, headerKey } from './columns.ts'

/** Where the rows of a table begin and what its columns are called. */
export interface Header {
  cells: string[]
  /** Records in front of the first row: titles, the header itself, a line of column numbers. */
  skipped: number
  notes: string[]
}

/** Rows that are looked at for a header. */
const MOST_TITLES = 30

/** Headers of columns that hold no part of an address, as they stand in lists of households. */
const OTHERS = new Set(
  (
    'stt|tt|so tt|so thu tu|no|id|ma|ten|ho ten|ho va ten|ho va ten chu ho|ho ten chu ho|ten chu ho|chu ho|name|full name|ghi chu|note|notes|' +
    'dien thoai|so dien thoai|sdt|dt|phone|mobile|email|cccd|cmnd|so cccd|so cmnd|cccd cmnd|ngay sinh|nam sinh|gioi tinh|dan toc|' +
    'so nhan khau|so khau|nhan khau|so ho|dien tich|loai dat|so to|so thua|ma so thue|trang thai|ngay|don gia|so luong'
  ).split('|'),
)

/** Whether a header is one that lists of households or addresses have. */
export function isKnownHeader(cell: string): boolean {
  const key = headerKey(cell)
  return FIELD_OF.has(key) || OTHERS.has(key)
}

/**
 * Finds the header among the first records of a table: the record with most known headers, below any titles. Two lines whose
 * cells were merged ("Địa chỉ" over "Số nhà", "Đường") are one header. A table whose first record reads like data gets the
 * headers column_1, column_2, ... `named` are headers that the caller knows of.
 */
export function findHeader(rows: readonly (readonly string[])[], named: readonly string[] = []): Header {
  const known = new Set(named.map(headerKey))
  const isKnown = (cell: string) => isKnownHeader(cell) || known.has(headerKey(cell))
  // Each once: a row of "x" in ten columns that are ticked is no header.
  const score = (row: readonly string[]) => new Set(row.filter(isKnown).map(headerKey)).size
  let at = -1
  let best = 0
  for (const [i, row] of rows.slice(0, MOST_TITLES).entries()) {
    const found = score(row)
    // One known word below other lines is a header only in a table of one column.
    if (found > best && (i === 0 || found > 1 || filled(row) === 1)) {
      at = i
      best = found
    }
  }
  const first = rows[0] ?? []
  if (at < 0) {
    if (!looksLikeData(first, rows)) return { cells: [...first], skipped: 1, notes: [] }
    const cells = first.map((_, i) => `column_${i + 1}`)
    return {
      cells,
      skipped: 0,
      notes: ['no header was found: the columns are called column_1, column_2, ...'],
    }
  }
  const above = rows[at - 1]
  if (above && isMerged(above, rows[at]!, isKnown)) at--
  const merged = rows[at + 1] !== undefined && isMerged(rows[at]!, rows[at + 1]!, isKnown)
  const cells = merged ? mergedHeader(rows[at]!, rows[at + 1]!) : [...rows[at]!]
  let skipped = at + (merged ? 2 : 1)
  const notes: string[] = []
  if (at > 0) notes.push(`${at} ${at === 1 ? 'line' : 'lines'} above the header are no rows`)
  if (merged) notes.push('the header has two lines')
  if (numbersColumns(rows[skipped] ?? [])) skipped++
  while (cells.length > 1 && cells.at(-1) === '' && rows.slice(at, 50).every((row) => !row[cells.length - 1]))
    cells.pop()
  return { cells, skipped, notes }
}

const filled = (row: readonly string[]) => row.filter((cell) => cell.trim() !== '').length

/** A number of three digits, a point, a text with commas: no header has them. */
function looksLikeData(row: readonly string[], rows: readonly (readonly string[])[]): boolean {
  const isData = (cell: string) =>
    /\d{3}|\d[.,/]\d/.test(cell) || (/\d/.test(cell) && cell.includes(',')) || cell.split(',').length > 2
  return rows.length > 1 && row.some(isData)
}

/** The second line names parts of what the first one names over several columns. */
function isMerged(
  top: readonly string[],
  sub: readonly string[],
  isKnown: (cell: string) => boolean,
): boolean {
  const below = sub.flatMap((cell, i) => (cell.trim() === '' ? [] : [i]))
  const underNothing = below.some((i) => (top[i] ?? '').trim() === '')
  const left = below[0] ?? 0
  return (
    underNothing &&
    filled(top) > 1 &&
    below.filter((i) => isKnown(sub[i]!)).length * 2 >= below.length &&
    // A title has nothing over the first of them.
    top.slice(0, left + 1).some((cell) => cell.trim() !== '') &&
    below.length < sub.length + 1 &&
    below.every((i) => !/\d{3}/.test(sub[i]!)) &&
    top.some((cell, i) => cell.trim() !== '' && (sub[i] ?? '').trim() === '')
  )
}

function mergedHeader(top: readonly string[], sub: readonly string[]): string[] {
  const width = Math.max(top.length, sub.length)
  const count = new Map<string, number>()
  for (const cell of sub) count.set(cell.trim(), (count.get(cell.trim()) ?? 0) + 1)
  const cells: string[] = []
  let group = ''
  for (let i = 0; i < width; i++) {
    const upper = (top[i] ?? '').trim()
    const lower = (sub[i] ?? '').trim()
    if (upper) group = upper
    if (!lower) cells.push(upper)
    else cells.push(count.get(lower) === 1 ? lower : `${group} ${lower}`)
  }
  return cells
}

/** "(1) (2) (3)" or "A B C" under a header. */
function numbersColumns(row: readonly string[]): boolean {
  const marks = row.map((cell) => cell.trim().replace(/^[([]|[)\]]$/g, '')).filter(Boolean)
  if (marks.length < 3 || marks.length * 2 < row.length) return false
  return marks.every(
    (mark, i) => mark === String(i + 1) || mark.toUpperCase() === String.fromCharCode(65 + i),
  )
}
