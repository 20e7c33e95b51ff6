import type { HouseholdFields } from '../../registry/store.ts'
import { change, type Queryable, rows } from './connection.ts'

/**
 * Takes what tells where a household is out of everything but its row: numbers, old codes, stands, list rows, the bodies
 * of its events with their reasons, what checks found, and what was seen at the door. No question finds it any more; its
 * bytes go when the server vacuums the tables (docs/postgres.md).
 */
export async function erase(
  db: Queryable,
  n: number,
  fields: readonly (keyof HouseholdFields)[],
): Promise<void> {
  for (const sql of DROPS) await change(db, sql, n)
  const bodies = await rows<[province: number, number: number, body: string]>(
    db,
    `SELECT e.province, e.number, e.body
     FROM (SELECT n, unnest(province || earlier) AS province FROM directory WHERE n = $1) d
       JOIN events e ON e.province = d.province AND e.n = d.n WHERE e.body IS NOT NULL`,
    n,
  )
  for (const [province, number, text] of bodies) {
    const { reason: _, ...body } = JSON.parse(text)
    for (const side of [body.before, body.after]) for (const name of fields) if (side) delete side[name]
    await change(
      db,
      'UPDATE events SET body = $1 WHERE province = $2 AND number = $3',
      JSON.stringify(body),
      province,
      number,
    )
  }
}
const DROPS = [
  ...['external_ids', 'aliases', 'stands', 'list_rows', 'observations'].map(
    (table) => `DELETE FROM ${table} WHERE n = $1`,
  ),
  'DELETE FROM doubts WHERE n = $1 OR other = $1',
  'UPDATE checks SET found = NULL, metres = NULL WHERE n = $1',
]
