import type Database from 'better-sqlite3'
import type { JobEvents } from '../../registry/store.ts'
import { PROVINCE_STEP, provinceOf } from './rows.ts'

/** Events that one question looks at: there is no index on the job, for few are ever asked for. */
const LOOKED_AT = 50_000

export function jobEventsReader(
  db: Database.Database,
): (job: number, cursor: number, limit: number) => JobEvents {
  const end = db
    .prepare(`SELECT max(id) FROM (SELECT id FROM events WHERE id > ? ORDER BY id LIMIT ${LOOKED_AT})`)
    .pluck()
  const ofJob = db
    .prepare('SELECT id, n FROM events WHERE id > ? AND id <= ? AND job = ? ORDER BY id LIMIT ?')
    .raw()
  return (job, cursor, limit) => {
    const until = end.get(cursor) as number | null
    if (until === null) return { events: [], cursor: null }
    const rows = ofJob.all(cursor, until, job, limit) as [id: number, n: number][]
    return {
      events: rows.map(([id, n]) => ({ province: provinceOf(id), number: id % PROVINCE_STEP, n })),
      cursor: rows.length < limit ? until : rows.at(-1)![0],
    }
  }
}
