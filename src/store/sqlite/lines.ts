import type Database from 'better-sqlite3'
import type { LineReader, LineWriter } from '../../registry/lineStore.ts'
import {
  LINE_COLUMNS,
  type LineRow,
  lineHouseholdOf,
  linePlaceOf,
  type PlaceRow,
} from '../shared/lineRows.ts'
import { householdsReader, type Names } from './rows.ts'

/** Reads the households of a commune by line. */
export function lineReader(db: Database.Database): LineReader {
  // The limit is written out: as a parameter SQLite prepares the statement anew each time.
  const selected = (columns: string, limit: number, isBefore: boolean, downwards = false) => {
    const order = downwards ? 'DESC' : 'ASC'
    const since = isBefore ? 'AND max(created_at, ifnull(updated_at, 0)) < ?' : ''
    return `SELECT ${columns} FROM households WHERE commune = ? AND line BETWEEN ? AND ? ${since}
      ORDER BY line ${order}, n ${order} LIMIT ${Math.floor(limit)}`
  }
  const statements = new Map<string, Database.Statement>()
  const prepared = (key: string, sql: () => string) => {
    let known = statements.get(key)
    if (!known) {
      known = db.prepare(sql()).raw()
      statements.set(key, known)
    }
    return known
  }
  return {
    async along(communeCode, runs, limit, before) {
      if (runs.length === 0) return []
      const commune = Number(communeCode)
      // One statement for all: most of the time of a small one is that of asking.
      const isBefore = before !== undefined
      const key = `${limit} ${isBefore} ${runs.map(({ downwards }) => Number(downwards)).join('')}`
      const rows = prepared(key, () =>
        runs
          .map(({ downwards }) => `SELECT * FROM (${selected(LINE_COLUMNS, limit, isBefore, downwards)})`)
          .join(' UNION ALL '),
      ).all(
        runs.flatMap(({ lines: [from, to] }) =>
          isBefore ? [commune, from, to, before] : [commune, from, to],
        ),
      ) as LineRow[]
      return rows.map(lineHouseholdOf)
    },
    async placesAlong(communeCode, [from, to], limit, before) {
      const isBefore = before !== undefined
      const statement = prepared(`places ${limit} ${isBefore}`, () =>
        selected('parts, lat, lon', limit, isBefore),
      )
      const asked = [Number(communeCode), from, to]
      const rows = statement.all(isBefore ? [...asked, before] : asked) as PlaceRow[]
      return rows.map(linePlaceOf)
    },
  }
}

/** Fills the lines of households that were there before lines were (see migrations.ts). */
export function lineWriter(db: Database.Database, names: Names): LineWriter['writeLines'] {
  const mark = db.prepare('SELECT value FROM meta WHERE name = ?').pluck()
  const move = db.prepare("UPDATE meta SET value = ? WHERE name = 'lines'")
  const done = db.prepare("DELETE FROM meta WHERE name IN ('lines', 'lines_end')")
  const set = db.prepare('UPDATE households SET line = ? WHERE n = ?')
  const households = householdsReader(db, names)
  return async (lineOf, limit) => {
    const from = mark.get('lines') as number | undefined
    if (from === undefined) return false
    const last = mark.get('lines_end') as number
    const end = Math.min(from + limit - 1, last)
    for (const household of households(Array.from({ length: end - from + 1 }, (_, i) => from + i))) {
      const line = lineOf(household)
      if (line !== null) set.run(line, household.n)
    }
    if (end === last) done.run()
    else move.run(end + 1)
    return true
  }
}
