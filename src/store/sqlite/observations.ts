import type Database from 'better-sqlite3'
import type { ObservationReader, ObservationWriter } from '../../registry/observations/store.ts'
import { OBSERVED } from '../shared/doubtRows.ts'
import { FOUND, type ObservationRow, observationOf } from '../shared/observationRows.ts'
import { findingWriter } from './doubts.ts'

export function observationReader(db: Database.Database): ObservationReader {
  const all = db
    .prepare('SELECT actor, at, found, lat, lon, accuracy FROM observations WHERE n = ? ORDER BY at, actor')
    .raw()
  return {
    observationsOf: async (n) => (all.all(n) as ObservationRow[]).map((row) => observationOf(n, row)),
  }
}

export function observationWriter(db: Database.Database): ObservationWriter {
  const drop = db.prepare('DELETE FROM observations WHERE n = ?')
  const add = db.prepare(
    'REPLACE INTO observations (n, actor, at, found, lat, lon, accuracy) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const setFinding = findingWriter(db, OBSERVED)
  return {
    ...observationReader(db),
    async writeObservation({ n, actor, at, found, point }, alone) {
      if (alone) drop.run(n)
      add.run(
        n,
        actor,
        at,
        FOUND.indexOf(found),
        point?.lat ?? null,
        point?.lon ?? null,
        point?.accuracy ?? null,
      )
    },
    writeContradiction: async (n, finding, at) => setFinding(n, finding && { ...finding, other: null }, at),
  }
}
