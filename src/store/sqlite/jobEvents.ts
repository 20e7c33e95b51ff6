import type Database from 'better-sqlite3'
import type { JobEvents } from '../../registry/store.ts'
import { PROVINCE_STEP, provinceOf } from '../shared/events.ts'

/** Events that one question looks at: there is no index on the job, for few are ever asked for. */
const LOOKED_AT = 50_000

export function jobEventsReader(
  db: Database.Database,
): (job: number, cursor: number, limit: number) => JobEvents {
  const after = db.prepare('SELECT id, n, job FROM events WHERE id > ? ORDER BY id').raw()
  return (job, cursor, limit) => {
    const events: JobEvents['events'] = []
    let last: number | null = null
    let looked = 0
    for (const row of after.iterate(cursor)) {
      const [id, n, its] = row as [id: number, n: number, job: number | null]
      last = id
      if (its === job) events.push({ province: provinceOf(id), number: id % PROVINCE_STEP, n })
      if (events.length === limit || ++looked === LOOKED_AT) break
    }
    return { events, cursor: last }
  }
}
