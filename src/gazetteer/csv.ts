/** One row of a table of facts: cells by column name, all text, absent cells as ''. */
export type CsvRow = Record<string, string>

/**
 * Reads a small CSV table with a header row (RFC 4180: quoted cells may hold commas, doubled quotes, line breaks).
 * For the project's own tables only: it holds the whole table in memory.
 * @throws Error naming the line when a row has another number of cells than the header, or a quote stays open.
 */
export function parseCsv(text: string): { columns: string[]; rows: CsvRow[] } {
  const [columns = [], ...records] = [...cells(text.startsWith('\uFEFF') ? text.slice(1) : text)]
  const rows = records.map((record, index) => {
    if (record.length !== columns.length)
      throw new Error(`row ${index + 2} has ${record.length} cells, the header has ${columns.length}`)
    return Object.fromEntries(columns.map((column, i) => [column, record[i]!]))
  })
  return { columns, rows }
}

function* cells(text: string): Generator<string[]> {
  let record: string[] = []
  let at = 0
  while (at < text.length) {
    let cell: string
    if (text[at] === '"') {
      let end = at + 1
      while (text[end] !== '"' || text[end + 1] === '"') {
        if (end >= text.length) throw new Error(`a quote opened at character ${at} is never closed`)
        end += text[end] === '"' ? 2 : 1
      }
      cell = text.slice(at + 1, end).replaceAll('""', '"')
      at = end + 1
    } else {
      let end = at
      while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end++
      cell = text.slice(at, end)
      at = end
    }
    record.push(cell)
    if (text[at] === ',') {
      at++
      if (at < text.length) continue
      record.push('')
    }
    while (text[at] === '\r' || text[at] === '\n') at++
    yield record
    record = []
  }
}
