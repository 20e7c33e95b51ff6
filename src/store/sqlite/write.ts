import type Database from 'better-sqlite3'
import type { Batch, HouseholdFields, Revision } from '../../registry/store.ts'
import { checkPoint } from '../shared/bounds.ts'
import { encodeHousehold, encodeVpostcode, HOUSEHOLD_COLUMNS } from '../shared/codec.ts'
import { bodyOf, EVENT_KINDS, PROVINCE_STEP } from '../shared/events.ts'
import { coverageWriter } from './coverage.ts'
import { decidedStreetsWriter } from './decidedStreets.ts'
import { findingWatcher } from './doubts.ts'
import { eraser } from './erase.ts'
import { historyReader, type Names } from './rows.ts'
import { sampleWatcher } from './samples.ts'
import { standsWriter } from './stands.ts'

/** Writes the changes of a batch in their order, each with its event. */
export function batchWriter(db: Database.Database, names: Names): (batch: Batch) => void {
  const nameId = nameWriter(db, names)
  const columns = HOUSEHOLD_COLUMNS.join(', ')
  const marks = HOUSEHOLD_COLUMNS.map(() => '?').join(', ')
  const insert = db.prepare(`INSERT INTO households (${columns}) VALUES (${marks})`)
  const update = db.prepare(`UPDATE households SET (${columns}) = (${marks}) WHERE n = ?`)
  const madeAt = db.prepare('SELECT created_at FROM households WHERE n = ? AND updated_at IS NULL').pluck()
  const addNumber = db.prepare('INSERT INTO external_ids (scheme, value, n) VALUES (?, ?, ?)')
  const dropNumber = db.prepare('DELETE FROM external_ids WHERE scheme = ? AND value = ?')
  const addAlias = db.prepare('REPLACE INTO aliases (code, until_at, n, from_at) VALUES (?, ?, ?, ?)')
  const addListRow = db.prepare('INSERT OR IGNORE INTO list_rows (n, list, row) VALUES (?, ?, ?)')
  const addEvent = db.prepare(
    'INSERT INTO events (id, n, kind, at, actor, job, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const lastEvent = db
    .prepare('SELECT id FROM events WHERE id > ? AND id < ? ORDER BY id DESC LIMIT 1')
    .pluck()
  const eventsOf = historyReader(db, names)
  const erase = eraser(db)
  const coverage = coverageWriter(db)
  const streets = decidedStreetsWriter(db)
  const watchSample = sampleWatcher(db)
  const watchFindings = findingWatcher(db)
  const writeStands = standsWriter(db)

  function writeNumbers(n: number, before: HouseholdFields, after: HouseholdFields) {
    for (const { scheme, value } of before.externalIds ?? []) dropNumber.run(nameId(scheme), value)
    for (const { scheme, value } of after.externalIds ?? []) addNumber.run(nameId(scheme), value, n)
  }

  /** The code that the household had becomes an alias, from when it was given until now. */
  function keepCode(n: number, vpostcode: string, until: number) {
    addAlias.run(encodeVpostcode(vpostcode), until, n, codeGiven(n, vpostcode) ?? until)
  }

  function codeGiven(n: number, vpostcode: string): number | undefined {
    // Most households change for the first time.
    const first = madeAt.get(n) as number | undefined
    if (first !== undefined) return first
    const given = eventsOf(n).findLast(
      ({ kind, after }) => kind === 'insert' || after?.vpostcode === vpostcode,
    )
    return given?.at
  }

  function writeUpdate({ household, before, after }: Revision, at: number, line: number | null) {
    if (after.vpostcode !== undefined && before.vpostcode) keepCode(household.n, before.vpostcode, at)
    update.run(...encodeHousehold(household, nameId, line), household.n)
    writeNumbers(household.n, before, after)
  }

  function eraseHousehold({ household }: Revision, fields: readonly (keyof HouseholdFields)[]) {
    erase(household.n, fields)
    update.run(...encodeHousehold(household, nameId, null), household.n)
  }

  return ({ changes, lineOf, list = '', listRows = [], stands = [], at, actor, job, reason = null }) => {
    const actorId = nameId(actor)
    const numbers = new Map<string, number>()
    const nextEvent = (province: string): number => {
      const from = Number(province) * PROVINCE_STEP
      const last = numbers.get(province) ?? (lastEvent.get(from, from + PROVINCE_STEP) as number) ?? from
      numbers.set(province, last + 1)
      return last + 1
    }
    for (const change of changes) {
      const { household, kind } = change
      checkPoint(household)
      if (kind !== 'insert') coverage.leave(household.n)
      coverage.enter(household)
      if (kind !== 'insert') streets.leave(household.n)
      streets.enter(household)
      const opensOrCloses =
        kind !== 'insert' && (change.after.status ?? change.after.cleared ?? change.erases) !== undefined
      if (opensOrCloses) watchFindings(household.n, -1, at)
      if (kind === 'insert') {
        insert.run(encodeHousehold(household, nameId, lineOf(household)))
        writeNumbers(household.n, {}, household)
      } else if (change.erases) eraseHousehold(change, change.erases)
      else writeUpdate(change, at, lineOf(household))
      if (kind !== 'insert' && change.after.status !== undefined)
        watchSample(household.n, household.status === 'historical', at)
      if (opensOrCloses) watchFindings(household.n, 1, at)
      const number = nextEvent(household.provinceCode)
      addEvent.run(number, household.n, EVENT_KINDS.indexOf(kind), at, actorId, job, bodyOf(change, reason))
    }
    coverage.settle(at)
    writeStands(stands)
    const listId = listRows.length > 0 ? nameId(list) : 0
    for (const { row, n } of listRows) addListRow.run(n, listId, row)
  }
}

/** Gives words their number, new ones a new one. */
function nameWriter(db: Database.Database, names: Names): (name: string) => number {
  const add = db.prepare('INSERT INTO names (name) VALUES (?)')
  const known = new Map<string, number>()
  return (name) => {
    let id = known.get(name) ?? names.find(name)
    if (id === null) {
      add.run(name)
      id = names.find(name)!
    }
    known.set(name, id)
    return id
  }
}
