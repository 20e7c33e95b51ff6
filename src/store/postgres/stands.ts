import type { Stand } from '../../registry/store.ts'
import { encodeKey } from '../shared/codec.ts'
import { change, type Queryable, rows } from './connection.ts'

/** What households said before with these keys: of each at most `perKey`, by n, then time. */
export async function readStands(db: Queryable, keys: readonly string[], perKey: number): Promise<Stand[]> {
  if (keys.length === 0) return []
  const found = await rows<[at: number, n: number, until: number, lat: number | null, lon: number | null]>(
    db,
    `SELECT asked.at::integer, s.* FROM unnest($1::bytea[]) WITH ORDINALITY asked (key, at)
     CROSS JOIN LATERAL (
       SELECT n, until_at, lat, lon FROM stands WHERE key = asked.key ORDER BY n, until_at LIMIT $2) s
     ORDER BY asked.at, s.n, s.until_at`,
    keys.map(encodeKey),
    perKey,
  )
  return found.map(([at, n, until, lat, lon]) => ({
    key: keys[at - 1]!,
    point: lat === null ? null : { lat, lon: lon! },
    n,
    until,
  }))
}

/** Their households must be in the directory. */
export async function writeStands(db: Queryable, stands: readonly Stand[]): Promise<void> {
  if (stands.length === 0) return
  await change(
    db,
    `INSERT INTO stands (province, key, n, until_at, lat, lon)
     SELECT d.province, s.* FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::float8[], $5::float8[])
       AS s (key, n, until_at, lat, lon) JOIN directory d ON d.n = s.n`,
    stands.map(({ key }) => encodeKey(key)),
    stands.map(({ n }) => n),
    stands.map(({ until }) => until),
    stands.map(({ point }) => point?.lat ?? null),
    stands.map(({ point }) => point?.lon ?? null),
  )
}
