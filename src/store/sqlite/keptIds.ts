import type Database from 'better-sqlite3'
import type { IdCodec } from '../../registry/id.ts'

/** What is noted of a copy; null for a registry of its own. */
export function copyState(db: Database.Database): string | null {
  const state = db.prepare("SELECT value FROM meta WHERE name = 'copy'").pluck().get()
  return state === undefined ? null : String(state)
}

/** The ids of a copy, which are kept and not made. */
export function keptIds(db: Database.Database): IdCodec {
  const idOf = db.prepare('SELECT id FROM copy_ids WHERE n = ?').pluck()
  const nOf = db.prepare('SELECT n FROM copy_ids WHERE id = ?').pluck()
  return {
    idOf(n) {
      const id = idOf.get(n)
      if (id === undefined) throw new RangeError(`no household has number ${n}`)
      return String(id)
    },
    nOf: (id) => (/^[1-9]\d{11}$/.test(id) ? ((nOf.get(Number(id)) as number | undefined) ?? null) : null),
  }
}
