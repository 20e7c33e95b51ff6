import type { StreetDecision } from '../../registry/decidedStreets.ts'
import type { StoredHousehold } from '../../registry/store.ts'
import { decidedStreetOf, decisionOf, type StreetRow } from '../shared/streetRows.ts'
import { change, one, type Queryable } from './connection.ts'

type Row = [province: number, former: number, street: string, commune: number]

/** Differences of the counts of households that persons have placed, gathered and written at once. */
export class StreetCounter {
  readonly #changed = new Map<string, [row: Row, households: number]>()

  add(household: StoredHousehold, times: 1 | -1): void {
    const street = decidedStreetOf(household)
    if (!street) return
    const row: Row = [Number(household.provinceCode), ...street]
    const known = this.#changed.get(row.join(' '))
    if (known) known[1] += times
    else this.#changed.set(row.join(' '), [row, times])
  }

  async write(db: Queryable): Promise<void> {
    // One order for all writers: none waits for another in a circle.
    const changed = [...this.#changed].filter(([, [, households]]) => households !== 0)
    changed.sort(([a], [b]) => (a < b ? -1 : 1))
    if (changed.length === 0) return
    const columns = [0, 1, 2, 3].map((i) => changed.map(([, [row]]) => row[i]))
    await change(
      db,
      `INSERT INTO decided_streets (province, former, street, commune, households)
       SELECT * FROM unnest($1::smallint[], $2::integer[], $3::text[], $4::integer[], $5::bigint[])
       ON CONFLICT (province, former, street, commune) DO UPDATE
       SET households = decided_streets.households + excluded.households`,
      ...columns,
      changed.map(([, [, households]]) => households),
    )
  }
}

/** What was decided about streets when a job first asked: noted with the job, so that a restart hears the same. */
export async function noteStreets(
  db: Queryable,
  job: number,
  formerCodes: readonly string[],
): Promise<StreetDecision[]> {
  await change(
    db,
    `INSERT INTO job_streets (job, streets)
     SELECT $1, coalesce(json_agg(json_build_array(former, street, commune, households)
       ORDER BY former, street, commune), '[]')
     FROM decided_streets WHERE households > 0 AND former = ANY($2::integer[])
     ON CONFLICT (job) DO NOTHING`,
    job,
    formerCodes.map(Number),
  )
  const streets = await one<string>(db, 'SELECT streets FROM job_streets WHERE job = $1', job)
  return (JSON.parse(streets!) as StreetRow[]).map(decisionOf)
}
