import type Database from 'better-sqlite3'
import type { Stand } from '../../registry/store.ts'
import { encodeKey } from '../shared/codec.ts'

/** Reads what households said before with a key, by n, then time. */
export function standsReader(db: Database.Database): (keys: readonly string[], perKey: number) => Stand[] {
  const any = db.prepare('SELECT 1 FROM stands LIMIT 1').pluck()
  const ofKey = db
    .prepare('SELECT n, until_at, lat, lon FROM stands WHERE key = ? ORDER BY n, until_at LIMIT ?')
    .raw()
  return (keys, perKey) => {
    // Most registries have few or none.
    if (keys.length === 0 || any.get() === undefined) return []
    return keys.flatMap((key) =>
      (ofKey.all(encodeKey(key), perKey) as [number, number, number | null, number | null][]).map(
        ([n, until, lat, lon]) => ({ key, point: lat === null ? null : { lat, lon: lon! }, n, until }),
      ),
    )
  }
}

export function standsWriter(db: Database.Database): (stands: readonly Stand[]) => void {
  const add = db.prepare('INSERT INTO stands (key, n, until_at, lat, lon) VALUES (?, ?, ?, ?, ?)')
  return (stands) => {
    for (const { key, n, until, point } of stands)
      add.run(encodeKey(key), n, until, point?.lat ?? null, point?.lon ?? null)
  }
}
