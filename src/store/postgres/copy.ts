import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { from } from 'pg-copy-streams'

export type Value = string | number | boolean | Uint8Array | null

/** Puts rows into a table with COPY, in one round trip. */
export async function copyRows(
  client: pg.ClientBase,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly Value[])[],
): Promise<void> {
  if (rows.length === 0) return
  const stream = client.query(from(`COPY ${table} (${columns.join(', ')}) FROM STDIN`))
  stream.end(`${rows.map((row) => row.map(encode).join('\t')).join('\n')}\n`)
  await finished(stream)
}

/** A value in COPY's text format. */
function encode(value: Value): string {
  if (value === null) return '\\N'
  if (typeof value === 'string') return SPECIAL.test(value) ? value.replace(SPECIALS, escaped) : value
  if (typeof value === 'object') return `\\\\x${Buffer.from(value).toString('hex')}`
  return String(value)
}
const SPECIAL = /[\\\t\n\r]/
const SPECIALS = /[\\\t\n\r]/g
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
const escaped = (sign: string) => ESCAPES[sign]!
