import type { LineReader } from '../../registry/lineStore.ts'
import {
  LINE_COLUMNS,
  type LineRow,
  lineHouseholdOf,
  linePlaceOf,
  type PlaceRow,
} from '../shared/lineRows.ts'
import { type Queryable, rows } from './connection.ts'

/** The first households of a commune between two lines; $1 commune, $2 limit, $3 since before when they have stood so. */
const between = (columns: string, from: string, to: string, order: 'ASC' | 'DESC') => `
  SELECT h.* FROM heads p CROSS JOIN LATERAL (
    SELECT ${columns}, line FROM households
    WHERE province = p.province AND commune = $1 AND line BETWEEN ${from} AND ${to}
      AND ($3::bigint IS NULL OR greatest(created_at, coalesce(updated_at, 0)) < $3)
    ORDER BY line ${order}, n ${order} LIMIT $2) h
  WHERE p.head = $1 ORDER BY h.line ${order}, h.n ${order} LIMIT $2`
const PLACE = 'parts, lat, lon, n'

const runs = (order: 'ASC' | 'DESC') => `
  SELECT run.at, run.downwards, l.*
  FROM unnest($4::bigint[], $5::bigint[], $6::boolean[]) WITH ORDINALITY run (low, high, downwards, at)
    CROSS JOIN LATERAL (${between(LINE_COLUMNS, 'run.low', 'run.high', order)}) l
  WHERE run.downwards = ${order === 'DESC'}`
const ALONG = `SELECT ${LINE_COLUMNS} FROM (${runs('ASC')} UNION ALL ${runs('DESC')}) found
  ORDER BY at, CASE WHEN downwards THEN -line ELSE line END, CASE WHEN downwards THEN -n ELSE n END`

/** Reads the households of a commune by line. */
export const lineReader = (db: Queryable): LineReader => ({
  async along(communeCode, runs, limit, before) {
    if (runs.length === 0) return []
    const found = await rows<LineRow>(
      db,
      ALONG,
      Number(communeCode),
      limit,
      before ?? null,
      runs.map(({ lines: [from] }) => from),
      runs.map(({ lines: [, to] }) => to),
      runs.map(({ downwards }) => downwards),
    )
    return found.map(lineHouseholdOf)
  },
  async placesAlong(communeCode, [from, to], limit, before) {
    const found = await rows<PlaceRow>(
      db,
      between(PLACE, '$4', '$5', 'ASC'),
      Number(communeCode),
      limit,
      before ?? null,
      from,
      to,
    )
    return found.map(linePlaceOf)
  },
})
