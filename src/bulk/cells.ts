/**
 * The cells of one record, quotes resolved. Quotes are valid: `scanRecords` has seen to it.
 * With the empty delimiter the record is one cell.
 */
export function cellsOf(record: string, delimiter: string): string[] {
  if (!record.includes('"')) return delimiter === '' ? [record] : record.split(delimiter)
  const cells: string[] = []
  let at = 0
  for (;;) {
    if (record.charCodeAt(at) === 34) {
      let end = record.indexOf('"', at + 1)
      while (end >= 0 && record.charCodeAt(end + 1) === 34) end = record.indexOf('"', end + 2)
      if (end < 0) end = record.length
      const cell = record.slice(at + 1, end)
      cells.push(cell.includes('"') ? cell.replaceAll('""', '"') : cell)
      at = end + 1
    } else {
      const found = delimiter === '' ? -1 : record.indexOf(delimiter, at)
      const end = found < 0 ? record.length : found
      cells.push(record.slice(at, end))
      at = end
    }
    if (at >= record.length) return cells
    at++
    if (at === record.length) return [...cells, '']
  }
}

const SPECIAL = /["\r\n]/

/** One cell for a CSV line. */
export function quoted(cell: string, delimiter: string): string {
  if (!SPECIAL.test(cell) && !cell.includes(delimiter)) return cell
  return `"${cell.replaceAll('"', '""')}"`
}

/** A CSV line without its end. */
export function lineOf(cells: readonly string[], delimiter: string): string {
  const plain = cells.join(delimiter)
  // One look at the whole instead of one at each cell.
  if (!SPECIAL.test(plain) && count(plain, delimiter) === cells.length - 1) return plain
  let line = ''
  for (let i = 0; i < cells.length; i++) line += (i === 0 ? '' : delimiter) + quoted(cells[i]!, delimiter)
  return line
}

function count(text: string, part: string): number {
  let found = 0
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) found++
  return found
}
