import type { HouseholdFilter, RegistrySnapshot } from '../../registry/store.ts'
import { STATUSES } from '../shared/codec.ts'
import { openExisting } from './open.ts'
import { householdsReader, readNames } from './rows.ts'

/** Opens a snapshot on a connection of its own. The write-ahead log keeps what is written meanwhile until it is closed. */
export function openSnapshot(path: string): RegistrySnapshot {
  const db = openExisting(path, true)
  db.exec('BEGIN')
  // The snapshot is taken with the first question.
  const last = (db.prepare('SELECT max(n) FROM households').pluck().get() as number | null) ?? 0
  const names = readNames(db)
  const households = householdsReader(db, names)
  return {
    last,
    *pages(filter, size) {
      const { sql, values } = conditions(filter, names.find)
      const page = db
        .prepare(`SELECT n FROM households WHERE n > ? ${sql} ORDER BY n LIMIT ${Math.floor(size)}`)
        .pluck()
      for (let after = 0; ; ) {
        const ns = page.all(after, ...values) as number[]
        if (ns.length === 0) return
        yield households(ns)
        after = ns.at(-1)!
      }
    },
    close: () => void db.close(),
  }
}

function conditions(
  { province, commune, status, list }: HouseholdFilter,
  find: (name: string) => number | null,
): { sql: string; values: (number | string)[] } {
  const parts: string[] = []
  const values: (number | string)[] = []
  const add = (part: string, ...given: (number | string)[]) => {
    parts.push(`AND ${part}`)
    values.push(...given)
  }
  if (province !== undefined) add('province = ?', Number(province))
  if (commune !== undefined) add('commune = ?', Number(commune))
  if (status !== undefined) add('status = ?', STATUSES.indexOf(status))
  if (list !== undefined)
    add(
      `(EXISTS (SELECT 1 FROM events JOIN jobs ON jobs.id = events.job WHERE events.n = households.n AND jobs.list = ?)
        OR EXISTS (SELECT 1 FROM list_rows WHERE list_rows.n = households.n AND list_rows.list = ?))`,
      list,
      find(list) ?? -1,
    )
  return { sql: parts.join(' '), values }
}
