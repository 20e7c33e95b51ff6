import type Database from 'better-sqlite3'
import type { OldPostcode } from '../../registry/store.ts'
import { fiveDigits } from '../shared/codec.ts'

type Row = [commune: number, from: string | null, until: string, source: string]

export function postcodeReader(db: Database.Database): (postcode: string) => OldPostcode[] {
  const rows = db
    .prepare(
      `SELECT commune, from_on, until_on, source FROM old_postcodes WHERE postcode = ?
       ORDER BY until_on DESC, commune`,
    )
    .raw()
  return (postcode) =>
    (rows.all(Number(postcode)) as Row[]).map(([commune, from, until, source]) => ({
      postcode,
      communeCode: fiveDigits(commune),
      from,
      until: until || null,
      source,
    }))
}

/** An entry of the same postcode, commune and end is replaced. */
export function postcodeWriter(db: Database.Database): (entries: readonly OldPostcode[]) => void {
  const write = db.prepare(
    'REPLACE INTO old_postcodes (postcode, commune, until_on, from_on, source) VALUES (?, ?, ?, ?, ?)',
  )
  return (entries) => {
    for (const { postcode, communeCode, from, until, source } of entries)
      write.run(Number(postcode), Number(communeCode), until ?? '', from, source)
  }
}
