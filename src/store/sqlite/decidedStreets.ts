import type Database from 'better-sqlite3'
import type { StreetDecision } from '../../registry/decidedStreets.ts'
import type { StoredHousehold } from '../../registry/store.ts'
import { decidedStreetOf, decisionOf, type StreetRow } from '../shared/streetRows.ts'

/** What counts must equal the condition of the step in migrations.ts that counts what was there. */
const COUNTS = `former IS NOT NULL AND review IS NULL AND json_extract(parts, '$.s') IS NOT NULL
  AND (status = 1 OR (status = 0 AND instr(cleared, '["c",') > 0))`

/** Counts the households that persons have placed by former commune, street and commune, as a batch changes them. */
export function decidedStreetsWriter(db: Database.Database) {
  const before = db
    .prepare(`SELECT former, json_extract(parts, '$.s'), commune FROM households WHERE n = ? AND ${COUNTS}`)
    .raw()
  const add = db.prepare(
    `INSERT INTO decided_streets (former, street, commune, households) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET households = households + excluded.households`,
  )
  return {
    /** Call it before the household's row is changed. */
    leave(n: number) {
      const row = before.get(n) as [number, string, number] | undefined
      if (row) add.run(...row, -1)
    },
    enter(household: StoredHousehold) {
      const street = decidedStreetOf(household)
      if (street) add.run(...street, 1)
    },
  }
}

/** What was decided about streets when a job first asked: noted with the job, so that a restart hears the same. */
export function jobStreets(db: Database.Database) {
  const note = db.prepare(
    `INSERT OR IGNORE INTO job_streets (job, streets)
     SELECT ?, json_group_array(json_array(former, street, commune, households))
     FROM decided_streets WHERE households > 0 AND former IN (SELECT value FROM json_each(?))`,
  )
  const read = db.prepare('SELECT streets FROM job_streets WHERE job = ?').pluck()
  const drop = db.prepare('DELETE FROM job_streets WHERE job = ?')
  return {
    note(job: number, formerCodes: readonly string[]): StreetDecision[] {
      note.run(job, JSON.stringify(formerCodes.map(Number)))
      const streets = JSON.parse(read.get(job) as string) as StreetRow[]
      return streets.map(decisionOf)
    },
    drop: (job: number) => void drop.run(job),
  }
}
