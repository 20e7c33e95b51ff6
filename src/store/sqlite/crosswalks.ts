import type Database from 'better-sqlite3'
import type { Era } from '../../gazetteer/types.ts'
import type { CrosswalkReader, CrosswalkWriter } from '../../registry/crosswalks/store.ts'

type Row = [scheme: string, asOf: string | null, loadedAt: number, entries: string]
type Entry = [era: Era, code: string, id: string, name: string]

export function crosswalkReader(db: Database.Database): CrosswalkReader {
  const version = db.prepare("SELECT value FROM meta WHERE name = 'crosswalks'").pluck()
  const all = db.prepare('SELECT scheme, as_of, loaded_at, entries FROM crosswalks ORDER BY scheme').raw()
  return {
    crosswalksVersion: async () => (version.get() as number | undefined) ?? 0,
    crosswalks: async () =>
      (all.all() as Row[]).map(([scheme, asOf, loadedAt, entries]) => ({
        scheme,
        asOf,
        loadedAt,
        entries: (JSON.parse(entries) as Entry[]).map(([era, code, id, name]) => ({ era, code, id, name })),
      })),
  }
}

export function crosswalkWriter(db: Database.Database): CrosswalkWriter {
  const write = db.prepare('REPLACE INTO crosswalks (scheme, as_of, loaded_at, entries) VALUES (?, ?, ?, ?)')
  const remove = db.prepare('DELETE FROM crosswalks WHERE scheme = ?')
  const changed = db.prepare(
    "INSERT INTO meta VALUES ('crosswalks', 1) ON CONFLICT DO UPDATE SET value = value + 1",
  )
  return {
    async writeCrosswalk({ scheme, asOf, loadedAt, entries }) {
      const rows = entries.map(({ era, code, id, name }): Entry => [era, code, id, name])
      write.run(scheme, asOf, loadedAt, JSON.stringify(rows))
      changed.run()
    },
    async removeCrosswalk(scheme) {
      const { changes } = remove.run(scheme)
      if (changes > 0) changed.run()
      return changes > 0
    },
  }
}
