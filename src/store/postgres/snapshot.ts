import type { HouseholdFilter, RegistrySnapshot } from '../../registry/store.ts'
import { STATUSES } from '../shared/codec.ts'
import { column, one, openPool } from './connection.ts'
import { namesOn } from './names.ts'
import { readHouseholds } from './rows.ts'

/** Opens a snapshot on a connection of its own: one transaction that sees the registry as it is now until it is closed. */
export async function openSnapshot(url: string): Promise<RegistrySnapshot> {
  const pool = openPool(url, { size: 1, readonly: true })
  try {
    const client = await pool.connect()
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
    // Between two pages a file is written.
    await client.query('SET LOCAL idle_in_transaction_session_timeout = 0')
    const last = (await one<number | null>(client, 'SELECT max(n) FROM directory')) ?? 0
    const names = namesOn(client)
    return {
      last,
      async *pages(filter, size) {
        const { sql, values } = await conditions(filter, names.find)
        for (let after = 0; ; ) {
          const ns = await column<number>(
            client,
            `SELECT h.n FROM directory d JOIN households h ON h.province = d.province AND h.n = d.n
             WHERE d.n > $1 ${sql} ORDER BY d.n LIMIT ${Math.floor(size)}`,
            after,
            ...values,
          )
          if (ns.length === 0) return
          yield await readHouseholds(client, names, ns)
          after = ns.at(-1)!
        }
      },
      async close() {
        client.release(true)
        await pool.end()
      },
    }
  } catch (error) {
    await pool.end()
    throw error
  }
}

async function conditions(
  { province, commune, status, list }: HouseholdFilter,
  find: (name: string) => Promise<number | null>,
): Promise<{ sql: string; values: (number | string)[] }> {
  const parts: string[] = []
  const values: (number | string)[] = []
  const mark = (value: number | string) => `$${values.push(value) + 1}`
  if (province !== undefined) parts.push(`AND d.province = ${mark(Number(province))}::smallint`)
  if (commune !== undefined) parts.push(`AND h.commune = ${mark(Number(commune))}::integer`)
  if (status !== undefined) parts.push(`AND h.status = ${mark(STATUSES.indexOf(status))}::smallint`)
  if (list !== undefined)
    parts.push(
      `AND (EXISTS (SELECT 1 FROM events e JOIN jobs j ON j.id = e.job WHERE e.n = h.n AND j.list = ${mark(list)}::text)
        OR EXISTS (SELECT 1 FROM list_rows l
          WHERE l.province = h.province AND l.n = h.n AND l.list = ${mark((await find(list)) ?? -1)}::integer))`,
    )
  return { sql: parts.join(' '), values }
}
