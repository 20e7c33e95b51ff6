import type { JobEvents } from '../../registry/store.ts'
import { twoDigits } from '../shared/codec.ts'
import { PROVINCE_STEP } from '../shared/events.ts'
import { type Queryable, rows } from './connection.ts'

/** Events that one question looks at: there is no index on the job, for few are ever asked for. */
const LOOKED_AT = 50_000

/**
 * The events of a job among those of the next province that are looked at; last, without an n, the one that was looked at
 * last.
 */
const PAGE = `
  WITH place AS MATERIALIZED (
    SELECT province, CASE WHEN province = $1 THEN $2 ELSE 0 END AS after
    FROM event_numbers WHERE (province, number) > ($1, $2) ORDER BY province LIMIT 1
  ), looked AS MATERIALIZED (
    SELECT e.* FROM place CROSS JOIN LATERAL (
      SELECT province, number, n, job FROM events
      WHERE province = place.province AND number > place.after ORDER BY number LIMIT ${LOOKED_AT}) e
  )
  (SELECT province, number, n FROM looked WHERE job = $3 ORDER BY number LIMIT $4)
  UNION ALL (SELECT province, number, NULL FROM looked ORDER BY number DESC LIMIT 1)`.replaceAll(
  '$2',
  '$2::bigint',
)

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
