import type Database from 'better-sqlite3'
import type {
  SampledHousehold,
  SampleReader,
  SampleRound,
  SampleWriter,
} from '../../registry/sample/store.ts'
import { keyRange, provinceRange } from '../shared/codec.ts'
import { CHECK } from '../shared/doubtRows.ts'
import {
  type CheckRow,
  type CommuneSampleRow,
  checkOf,
  communeSampleOf,
  counted,
  foundBy,
  GONE,
  LATEST,
  numbersOf,
  OPEN,
  RIGHT,
  requireChecked,
  requireOpen,
  SAMPLED,
  type SampledRow,
  STATES,
  sampledOf,
  VERDICTS,
  WRONG,
} from '../shared/sampleRows.ts'
import { sampleCounter } from './coverage.ts'
import { findingWriter } from './doubts.ts'

/** Asks for the household in the latest round of the commune where it was drawn last. */
function sampledReader(db: Database.Database): (n: number) => SampledHousehold | null {
  const sampled = db
    .prepare(`SELECT ${SAMPLED} WHERE s.n = ? AND ${LATEST} ORDER BY s.round DESC LIMIT 1`)
    .raw()
  return (n) => {
    const row = sampled.get(n) as SampledRow | undefined
    return row ? sampledOf(row) : null
  }
}

/** What can be asked inside a transaction too. */
function ofHousehold(db: Database.Database): Pick<SampleReader, 'sampled' | 'checksOf'> {
  const sampled = sampledReader(db)
  const checks = db
    .prepare(
      `SELECT round, n, at, actor, verdict, metres, found, undone_at, undone_by FROM checks WHERE n = ? ORDER BY id`,
    )
    .raw()
  return {
    sampled: async (n) => sampled(n),
    checksOf: async (n) => (checks.all(n) as CheckRow[]).map(checkOf),
  }
}

export function sampleReader(db: Database.Database): SampleReader {
  const latest = db.prepare(
    'SELECT round, seed, share, least, at, actor FROM sample_rounds ORDER BY round DESC LIMIT 1',
  )
  const communes = db
    .prepare(
      `SELECT province, commune, round, population, drawn, at FROM sample_communes s
       WHERE province BETWEEN ? AND ? AND ${LATEST} ORDER BY province, commune`,
    )
    .raw()
  // The key begins with the commune. 0 provisional, 1 verified.
  const coded = db
    .prepare(
      `SELECT n FROM households WHERE key BETWEEN ? AND ? AND province = ? AND code IS NOT NULL AND review IS NULL
         AND status IN (0, 1) ORDER BY n`,
    )
    .pluck()
  const toCheck = db
    .prepare(
      `SELECT ${SAMPLED} WHERE s.province = ? AND s.commune = ? AND ${LATEST} AND s.state = ${OPEN} ORDER BY s.n`,
    )
    .raw()
  return {
    ...ofHousehold(db),
    latestRound: async () => (latest.get() as SampleRound | undefined) ?? null,
    async communeSamples(provinceCode) {
      const rows = communes.all(...provinceRange(provinceCode))
      return (rows as CommuneSampleRow[]).map(communeSampleOf)
    },
    async codedOf({ provinceCode, communeCode }) {
      return coded.all(...keyRange(communeCode), Number(provinceCode)) as number[]
    },
    toCheck: async (place) => (toCheck.all(...numbersOf(place)) as SampledRow[]).map(sampledOf),
  }
}

export function sampleWriter(db: Database.Database): SampleWriter {
  const count = sampleCounter(db)
  const setFinding = findingWriter(db, CHECK)
  const reads = ofHousehold(db)
  const addRound = db.prepare(
    'INSERT INTO sample_rounds (round, seed, share, least, at, actor) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const states = db
    .prepare(
      `SELECT state, count(*) FROM sample_households s WHERE province = ? AND commune = ? AND ${LATEST} GROUP BY state`,
    )
    .raw()
  const addCommune = db.prepare(
    'INSERT INTO sample_communes (province, commune, round, population, drawn, at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const add = db.prepare('INSERT INTO sample_households (province, commune, round, n) VALUES (?, ?, ?, ?)')
  const addCheck = db.prepare(
    'INSERT INTO checks (n, round, at, actor, verdict, metres, found) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const undoCheck = db.prepare(
    'UPDATE checks SET undone_at = ?, undone_by = ? WHERE n = ? AND round = ? AND undone_at IS NULL',
  )
  const historical = db.prepare('SELECT status = 3 FROM households WHERE n = ?').pluck()
  const setState = stateSetter(db)
  const renewFinding = async (n: number, at: number) => setFinding(n, foundBy(await reads.checksOf(n)), at)
  return {
    ...reads,
    async writeRound({ round, seed, share, least, at, actor }) {
      addRound.run(round, seed, share, least, at, actor)
    },
    async writeSample({ provinceCode, communeCode, round, population, at }, ns) {
      const place = numbersOf({ provinceCode, communeCode })
      // The round before no longer counts.
      for (const [state, households] of states.all(...place) as [number, number][])
        count(
          place,
          at,
          counted(state).map((value) => -value * households),
        )
      addCommune.run(...place, round, population, ns.length, at)
      for (const n of ns) add.run(...place, round, n)
      count(place, at, [ns.length, 0, 0])
    },
    async writeCheck({ round, n, at, actor, verdict, metres, found }) {
      const household = await reads.sampled(n)
      requireOpen(household, n, round)
      const json = found === null ? null : JSON.stringify(found)
      addCheck.run(n, round, at, actor, VERDICTS.indexOf(verdict), metres, json)
      setState(household, verdict === 'right' ? RIGHT : WRONG, at)
      await renewFinding(n, at)
    },
    async undoCheck(n, at, actor) {
      const household = await reads.sampled(n)
      requireChecked(household, n)
      undoCheck.run(at, actor, n, household.round)
      setState(household, historical.get(n) ? GONE : OPEN, at)
      await renewFinding(n, at)
    },
  }
}

function stateSetter(db: Database.Database) {
  const count = sampleCounter(db)
  const set = db.prepare(
    'UPDATE sample_households SET state = ? WHERE province = ? AND commune = ? AND round = ? AND n = ?',
  )
  return (household: SampledHousehold, state: number, at: number) => {
    const place = numbersOf(household)
    const before = counted(STATES.indexOf(household.state))
    set.run(state, ...place, household.round, household.n)
    count(
      place,
      at,
      counted(state).map((value, i) => value - before[i]!),
    )
  }
}

/** Takes note that a household became historical, or is one no longer: what nobody checked drops out of its sample. */
export function sampleWatcher(db: Database.Database): (n: number, isHistorical: boolean, at: number) => void {
  const sampled = sampledReader(db)
  const setState = stateSetter(db)
  return (n, isHistorical, at) => {
    const household = sampled(n)
    if (household?.state === (isHistorical ? 'open' : 'gone'))
      setState(household, isHistorical ? GONE : OPEN, at)
  }
}
