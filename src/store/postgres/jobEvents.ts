import type { JobEvents } from '../../registry/store.ts'
import { twoDigits } from '../shared/codec.ts'
import { PROVINCE_STEP } from '../shared/events.ts'
import { type Queryable, rows } from './connection.ts'

/** Events that one question looks at: there is no index on the job, for few are ever asked for. */
const LOOKED_AT = 50_000

/** The events of a job among those looked at; last, without an n, the one that was looked at last. */
const PAGE = `
  WITH looked AS MATERIALIZED (
    SELECT province, number, n, job FROM events WHERE (province, number) > ($1, $2)
    ORDER BY province, number LIMIT ${LOOKED_AT}
  )
  (SELECT province, number, n FROM looked WHERE job = $3 ORDER BY province, number LIMIT $4)
  UNION ALL (SELECT province, number, NULL FROM looked ORDER BY province DESC, number DESC LIMIT 1)`

export async function readJobEvents(
  db: Queryable,
  job: number,
  cursor: number,
  limit: number,
): Promise<JobEvents> {
  const found = await rows<[province: number, number: number, n: number | null]>(
    db,
    PAGE,
    Math.floor(cursor / PROVINCE_STEP),
    cursor % PROVINCE_STEP,
    job,
    limit,
  )
  const end = found.pop()
  const last = found.length === limit ? found.at(-1) : end
  return {
    events: found.map(([province, number, n]) => ({ province: twoDigits(province), number, n: n! })),
    cursor: last ? last[0] * PROVINCE_STEP + last[1] : null,
  }
}
