import type Database from 'better-sqlite3'
import type { CoverageReader, CoverageWriter, Tally } from '../../registry/coverage/store.ts'
import type { StoredHousehold } from '../../registry/store.ts'
import { fiveDigits, STATUSES } from './codec.ts'

/**
 * Households counted by province, commune and day, in the transaction that changes them: a row has what that day changed, a
 * sum over days is what stands now. The states must equal those of the step in migrations.ts that counts what was there.
 */
const DAY = 86_400_000
/** Viet Nam is seven hours ahead of UTC and has no summer time. */
const OFFSET = 7 * 3_600_000

const NAMES = ['households', 'coded', 'visit', 'review', 'verified'] as const satisfies (keyof Tally)[]
const SUMS = NAMES.map((name) => `sum(${name})`).join(', ')

type Values = [households: number, coded: number, visit: number, review: number, verified: number]
const tally = (values: number[]): Tally => {
  const [households, coded, visit, review, verified] = values as Values
  return { households, coded, visit, review, verified }
}

/** What a household counts as. */
function valuesOf(status: string, review: boolean, coded: boolean): Values | null {
  if (status === 'alternative' || status === 'historical') return null
  return [1, Number(coded && !review), Number(!coded && !review), Number(review), Number(status === 'verified')]
}

/** Takes note of the households of a batch as they are before and after, and adds up at its end. */
export function coverageWriter(db: Database.Database) {
  const before = db
    .prepare('SELECT province, commune, status, review IS NOT NULL, code IS NOT NULL FROM households WHERE n = ?')
    .raw()
  const add = db.prepare(
    `INSERT INTO coverage (province, commune, day, ${NAMES.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET ${NAMES.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`,
  )
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
      const day = Math.floor((at + OFFSET) / DAY)
      for (const [place, values] of changed)
        if (values.some((value) => value !== 0))
          add.run(Math.floor(place / 100_000), place % 100_000, day, ...values)
      changed.clear()
    },
  }
}

export function coverageReader(db: Database.Database): CoverageReader {
  const all = db.prepare(`SELECT province, commune, ${SUMS} FROM coverage GROUP BY province, commune`).raw()
  const ofProvince = db
    .prepare(`SELECT province, commune, ${SUMS} FROM coverage WHERE province = ? GROUP BY commune`)
    .raw()
  const days = db
    .prepare(
      `SELECT day, ${SUMS} FROM coverage WHERE province BETWEEN ? AND ? AND commune BETWEEN ? AND ?
       GROUP BY day ORDER BY day`,
    )
    .raw()
  const targets = db.prepare('SELECT commune, households FROM targets ORDER BY commune').raw()
  return {
    async tallies(province) {
      const rows = (province === null ? all.all() : ofProvince.all(Number(province))) as number[][]
      return rows.map(([province, commune, ...values]) => ({
        provinceCode: String(province).padStart(2, '0'),
        communeCode: fiveDigits(commune!),
        ...tally(values),
      }))
    },
    async dayTallies(province, commune) {
      const range = (code: string | null) => (code === null ? [0, 99_999] : [Number(code), Number(code)])
      const rows = days.all(...range(province), ...range(commune)) as number[][]
      return rows.map(([day, ...values]) => ({
        day: new Date(day! * DAY).toISOString().slice(0, 10),
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
