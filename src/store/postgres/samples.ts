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
import { change, column, one, type Queryable, rows } from './connection.ts'
import { Counter } from './coverage.ts'
import { writeFinding } from './doubts.ts'

/** The households that are in a latest round, each in the last one that drew it. */
async function readSampled(db: Queryable, ns: readonly number[]): Promise<SampledHousehold[]> {
  if (ns.length === 0) return []
  const found = await rows<SampledRow>(
    db,
    `SELECT DISTINCT ON (s.n) ${SAMPLED} WHERE s.n = ANY($1::bigint[]) AND ${LATEST} ORDER BY s.n, s.round DESC`,
    ns,
  )
  return found.map(sampledOf)
}

/** What can be asked inside a transaction too. */
const ofHousehold = (db: Queryable): Pick<SampleReader, 'sampled' | 'checksOf'> => ({
  sampled: async (n) => (await readSampled(db, [n]))[0] ?? null,
  checksOf: async (n) =>
    (
      await rows<CheckRow>(
        db,
        `SELECT round, n, at, actor, verdict, metres, found, undone_at, undone_by FROM checks WHERE n = $1 ORDER BY id`,
        n,
      )
    ).map(checkOf),
})

export function sampleReader(db: Queryable): SampleReader {
  return {
    ...ofHousehold(db),
    async latestRound() {
      const [row] = await rows<[number, string, number, number, number, string]>(
        db,
        'SELECT round, seed, share, least, at, actor FROM sample_rounds ORDER BY round DESC LIMIT 1',
      )
      if (!row) return null
      const [round, seed, share, least, at, actor] = row
      return { round, seed, share, least, at, actor } satisfies SampleRound
    },
    async communeSamples(provinceCode) {
      const found = await rows<CommuneSampleRow>(
        db,
        `SELECT province, commune, round, population, drawn, at FROM sample_communes s
         WHERE province BETWEEN $1 AND $2 AND ${LATEST} ORDER BY province, commune`,
        ...provinceRange(provinceCode),
      )
      return found.map(communeSampleOf)
    },
    codedOf: ({ provinceCode, communeCode }) =>
      // The key begins with the commune. 0 provisional, 1 verified.
      column<number>(
        db,
        `SELECT n FROM households WHERE key BETWEEN $1 AND $2 AND province = $3 AND code IS NOT NULL AND review IS NULL
           AND status IN (0, 1) ORDER BY n`,
        ...keyRange(communeCode),
        Number(provinceCode),
      ),
    async toCheck(place) {
      const found = await rows<SampledRow>(
        db,
        `SELECT ${SAMPLED} WHERE s.province = $1 AND s.commune = $2 AND ${LATEST} AND s.state = ${OPEN} ORDER BY s.n`,
        ...numbersOf(place),
      )
      return found.map(sampledOf)
    },
  }
}

export function sampleWriter(db: Queryable): SampleWriter {
  const reads = ofHousehold(db)
  const renewFinding = async (n: number, at: number) =>
    writeFinding(db, CHECK, n, foundBy(await reads.checksOf(n)), at)
  async function setState(household: SampledHousehold, state: number, at: number) {
    const counter = new Counter()
    await setStates(db, [household], state, counter)
    await counter.write(db, at)
  }
  return {
    ...reads,
    async writeRound({ round, seed, share, least, at, actor }) {
      await change(
        db,
        'INSERT INTO sample_rounds (round, seed, share, least, at, actor) VALUES ($1, $2, $3, $4, $5, $6)',
        ...[round, seed, share, least, at, actor],
      )
    },
    async writeSample({ provinceCode, communeCode, round, population, at }, ns) {
      const place = numbersOf({ provinceCode, communeCode })
      const counter = new Counter()
      const before = await rows<[number, number]>(
        db,
        `SELECT state, count(*) FROM sample_households s WHERE province = $1 AND commune = $2 AND ${LATEST} GROUP BY state`,
        ...place,
      )
      // The round before no longer counts.
      for (const [state, households] of before) counter.addSample(...place, counted(state), -households)
      await change(
        db,
        `INSERT INTO sample_communes (province, commune, round, population, drawn, at) VALUES ($1, $2, $3, $4, $5, $6)`,
        ...[...place, round, population, ns.length, at],
      )
      await change(
        db,
        'INSERT INTO sample_households (province, commune, round, n) SELECT $1, $2, $3, unnest($4::bigint[])',
        ...[...place, round, ns],
      )
      counter.addSample(...place, [ns.length, 0, 0])
      await counter.write(db, at)
    },
    async writeCheck({ round, n, at, actor, verdict, metres, found }) {
      const household = await reads.sampled(n)
      requireOpen(household, n, round)
      await change(
        db,
        `INSERT INTO checks (province, n, round, at, actor, verdict, metres, found)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        ...[Number(household.provinceCode), n, round, at, actor, VERDICTS.indexOf(verdict), metres],
        found === null ? null : JSON.stringify(found),
      )
      await setState(household, verdict === 'right' ? RIGHT : WRONG, at)
      await renewFinding(n, at)
    },
    async undoCheck(n, at, actor) {
      const household = await reads.sampled(n)
      requireChecked(household, n)
      await change(
        db,
        'UPDATE checks SET undone_at = $1, undone_by = $2 WHERE n = $3 AND round = $4 AND undone_at IS NULL',
        ...[at, actor, n, household.round],
      )
      const isHistorical = await one<boolean>(
        db,
        'SELECT h.status = 3 FROM directory d JOIN households h ON h.province = d.province AND h.n = d.n WHERE d.n = $1',
        n,
      )
      await setState(household, isHistorical ? GONE : OPEN, at)
      await renewFinding(n, at)
    },
  }
}

async function setStates(
  db: Queryable,
  households: readonly SampledHousehold[],
  state: number,
  counter: Counter,
): Promise<void> {
  if (households.length === 0) return
  const places = households.map(numbersOf)
  await change(
    db,
    `UPDATE sample_households s SET state = $1
     FROM unnest($2::smallint[], $3::integer[], $4::integer[], $5::bigint[]) u (province, commune, round, n)
     WHERE s.province = u.province AND s.commune = u.commune AND s.round = u.round AND s.n = u.n`,
    state,
    places.map(([province]) => province),
    places.map(([, commune]) => commune),
    households.map(({ round }) => round),
    households.map(({ n }) => n),
  )
  for (const [i, household] of households.entries()) {
    counter.addSample(...places[i]!, counted(STATES.indexOf(household.state)), -1)
    counter.addSample(...places[i]!, counted(state))
  }
}

/** Takes note that households became historical, or are so no longer: what nobody checked drops out of its sample. */
export async function watchSamples(
  db: Queryable,
  historical: ReadonlyMap<number, boolean>,
  counter: Counter,
): Promise<void> {
  const sampled = await readSampled(db, [...historical.keys()])
  const leaving = sampled.filter(({ n, state }) => historical.get(n) && state === 'open')
  const returning = sampled.filter(({ n, state }) => !historical.get(n) && state === 'gone')
  await setStates(db, leaving, GONE, counter)
  await setStates(db, returning, OPEN, counter)
}
