import type { ObservationReader, ObservationWriter } from '../../registry/observations/store.ts'
import { OBSERVED } from '../shared/doubtRows.ts'
import { FOUND, type ObservationRow, observationOf } from '../shared/observationRows.ts'
import { change, type Queryable, rows } from './connection.ts'
import { writeFinding } from './doubts.ts'

export const observationReader = (db: Queryable): ObservationReader => ({
  async observationsOf(n) {
    const found = await rows<ObservationRow>(
      db,
      'SELECT actor, at, found, lat, lon, accuracy FROM observations WHERE n = $1 ORDER BY at, actor',
      n,
    )
    return found.map((row) => observationOf(n, row))
  },
})

export const observationWriter = (db: Queryable): ObservationWriter => ({
  ...observationReader(db),
  async writeObservation({ n, actor, at, found, point }, alone) {
    if (alone) await change(db, 'DELETE FROM observations WHERE n = $1', n)
    await change(
      db,
      `INSERT INTO observations (province, n, actor, at, found, lat, lon, accuracy)
       SELECT province, n, $2, $3, $4, $5, $6, $7 FROM directory WHERE n = $1
       ON CONFLICT (province, n, actor) DO UPDATE SET at = excluded.at, found = excluded.found, lat = excluded.lat,
         lon = excluded.lon, accuracy = excluded.accuracy`,
      n,
      actor,
      at,
      FOUND.indexOf(found),
      point?.lat ?? null,
      point?.lon ?? null,
      point?.accuracy ?? null,
    )
  },
  writeContradiction: (n, finding, at) =>
    writeFinding(db, OBSERVED, n, finding && { ...finding, other: null }, at),
})
