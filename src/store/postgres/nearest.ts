import type { NearestQuery } from '../../registry/store.ts'
import { column, type Queryable, rows } from './connection.ts'
import { headsAround } from './heads.ts'

/** Metres between a household and the point; x and y are metres a degree. */
const METRES = 'sqrt(((lat - $1) * $4) * ((lat - $1) * $4) + ((lon - $2) * $3) * ((lon - $2) * $3))'
/** A box around the point, `reach` metres to each side; a little more for the rounding. */
const box = (reach: string) =>
  `ST_Expand(ST_SetSRID(ST_MakePoint($2, $1), 4326), (${reach}) / $3 * 1.000001, (${reach}) / $4 * 1.000001)`
/**
 * The index knows the distance in degrees, of which one to the north is longer than one to the east. So the first ones by
 * degrees only tell how far the nearest ones can be; among all within that reach the metres decide.
 */
const nearest = (ofProvinces: string) =>
  `
  WITH first AS MATERIALIZED (
    SELECT lat, lon FROM households WHERE ${ofProvinces} AND geom && ${box('$5')}
    ORDER BY geom <-> ST_SetSRID(ST_MakePoint($2, $1), 4326) LIMIT $6
  ), reach AS MATERIALIZED (
    SELECT CASE WHEN count(*) < $6 THEN $5 ELSE least($5, max(${METRES})) END AS most FROM first
  )
  SELECT n, metres FROM (
    SELECT n, ${METRES} AS metres, most FROM reach CROSS JOIN households WHERE ${ofProvinces} AND geom && ${box('most')}
  ) near WHERE metres <= most ORDER BY metres, n LIMIT $6`.replaceAll(/\$([1-5])(?!\d)/g, '$$$1::float8')
/** Provinces in single parameters: the server leaves the other partitions aside before it opens them, which takes most of the time. */
const FEW = 4
const OF_FEW = nearest(`province IN (${Array.from({ length: FEW }, (_, i) => `$${7 + i}`).join(', ')})`)
const OF_MANY = nearest('province = ANY($7::smallint[])')
const NO_PROVINCE = -1

/** The nearest households, by distance, then n. */
export async function readNearest(
  db: Queryable,
  { lat, lon, scale, metres, limit }: NearestQuery,
): Promise<{ n: number; metres: number }[]> {
  if (!(limit >= 1)) return []
  const [x, y] = [scale.x * 1e6, scale.y * 1e6]
  // A little more, as in `box`.
  const around = headsAround(lat, lon, { lat: (metres / y) * 1.00001, lon: (metres / x) * 1.00001 })
  const provinces = await column<number>(
    db,
    'SELECT DISTINCT province FROM heads WHERE head = ANY($1::integer[])',
    around,
  )
  if (provinces.length === 0) return []
  const few = provinces.length <= FEW
  const places = [...provinces, ...Array<number>(FEW).fill(NO_PROVINCE)].slice(0, FEW)
  const found = await rows<[number, number]>(
    db,
    few ? OF_FEW : OF_MANY,
    ...[lat, lon, x, y, metres, Math.floor(limit)],
    ...(few ? places : [provinces]),
  )
  return found.map(([n, metres]) => ({ n, metres }))
}
