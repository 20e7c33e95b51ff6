import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { lineOf } from '../bulk/cells.ts'
import { load } from '../gazetteer/load.ts'
import type { CurrentCommune, Gazetteer, Province } from '../gazetteer/types.ts'
import {
  type CoverageLine,
  communeCoverage,
  dayCoverage,
  provinceCoverage,
  totalCoverage,
} from '../registry/coverage/coverage.ts'
import type { StoreReader } from '../registry/store.ts'
import { type Cell, dayCells, dayRow, lineCells, placeRow, table } from './coverageTable.ts'
import { UsageError } from './exit.ts'
import { given } from './files.ts'
import { readPlace } from './places.ts'
import { reading } from './store.ts'

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
    .description(
      'how far the coding is: households expected, coded, to visit, in review and verified, and the error measured by `review sample`',
    )
    .option('--province <CODE>', 'the communes of a province (two-digit code or name)')
    .option('--commune <CODE>', 'one commune, day by day (five-digit code)')
    .option(
      '--by <WHAT>',
      'province, commune, day or total (default: commune with --province, else province)',
    )
    .option('--format <NAME>', 'csv, json, or table: for people, with a total', 'csv')
    .option('-o, --output <OUT>', 'file (default: standard output)')
    .option('--db <FILE>', 'database (default: VPOSTCODE_DB, else data/vpostcode.db)')
    .action(async (options: Options) => {
      if (!['csv', 'json', 'table'].includes(options.format))
        throw new UsageError(`--format is csv, json or table, not "${options.format}"`)
      const output = given(options.output, '--output')
      const text = await reading(options.db, (store) => answer(store, options))
      if (output === undefined) process.stdout.write(text)
      else writeFileSync(output, text)
    })
}

async function answer(store: StoreReader, options: Options): Promise<string> {
  const gazetteer = load()
  const { province, commune } = readPlace(options, gazetteer) ?? { province: null, commune: null }
  const by = options.by ?? (commune ? 'day' : province ? 'commune' : 'province')
  if (by === 'day') {
    const place = province && { provinceCode: province.code, communeCode: commune?.code ?? null }
    const days = await dayCoverage(store, gazetteer, place)
    if (options.format === 'table') return table(days.map(dayRow), false)
    return options.format === 'json' ? json(days) : csv(days, dayCells)
  }
  if (by !== 'province' && by !== 'commune' && by !== 'total')
    throw new UsageError(`--by is province, commune, day or total, not "${by}"`)
  const lines = await linesOf(store, gazetteer, by, { province, commune })
  const total = totalCoverage(lines, headerOf(province, commune))
  const shown = by === 'total' ? [total] : lines
  if (options.format === 'json') return json(shown)
  if (options.format === 'csv') return csv(shown, lineCells)
  const hasTotal = by !== 'total' && lines.length > 1
  return table((hasTotal ? [...shown, total] : shown).map(placeRow), hasTotal)
}

async function linesOf(
  store: StoreReader,
  gazetteer: Gazetteer,
  by: 'province' | 'commune' | 'total',
  { province, commune }: { province: Province | null; commune: CurrentCommune | null },
): Promise<CoverageLine[]> {
  if (by === 'province' || (by === 'total' && !commune)) {
    const lines = await provinceCoverage(store, gazetteer)
    return province ? lines.filter(({ code }) => code === province.code) : lines
  }
  const lines: CoverageLine[] = []
  for (const one of province ? [province] : gazetteer.provinces)
    lines.push(...(await communeCoverage(store, gazetteer, one)))
  return commune ? lines.filter(({ code }) => code === commune.code) : lines
}

/** How a total is called. */
const headerOf = (province: Province | null, commune: CurrentCommune | null) => ({
  code: (commune ?? province)?.code ?? 'VN',
  name: (commune ?? province)?.fullName ?? 'Việt Nam',
  provinceCode: province?.code ?? '',
  provinceName: province?.fullName ?? '',
})

const json = (rows: readonly object[]) => `${JSON.stringify(rows, null, 2)}\n`
function csv<Row>(rows: readonly Row[], cells: (row: Row) => Record<string, Cell>): string {
  const columns = Object.keys(cells(rows[0] ?? ({} as Row)))
  const lines = rows.map((row) => Object.values(cells(row)).map((cell) => String(cell ?? '')))
  return [columns, ...lines].map((line) => `${lineOf(line, ',')}\n`).join('')
}
