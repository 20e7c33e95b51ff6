import type Database from 'better-sqlite3'
import type { CoverageReader, CoverageWriter, Tally } from '../../registry/coverage/store.ts'
import type { StoredHousehold } from '../../registry/store.ts'
import { fiveDigits, provinceRange, STATUSES, twoDigits } from './codec.ts'

/**
 * Households counted by commune and day and by province and day (commune -1), in the transaction that changes them: a row
 * has what that day changed, a sum over days is what stands now. The states must equal those of the step in migrations.ts
 * that counts what was there.
 */
const DAY = 86_400_000
/** Viet Nam is seven hours ahead of UTC and has no summer time. */
const OFFSET = 7 * 3_600_000
const dayOf = (at: number) => Math.floor((at + OFFSET) / DAY)

const NAMES = ['households', 'coded', 'visit', 'review', 'verified'] as const satisfies (keyof Tally)[]
const OF_SAMPLE = ['sampled', 'checked', 'wrong'] as const satisfies (keyof Tally)[]
const ALL = [...NAMES, ...OF_SAMPLE]
const SUMS = ALL.map((name) => `sum(${name})`).join(', ')

type Values = [households: number, coded: number, visit: number, review: number, verified: number]
const tally = (values: number[]): Tally =>
  Object.fromEntries(ALL.map((name, i) => [name, values[i]!])) as unknown as Tally

/** What a household counts as. */
function valuesOf(status: string, review: boolean, coded: boolean): Values | null {
  if (status === 'alternative' || status === 'historical') return null
  return [
    1,
    Number(coded && !review),
    Number(!coded && !review),
    Number(review),
    Number(status === 'verified'),
  ]
}

/** In the place of a commune: all of the province. */
const WHOLE = -1

/** Takes note of the households of a batch as they are before and after, and adds up at its end. */
export function coverageWriter(db: Database.Database) {
  const before = db
    .prepare(
      'SELECT province, commune, status, review IS NOT NULL, code IS NOT NULL FROM households WHERE n = ?',
    )
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
      const day = dayOf(at)
      const provinces = new Map<number, Values>()
      const write = (province: number, commune: number, values: Values) => {
        if (values.some((value) => value !== 0)) add.run(province, commune, day, ...values)
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

/** Counts sampled, checked and wrong households of a commune: what the day changed. */
export function sampleCounter(db: Database.Database) {
  const zeros = NAMES.map(() => '0').join(', ')
  const add = db.prepare(
    `INSERT INTO coverage (province, commune, day, ${ALL.join(', ')}) VALUES (?, ?, ?, ${zeros}, ?, ?, ?)
     ON CONFLICT DO UPDATE SET ${OF_SAMPLE.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`,
  )
  return ([province, commune]: readonly [number, number], at: number, values: readonly number[]) => {
    for (const place of [commune, WHOLE]) add.run(province, place, dayOf(at), ...values)
  }
}

export function coverageReader(db: Database.Database): CoverageReader {
  // One search in the key a province: without it SQLite reads all communes.
  const range =
    'WITH RECURSIVE asked (code) AS (SELECT ? UNION ALL SELECT code + 1 FROM asked WHERE code < ?)'
  const provinces = db
    .prepare(
      `${range} SELECT province, ${SUMS} FROM asked CROSS JOIN coverage ON province = code AND commune = ${WHOLE}
       GROUP BY province`,
    )
    .raw()
  const communes = db
    .prepare(
      `SELECT commune, ${SUMS} FROM coverage WHERE province = ? AND commune <> ${WHOLE} GROUP BY commune`,
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
      (provinces.all(...provinceRange(null)) as number[][]).map(([province, ...values]) => ({
        provinceCode: twoDigits(province!),
        ...tally(values),
      })),
    communeTallies: async (province) =>
      (communes.all(Number(province)) as number[][]).map(([commune, ...values]) => ({
        communeCode: fiveDigits(commune!),
        ...tally(values),
      })),
    async dayTallies(place) {
      const commune = place?.communeCode ? Number(place.communeCode) : WHOLE
      const rows = days.all(...provinceRange(place?.provinceCode ?? null), commune) as number[][]
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
