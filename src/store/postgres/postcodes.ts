import type { OldPostcode } from '../../registry/store.ts'
import { fiveDigits } from '../shared/codec.ts'
import { change, type Queryable, rows } from './connection.ts'

type Row = [commune: number, from: string | null, until: string, source: string]

export async function readPostcodes(db: Queryable, postcode: string): Promise<OldPostcode[]> {
  const found = await rows<Row>(
    db,
    `SELECT commune, from_on, until_on, source FROM old_postcodes WHERE postcode = $1
     ORDER BY until_on DESC, commune`,
    Number(postcode),
  )
  return found.map(([commune, from, until, source]) => ({
    postcode,
    communeCode: fiveDigits(commune),
    from,
    until: until || null,
    source,
  }))
}

/** An entry of the same postcode, commune and end is replaced; of several in one list the last one stands. */
export async function writePostcodes(db: Queryable, entries: readonly OldPostcode[]): Promise<void> {
  const last = new Map(
    entries.map((entry) => [`${entry.postcode} ${entry.communeCode} ${entry.until}`, entry]),
  )
  const written = [...last.values()]
  await change(
    db,
    `INSERT INTO old_postcodes (postcode, commune, until_on, from_on, source)
     SELECT * FROM unnest($1::integer[], $2::integer[], $3::text[], $4::text[], $5::text[])
     ON CONFLICT (postcode, commune, until_on) DO UPDATE SET from_on = excluded.from_on, source = excluded.source`,
    written.map(({ postcode }) => Number(postcode)),
    written.map(({ communeCode }) => Number(communeCode)),
    written.map(({ until }) => until ?? ''),
    written.map(({ from }) => from),
    written.map(({ source }) => source),
  )
}
