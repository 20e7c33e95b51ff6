import type { CoverageReader, CoverageWriter } from '../../registry/coverage/store.ts'
import { fiveDigits, provinceRange, twoDigits } from '../shared/codec.ts'
import { ALL, dateOf, dayOf, NAMES, NONE, tally, WHOLE } from '../shared/tallies.ts'
import { change, type Queryable, rows } from './connection.ts'

/** Households counted by commune and day and by province and day (commune -1); see store/sqlite/coverage.ts. */
const COLUMNS = ALL.join(', ')
const SUMS = ALL.map((name) => `sum(${name})`).join(', ')

/** Differences of the counts of places, gathered and written at once. */
export class Counter {
  /** By province * 100,000 + commune. */
  readonly #places = new Map<number, number[]>()

  /** `values` in the order of ALL; those behind them are 0. */
  add(province: number, commune: number, values: readonly number[], times = 1): void {
    const place = province * 100_000 + commune
    const sum = this.#places.get(place) ?? [...NONE]
    for (const [i, value] of values.entries()) sum[i]! += times * value
    this.#places.set(place, sum)
  }
  /** sampled, checked, wrong. */
  addSample(province: number, commune: number, values: readonly number[], times = 1): void {
    this.add(province, commune, [...NAMES.map(() => 0), ...values], times)
  }
  addFindings(province: number, commune: number, more: number): void {
    this.add(province, commune, [...NONE.slice(1), more])
  }

  /** Rows are taken in their order, so that two writers cannot wait for each other in a circle. */
  async write(db: Queryable, at: number): Promise<void> {
    const sums = new Map<string, [province: number, commune: number, values: number[]]>()
    for (const [place, values] of this.#places) {
      if (values.every((value) => value === 0)) continue
      const [province, commune] = [Math.floor(place / 100_000), place % 100_000]
      for (const code of [WHOLE, commune]) {
        const known = sums.get(`${province} ${code}`)
        if (known) for (const [i, value] of values.entries()) known[2][i]! += value
        else sums.set(`${province} ${code}`, [province, code, [...values]])
      }
    }
    this.#places.clear()
    const changed = [...sums.values()]
      .filter(([, , values]) => values.some((value) => value !== 0))
      .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    if (changed.length === 0) return
    const places = [changed.map(([province]) => province), changed.map(([, commune]) => commune)]
    const columns = ALL.map((_, i) => changed.map(([, , values]) => values[i]!))
    await change(
      db,
      ON_DAY,
      ...places,
      changed.map(() => dayOf(at)),
      ...columns,
    )
    await change(db, IN_ALL, ...places, ...columns)
  }
}
const arrays = (first: number) => ALL.map((_, i) => `$${first + i}::bigint[]`).join(', ')
const adding = (table: string) =>
  ALL.map((name) => `${name} = ${table}.${name} + excluded.${name}`).join(', ')
const ON_DAY = `INSERT INTO coverage (province, commune, day, ${COLUMNS})
  SELECT * FROM unnest($1::smallint[], $2::integer[], $3::integer[], ${arrays(4)})
  ON CONFLICT (province, commune, day) DO UPDATE SET ${adding('coverage')}`
const IN_ALL = `INSERT INTO coverage_totals (province, commune, ${COLUMNS})
  SELECT * FROM unnest($1::smallint[], $2::integer[], ${arrays(3)})
  ON CONFLICT (province, commune) DO UPDATE SET ${adding('coverage_totals')}`

export const coverageReader = (db: Queryable): CoverageReader => ({
  async provinceTallies() {
    const found = await rows<number[]>(
      db,
      `SELECT province, ${COLUMNS} FROM coverage_totals WHERE commune = ${WHOLE} ORDER BY province`,
    )
    return found.map(([province, ...values]) => ({ provinceCode: twoDigits(province!), ...tally(values) }))
  },
  async communeTallies(province) {
    const found = await rows<number[]>(
      db,
      `SELECT province, commune, ${COLUMNS} FROM coverage_totals
       WHERE province BETWEEN $1 AND $2 AND commune <> ${WHOLE} ORDER BY province, commune`,
      ...provinceRange(province),
    )
    return found.map(([province, commune, ...values]) => ({
      provinceCode: twoDigits(province!),
      communeCode: fiveDigits(commune!),
      ...tally(values),
    }))
  },
  async dayTallies(place) {
    const found = await rows<number[]>(
      db,
      `SELECT day, ${SUMS} FROM coverage WHERE province BETWEEN $1 AND $2 AND commune = $3 GROUP BY day ORDER BY day`,
      ...provinceRange(place?.provinceCode ?? null),
      place?.communeCode ? Number(place.communeCode) : WHOLE,
    )
    return found.map(([day, ...values]) => ({ day: dateOf(day!), ...tally(values) }))
  },
  async targets() {
    const found = await rows<[number, number]>(db, 'SELECT commune, households FROM targets ORDER BY commune')
    return found.map(([commune, households]) => ({ communeCode: fiveDigits(commune), households }))
  },
})

export const targetWriter = (db: Queryable): CoverageWriter => ({
  async writeTargets(targets) {
    const last = [...new Map(targets.map((target) => [target.communeCode, target.households]))]
    await change(
      db,
      `INSERT INTO targets (commune, households) SELECT * FROM unnest($1::integer[], $2::bigint[])
       ON CONFLICT (commune) DO UPDATE SET households = excluded.households`,
      last.map(([code]) => Number(code)),
      last.map(([, households]) => households),
    )
  },
})
