import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { coverageCsv, dayCells, lineCells } from '../bulk/coverageCsv.ts'
import { load } from '../gazetteer/load.ts'
import { coverageLines, dayCoverage } from '../registry/coverage/coverage.ts'
import type { StoreReader } from '../registry/store.ts'
import { dayRow, placeRow, table } from './coverageTable.ts'
import { UsageError } from './exit.ts'
import { given } from './files.ts'
import { readPlace } from './places.ts'
import { DB_OPTION } from './settings.ts'
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
    .option(...DB_OPTION)
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
    return options.format === 'json' ? json(days) : coverageCsv(days, dayCells)
  }
  if (by !== 'province' && by !== 'commune' && by !== 'total')
    throw new UsageError(`--by is province, commune, day or total, not "${by}"`)
  const { lines, total } = await coverageLines(store, gazetteer, by, { province, commune })
  if (options.format === 'json') return json(lines)
  if (options.format === 'csv') return coverageCsv(lines, lineCells)
  const hasTotal = by !== 'total' && lines.length > 1
  return table((hasTotal ? [...lines, total] : lines).map(placeRow), hasTotal)
}

const json = (rows: readonly object[]) => `${JSON.stringify(rows, null, 2)}\n`
