import { setTimeout } from 'node:timers/promises'
import type pg from 'pg'
import {
  TABLES,
  type Table,
  TRANSFER_PAGE,
  TransferRefused,
  type TransferSource,
  type TransferTarget,
  type Value,
} from '../shared/tables.ts'
import { one, openPool } from './connection.ts'
import { copyRows } from './copy.ts'
import { SQUARES } from './migrations.ts'
import { openWriter } from './open.ts'

/** Identities go on behind the highest that was taken in. */
const IDENTITIES = [
  ['names', 'id'],
  ['jobs', 'id'],
  ['keys', 'id'],
  ['checks', 'id'],
] as const

/** Writes a registry out while nobody can write to it. Throws TransferRefused while somebody does. */
export async function openSource(url: string): Promise<TransferSource> {
  await (await openWriter(url)).close()
  const { client, close } = await connect(url)
  try {
    await client.query("SET LOCAL lock_timeout = '5s'")
    const all = ['directory', ...TABLES.map(({ name }) => name)]
    await client.query(`LOCK TABLE ${all.join(', ')} IN SHARE MODE`)
  } catch (error) {
    await close()
    // Waited in vain, or in a ring.
    if (['55P03', '40P01'].includes((error as { code?: string }).code!))
      throw new TransferRefused('the registry is being written: stop servers and workers first')
    throw error
  }
  return { rows: (table) => rowsOf(client, table), close }
}
/** Takes a registry in, all in one transaction. Throws TransferRefused when one is there already. */
export async function openTarget(url: string): Promise<TransferTarget> {
  await (await openWriter(url)).close()
  const { client, close } = await connect(url)
  try {
    await client.query('LOCK TABLE meta, directory, jobs, keys IN SHARE ROW EXCLUSIVE MODE')
    const full = await one<boolean>(
      client,
      'SELECT EXISTS (SELECT 1 FROM directory) OR EXISTS (SELECT 1 FROM jobs) OR EXISTS (SELECT 1 FROM keys)',
    )
    if (full) throw new TransferRefused('the target holds households, jobs or keys already: it must be empty')
    for (const table of ['names', 'targets', 'old_postcodes', 'crosswalks', 'sample_rounds'])
      await client.query(`DELETE FROM ${table}`)
    await client.query("DELETE FROM meta WHERE name <> 'schema'")
  } catch (error) {
    await close()
    throw error
  }
  return {
    rows: (table) => rowsOf(client, table),
    async fill({ name, columns }, pages) {
      const more = name === 'events'
      for await (const page of pages)
        await copyRows(
          client,
          name,
          more ? [...columns, 'arrives'] : columns,
          more ? page.map((row) => [...row, arrives(row.at(-1) as string | null)]) : page,
        )
    },
    async settle() {
      for (const made of FOLLOWS) await client.query(made)
      for (const [table, column] of IDENTITIES)
        await client.query(
          `SELECT setval(pg_get_serial_sequence('${table}', '${column}'), max(${column})) FROM ${table} HAVING count(*) > 0`,
        )
      // 'given': households that a restored backup does not have; none of their numbers is given twice.
      await client.query(
        `SELECT setval('household_n', n) FROM (
           SELECT max(n) AS n FROM (SELECT max(n) AS n FROM directory UNION SELECT number FROM meta WHERE name = 'given') a) b
         WHERE n IS NOT NULL`,
      )
    },
    async commit() {
      await client.query('COMMIT')
      await client.query('ANALYZE')
    },
    close,
  }
}

/** As write.ts tells it of an event. */
const arrives = (body: string | null) => body?.includes('"provinceCode"') ?? false

/** What follows from the rest: see migrations.ts. */
const FOLLOWS = [
  `INSERT INTO directory (n, province, earlier)
   SELECT h.n, h.province, e.earlier FROM households h LEFT JOIN (
     SELECT e.n, array_agg(DISTINCT e.province) AS earlier FROM events e JOIN households h ON h.n = e.n
     WHERE e.province <> h.province GROUP BY e.n) e ON e.n = h.n`,
  'INSERT INTO event_numbers (province, number) SELECT province, max(number) FROM events GROUP BY province',
  // As heads.ts: the decimal digits with which the first six of a key begin.
  `INSERT INTO heads (head, province)
   ${SQUARES} UNION
   SELECT coalesce(substring(left(encode(key, 'hex'), 6) FROM '^[0-9]+')::integer, 0), province FROM households
   UNION SELECT commune, province FROM households
   UNION SELECT (code / 1280000000)::integer, province FROM households WHERE code IS NOT NULL
   UNION SELECT (code / 1280000000)::integer, province FROM aliases`,
]

/** A connection in a transaction that sees one moment; `close` rolls back what was not committed. */
async function connect(url: string): Promise<{ client: pg.PoolClient; close(): Promise<void> }> {
  const pool = openPool(url, { size: 1 })
  try {
    const client = await pool.connect()
    let closed: Promise<void> | undefined
    await client.query('SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0')
    await client.query('BEGIN')
    return {
      client,
      close() {
        closed ??= (async () => {
          client.release(true)
          await pool.end()
        })()
        return closed
      },
    }
  } catch (error) {
    await pool.end()
    throw error
  }
}

async function* rowsOf(
  client: pg.ClientBase,
  { name, columns, order, only }: Table,
): AsyncGenerator<Value[][]> {
  const list = columns.map((column) => (column === 'dropped' ? 'dropped::integer' : column))
  const sorted = order.map((column) => `${column} NULLS FIRST`)
  await client.query(
    `DECLARE moving NO SCROLL CURSOR FOR
     SELECT ${list.join(', ')} FROM ${name} ${only ?? ''} ORDER BY ${sorted.join(', ')}`,
  )
  for (;;) {
    const page = await client.query({ text: `FETCH ${TRANSFER_PAGE} FROM moving`, rowMode: 'array' })
    if (page.rows.length === 0) break
    yield page.rows as Value[][]
    // A turn of the event loop, so that signals are heard.
    await setTimeout(0)
  }
  await client.query('CLOSE moving')
}
