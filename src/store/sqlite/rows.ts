import type Database from 'better-sqlite3'
import type { StoredEvent, StoredHousehold } from '../../registry/store.ts'
import { bySchemeThenValue, decodeHousehold, HOUSEHOLD_COLUMNS, type HouseholdRow } from '../shared/codec.ts'
import { EVENT_KINDS, inTime, NO_BODY, PROVINCE_STEP, provinceOf } from '../shared/events.ts'

/** The words of `names`; kept in memory once read, for they are few and never change. */
export interface Names {
  nameOf(id: number): string
  /** The number of a word, null when no row uses it. */
  find(name: string): number | null
}

export function readNames(db: Database.Database): Names {
  const byId = db.prepare('SELECT name FROM names WHERE id = ?').pluck()
  const byName = db.prepare('SELECT id FROM names WHERE name = ?').pluck()
  const known = new Map<number, string>()
  return {
    nameOf(id) {
      const name = known.get(id) ?? (byId.get(id) as string | undefined)
      if (name === undefined) throw new Error(`name ${id} is missing`)
      known.set(id, name)
      return name
    },
    find: (name) => (byName.get(name) as number | undefined) ?? null,
  }
}

/** Reads households by n, in the order asked. */
export function householdsReader(db: Database.Database, names: Names) {
  const between = db
    .prepare(`SELECT ${HOUSEHOLD_COLUMNS.join(', ')} FROM households WHERE n BETWEEN ? AND ? ORDER BY n`)
    .raw()
  const numbers = db.prepare('SELECT n, scheme, value FROM external_ids WHERE n BETWEEN ? AND ?').raw()
  const read = (first: number, last: number): StoredHousehold[] => {
    const externalIds = new Map<number, StoredHousehold['externalIds']>()
    for (const [n, scheme, value] of numbers.all(first, last) as [number, number, string][]) {
      const known = externalIds.get(n) ?? []
      known.push({ scheme: names.nameOf(scheme), value })
      externalIds.set(n, known)
    }
    return (between.all(first, last) as HouseholdRow[]).map((row) =>
      decodeHousehold(row, (externalIds.get(row[0]) ?? []).sort(bySchemeThenValue), names.nameOf),
    )
  }
  return (ns: readonly number[]): StoredHousehold[] => {
    // Pages follow n: one by one they take twice as long.
    const isRun = ns.length > 1 && ns.every((n, i) => n === ns[0]! + i)
    return isRun ? read(ns[0]!, ns.at(-1)!) : ns.flatMap((n) => read(n, n))
  }
}

/** Ids of the last event of each province that has one. */
export function eventEnds(db: Database.Database): () => number[] {
  // One search in the key a province.
  const ends = db
    .prepare(
      `WITH RECURSIVE asked (code) AS (SELECT 0 UNION ALL SELECT code + 1 FROM asked WHERE code < 99)
       SELECT (SELECT max(id) FROM events WHERE id > code * ${PROVINCE_STEP} AND id < (code + 1) * ${PROVINCE_STEP}) AS id
       FROM asked WHERE id IS NOT NULL`,
    )
    .pluck()
  return () => ends.all() as number[]
}

/** Of an event whose household came from another province; as the index in migrations.ts says it. */
export const ARRIVES = `instr(body, '"provinceCode"') > 0`

/** Reads events with the condition given. */
export function eventsReader(db: Database.Database, names: Names, condition: string) {
  const events = db.prepare(`SELECT id, n, kind, at, actor, job, body FROM events WHERE ${condition}`).raw()
  return (...values: readonly number[]): StoredEvent[] =>
    (events.all(values) as [number, number, number, number, number, number | null, string | null][]).map(
      ([id, n, kind, at, actor, job, body]) => ({
        province: provinceOf(id),
        number: id % PROVINCE_STEP,
        n,
        kind: EVENT_KINDS[kind]!,
        at,
        actor: names.nameOf(actor),
        job,
        ...NO_BODY,
        ...(body ? JSON.parse(body) : undefined),
      }),
    )
}

/** Reads the events of a household, oldest first. */
export function historyReader(db: Database.Database, names: Names): (n: number) => StoredEvent[] {
  const history = eventsReader(db, names, 'n = ? ORDER BY id')
  return (n) => inTime(history(n))
}
