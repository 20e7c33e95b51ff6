import type Database from 'better-sqlite3'
import type { CoverageReader, CoverageWriter } from '../../registry/coverage/store.ts'
import type { StoredHousehold } from '../../registry/store.ts'
import { fiveDigits, provinceRange, STATUSES, twoDigits } from '../shared/codec.ts'
import { ALL, dateOf, dayOf, NAMES, NONE, tally, type Values, valuesOf, WHOLE } from '../shared/tallies.ts'

/**
 * Households counted by commune and day and by province and day (commune -1), in the transaction that changes them: a row
 * has what that day changed; `coverage_totals` has their sum over all days, which is what stands now. The states must equal
 * those of the step in migrations.ts that counts what was there.
 */
const COLUMNS = ALL.join(', ')
const SUMS = ALL.map((name) => `sum(${name})`).join(', ')
/** Adds values, in the order of ALL, to a place: a commune with its province, or all of a province. */
function adder(db: Database.Database) {
  const marks = ALL.map(() => '?').join(', ')
  const sums = ALL.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')
  const onDay = db.prepare(
    `INSERT INTO coverage (province, commune, day, ${COLUMNS}) VALUES (?, ?, ?, ${marks}) ON CONFLICT DO UPDATE SET ${sums}`,
  )
  const inAll = db.prepare(
    `INSERT INTO coverage_totals (province, commune, ${COLUMNS}) VALUES (?, ?, ${marks}) ON CONFLICT DO UPDATE SET ${sums}`,
  )
  return (province: number, commune: number, at: number, values: readonly number[]) => {
    const all = [...values, ...NONE.slice(values.length)]
    onDay.run(province, commune, dayOf(at), ...all)
    inAll.run(province, commune, ...all)
  }
}

/** Takes note of the households of a batch as they are before and after, and adds up at its end. */
export function coverageWriter(db: Database.Database) {
  const before = db
    .prepare(
      'SELECT province, commune, status, review IS NOT NULL, code IS NOT NULL FROM households WHERE n = ?',
    )
    .raw()
  const add = adder(db)
  /** By province * 100,000 + commune. */
  const changed = new Map<number, Values>()
  const count = (place: number, values: Values | null, sign: 1 | -1) => {
    if (!values) return
    const sum = changed.get(place)
    if (!sum) changed.set(place, values.map((value) => sign * value) as Values)
    else for (let i = 0; i < sum.length; i++) sum[i]! += sign * values[i]!
  }
  return {
    /** Call it before the household's row is changed. */
    leave(n: number) {
      const row = before.get(n) as [number, number, number, number, number] | undefined
      if (!row) return
      const [province, commune, status, review, coded] = row
      count(province * 100_000 + commune, valuesOf(STATUSES[status]!, review === 1, coded === 1), -1)
    },
    enter({ provinceCode, communeCode, status, review, vpostcode }: StoredHousehold) {
      const place = Number(provinceCode) * 100_000 + Number(communeCode)
      count(place, valuesOf(status, review.length > 0, vpostcode !== null), 1)
    },
    /** Writes the sums of the batch. */
    settle(at: number) {
      const provinces = new Map<number, Values>()
      const write = (province: number, commune: number, values: Values) => {
        if (values.some((value) => value !== 0)) add(province, commune, at, values)
      }
      for (const [place, values] of changed) {
        const province = Math.floor(place / 100_000)
        write(province, place % 100_000, values)
        const sum = provinces.get(province)
        if (sum) for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!
        else provinces.set(province, [...values])
      }
      for (const [province, values] of provinces) write(province, WHOLE, values)
      changed.clear()
    },
  }
}

/** A commune by its numbers. */
type Numbers = readonly [province: number, commune: number]

/** Counts sampled, checked and wrong households of a commune: what changed. */
export function sampleCounter(db: Database.Database) {
  const add = adder(db)
  return ([province, commune]: Numbers, at: number, values: readonly number[]) => {
    for (const place of [commune, WHOLE]) add(province, place, at, [...NAMES.map(() => 0), ...values])
  }
}

/** Counts open findings of a commune: how many more there are. */
export function findingCounter(db: Database.Database) {
  const add = adder(db)
  return ([province, commune]: Numbers, at: number, more: number) => {
    if (more === 0) return
    for (const place of [commune, WHOLE]) add(province, place, at, [...NONE.slice(1), more])
  }
}

export function coverageReader(db: Database.Database): CoverageReader {
  // One search in the key a province: without it SQLite reads all communes.
  const range =
    'WITH RECURSIVE asked (code) AS (SELECT ? UNION ALL SELECT code + 1 FROM asked WHERE code < ?)'
  const provinces = db
    .prepare(`SELECT province, ${COLUMNS} FROM coverage_totals WHERE commune = ${WHOLE} ORDER BY province`)
    .raw()
  const communes = db
    .prepare(
      `SELECT province, commune, ${COLUMNS} FROM coverage_totals
       WHERE province BETWEEN ? AND ? AND commune <> ${WHOLE} ORDER BY province, commune`,
    )
    .raw()
  const days = db
    .prepare(
      `${range} SELECT day, ${SUMS} FROM asked CROSS JOIN coverage ON province = code AND commune = ?
       GROUP BY day ORDER BY day`,
    )
    .raw()
  const targets = db.prepare('SELECT commune, households FROM targets ORDER BY commune').raw()
  return {
    provinceTallies: async () =>
      (provinces.all() as number[][]).map(([province, ...values]) => ({
        provinceCode: twoDigits(province!),
        ...tally(values),
      })),
    communeTallies: async (province) =>
      (communes.all(...provinceRange(province)) as number[][]).map(([province, commune, ...values]) => ({
        provinceCode: twoDigits(province!),
        communeCode: fiveDigits(commune!),
        ...tally(values),
      })),
    async dayTallies(place) {
      const commune = place?.communeCode ? Number(place.communeCode) : WHOLE
      const rows = days.all(...provinceRange(place?.provinceCode ?? null), commune) as number[][]
      return rows.map(([day, ...values]) => ({
        day: dateOf(day!),
        ...tally(values),
      }))
    },
    targets: async () =>
      (targets.all() as [number, number][]).map(([commune, households]) => ({
        communeCode: fiveDigits(commune),
        households,
      })),
  }
}

export function targetWriter(db: Database.Database): CoverageWriter {
  const write = db.prepare('REPLACE INTO targets (commune, households) VALUES (?, ?)')
  return {
    async writeTargets(targets) {
      for (const { communeCode, households } of targets) write.run(Number(communeCode), households)
    },
  }
}
