import type { NearestQuery } from '../../registry/store.ts'
import { type Queryable, rows } from './connection.ts'

/** Metres between a household and the point; x and y are metres a degree. */
const METRES = 'sqrt(((lat - $1) * $4) * ((lat - $1) * $4) + ((lon - $2) * $3) * ((lon - $2) * $3))'
/** A box around the point, `reach` metres to each side; a little more for the rounding. */
const box = (reach: string) =>
  `ST_Expand(ST_SetSRID(ST_MakePoint($2, $1), 4326), (${reach}) / $3 * 1.000001, (${reach}) / $4 * 1.000001)`
/**
 * The index knows the distance in degrees, of which one to the north is longer than one to the east. So the first ones by
 * degrees only tell how far the nearest ones can be; among all within that reach the metres decide.
 */
const NEAREST = `
  WITH first AS MATERIALIZED (
    SELECT lat, lon FROM households WHERE geom && ${box('$5')}
    ORDER BY geom <-> ST_SetSRID(ST_MakePoint($2, $1), 4326) LIMIT $6
  ), reach AS MATERIALIZED (
    SELECT CASE WHEN count(*) < $6 THEN $5 ELSE least($5, max(${METRES})) END AS most FROM first
  )
  SELECT n, metres FROM (
    SELECT n, ${METRES} AS metres, most FROM reach CROSS JOIN households WHERE geom && ${box('most')}
  ) near WHERE metres <= most ORDER BY metres, n LIMIT $6`.replaceAll(/\$([1-5])/g, '$$$1::float8')

/** The nearest households, by distance, then n. */
export async function readNearest(
  db: Queryable,
  { lat, lon, scale, metres, limit }: NearestQuery,
): Promise<{ n: number; metres: number }[]> {
  if (!(limit >= 1)) return []
  const found = await rows<[number, number]>(
    db,
    NEAREST,
    lat,
    lon,
    scale.x * 1e6,
    scale.y * 1e6,
    metres,
    Math.floor(limit),
  )
  return found.map(([n, metres]) => ({ n, metres }))
}
