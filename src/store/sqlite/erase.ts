import type Database from 'better-sqlite3'
import type { HouseholdFields } from '../../registry/store.ts'

/**
 * Takes what tells where a household is out of everything but its row: numbers, old codes, stands, list rows, the bodies
 * of its events with their reasons, what checks found, and what was seen at the door. What is freed is overwritten on disk:
 * secure_delete is on until the transaction ends (see open.ts).
 */
export function eraser(
  db: Database.Database,
): (n: number, fields: readonly (keyof HouseholdFields)[]) => void {
  const drops = ['external_ids', 'aliases', 'stands', 'list_rows', 'observations'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE n = ?`),
  )
  const checks = db.prepare('UPDATE checks SET found = NULL, metres = NULL WHERE n = ?')
  const doubts = db.prepare('DELETE FROM doubts WHERE n = ? OR other = ?')
  const bodies = db.prepare('SELECT id, body FROM events WHERE n = ? AND body IS NOT NULL').raw()
  const setBody = db.prepare('UPDATE events SET body = ? WHERE id = ?')
  return (n, fields) => {
    db.pragma('secure_delete = ON')
    for (const drop of drops) drop.run(n)
    doubts.run(n, n)
    checks.run(n)
    for (const [id, text] of bodies.all(n) as [number, string][]) {
      const { reason: _, ...body } = JSON.parse(text)
      for (const side of [body.before, body.after]) for (const name of fields) if (side) delete side[name]
      setBody.run(JSON.stringify(body), id)
    }
  }
}
