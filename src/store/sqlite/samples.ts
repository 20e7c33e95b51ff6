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
  numbersOf,
  OPEN,
  RIGHT,
  type SampledRow,
  STATES,
  sampledOf,
  VERDICTS,
  WRONG,
} from '../shared/sampleRows.ts'
import { sampleCounter } from './coverage.ts'
import { findingWriter } from './doubts.ts'

/** The latest round of a commune; an alias of its row is `s`. */
const LATEST =
  's.round = (SELECT max(round) FROM sample_communes l WHERE l.province = s.province AND l.commune = s.commune)'
const SAMPLED = `SELECT s.province, s.commune, s.round, s.n, s.state, c.at FROM sample_households s
  JOIN sample_communes c ON c.province = s.province AND c.commune = s.commune AND c.round = s.round`

/** Asks for the household in the latest round of the commune where it was drawn last. */
function sampledReader(db: Database.Database): (n: number) => SampledHousehold | null {
  const sampled = db.prepare(`${SAMPLED} WHERE s.n = ? AND ${LATEST} ORDER BY s.round DESC LIMIT 1`).raw()
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
      `${SAMPLED} WHERE s.province = ? AND s.commune = ? AND ${LATEST} AND s.state = ${OPEN} ORDER BY s.n`,
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
  /** The latest check that stands is the finding, when it is wrong. */
  async function renewFinding(n: number, at: number) {
    const last = (await reads.checksOf(n)).findLast(({ undone }) => undone === null)
    setFinding(n, last && last.verdict !== 'right' ? foundBy(last) : null, at)
  }
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
      if (household?.round !== round || household.state !== 'open')
        throw new Error(`household ${n} waits for no check in round ${round}`)
      const json = found === null ? null : JSON.stringify(found)
      addCheck.run(n, round, at, actor, VERDICTS.indexOf(verdict), metres, json)
      setState(household, verdict === 'right' ? RIGHT : WRONG, at)
      await renewFinding(n, at)
    },
    async undoCheck(n, at, actor) {
      const household = await reads.sampled(n)
      if (household?.state !== 'right' && household?.state !== 'wrong')
        throw new Error(`household ${n} was not checked in its latest round`)
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
