import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { lineOf } from '../bulk/cells.ts'
import { load } from '../gazetteer/load.ts'
import {
  type CoverageDay,
  type CoverageLine,
  communeCoverage,
  dayCoverage,
  provinceCoverage,
} from '../registry/coverage/coverage.ts'
import type { StoreReader } from '../registry/store.ts'
import { Failure, UsageError } from './exit.ts'
import { given } from './files.ts'
import { readPlace } from './places.ts'
import { readSettings } from './settings.ts'
import { openReaderIfAny } from './store.ts'

interface Options {
  province?: string
  commune?: string
  by?: string
  format: string
  output?: string
  db?: string
}

/** `coverage`: how far the coding of households is. */
export function coverage(program: Command): void {
  program
    .command('coverage')
    .description('how far the coding is: households expected, coded, to visit, in review and verified')
    .option('--province <CODE>', 'the communes of a province (two-digit code or name)')
    .option('--commune <CODE>', 'one commune, day by day (five-digit code)')
    .option('--by <WHAT>', 'province, commune or day (default: commune with --province, else province)')
    .option('--format <NAME>', 'csv or json', 'csv')
    .option('-o, --output <OUT>', 'file (default: standard output)')
    .option('--db <FILE>', 'database (default: VPOSTCODE_DB, else data/vpostcode.db)')
    .action(async (options: Options) => {
      if (options.format !== 'csv' && options.format !== 'json')
        throw new UsageError(`--format is csv or json, not "${options.format}"`)
      const path = options.db ?? readSettings().db
      const store = await openReaderIfAny(path)
      if (!store) throw new Failure(`database ${path}: not there yet`)
      try {
        const text = await answer(store, options)
        const output = given(options.output, '--output')
        if (output === undefined) process.stdout.write(text)
        else writeFileSync(output, text)
      } finally {
        await store.close()
      }
    })
}

async function answer(store: StoreReader, options: Options): Promise<string> {
  const gazetteer = load()
  const { province, commune } = readPlace(options, gazetteer) ?? { province: null, commune: null }
  const by = options.by ?? (commune ? 'day' : province ? 'commune' : 'province')
  const written = options.format === 'json' ? json : csv
  if (by === 'day') {
    const place = province && { provinceCode: province.code, communeCode: commune?.code ?? null }
    return written(await dayCoverage(store, place), dayCells)
  }
  if (by === 'province') {
    const lines = await provinceCoverage(store, gazetteer)
    return written(province ? lines.filter(({ code }) => code === province.code) : lines, lineCells)
  }
  if (by !== 'commune') throw new UsageError(`--by is province, commune or day, not "${by}"`)
  const lines: CoverageLine[] = []
  for (const one of province ? [province] : gazetteer.provinces)
    lines.push(...(await communeCoverage(store, gazetteer, one)))
  return written(commune ? lines.filter(({ code }) => code === commune.code) : lines, lineCells)
}

const json = (rows: readonly object[]) => `${JSON.stringify(rows, null, 2)}\n`
function csv<Row>(rows: readonly Row[], cells: (row: Row) => Record<string, Cell>): string {
  const columns = Object.keys(cells(rows[0] ?? ({} as Row)))
  const lines = rows.map((row) => Object.values(cells(row)).map((cell) => String(cell ?? '')))
  return [columns, ...lines].map((line) => `${lineOf(line, ',')}\n`).join('')
}
type Cell = string | number | null

const percent = (part: number, whole: number | null) =>
  whole ? Math.round((10_000 * part) / whole) / 100 : null

const lineCells = (line: CoverageLine): Record<string, Cell> => ({
  code: line.code,
  name: line.name,
  province_code: line.provinceCode,
  province_name: line.provinceName,
  expected: line.expected,
  households: line.households,
  coded: line.coded,
  visit: line.visit,
  review: line.review,
  verified: line.verified,
  coded_percent: percent(line.coded, line.expected),
  verified_percent: percent(line.verified, line.coded),
})

const dayCells = (day: CoverageDay): Record<string, Cell> => ({
  day: day.day,
  households: day.households,
  coded: day.coded,
  visit: day.visit,
  review: day.review,
  verified: day.verified,
  households_by_then: day.householdsByThen,
  coded_by_then: day.codedByThen,
  verified_by_then: day.verifiedByThen,
})
