import { userInfo } from 'node:os'
import { basename } from 'node:path'
import type { Command } from 'commander'
import { type AssignStart, type AssignSummary, assignFile } from '../bulk/assign.ts'
import { ROW_STATUSES } from '../bulk/result.ts'
import { load } from '../gazetteer/load.ts'
import { DONE_WITH_REJECTED, FAILED } from './exit.ts'
import { asFailure, given, threadsFor, untilSignal } from './files.ts'
import { readSettings } from './settings.ts'
import { openWriter } from './store.ts'
import { VERSION } from './version.ts'

interface Options {
  output?: string
  db?: string
  list?: string
  map: string[]
  threads?: string
}

/** `assign`: a file of households into the registry, with a result file beside it. */
export function assign(program: Command): void {
  program
    .command('assign')
    .description(
      'register the households of a CSV file and write each row with its Vpostcode to a result file',
    )
    .argument('FILE', 'CSV or other delimited text in UTF-8, UTF-16 or an old Vietnamese encoding')
    .option('-o, --output <OUT>', 'result file (default: FILE.result.csv)')
    .option('--db <FILE>', 'database (default: VPOSTCODE_DB, else data/vpostcode.db)')
    .option(
      '--list <NAME>',
      "the list that the rows belong to, the same across loads (default: the file's name)",
    )
    .option(
      '--map <HEADER=FIELD>',
      'what a column holds (may be repeated): address, houseNumber, street, hamlet, unit, commune, district, province, ' +
        'lat, lon, coordinates (both in one cell), externalId, none (leave it alone)',
      (entry: string, all: string[]) => [...all, entry],
      [],
    )
    .option('--threads <N>', 'worker threads, 0 = none (default: VPOSTCODE_THREADS, else cores - 1, 1 to 4)')
    .addHelpText(
      'after',
      '\nA run that was stopped or killed goes on where it was when the same command is given again.' +
        '\nThe result has all columns of FILE and then: status, household_id, vpostcode, ... (docs/files.md).',
    )
    .action(async (file: string, options: Options) => {
      const settings = readSettings()
      const summary = await assignWithMessages({
        input: file,
        output: given(options.output, '--output') ?? `${file}.result.csv`,
        db: options.db ?? settings.db,
        list: given(options.list, '--list') ?? basename(file),
        map: options.map,
        threads: threadsFor(options.threads),
      })
      if (!summary.finished) process.exitCode = FAILED
      else if (summary.counts.rejected) process.exitCode = DONE_WITH_REJECTED
    })
}

interface Work {
  input: string
  output: string
  db: string
  list: string
  map: string[]
  threads: number
}

/** Runs one file and tells on standard error what happens. `npm start` loads its sample through this too. */
export async function assignWithMessages(work: Work): Promise<AssignSummary> {
  const store = openWriter(work.db)
  try {
    const summary = await untilSignal(({ say, ...watch }) =>
      asFailure(() =>
        assignFile({
          ...work,
          ...watch,
          store,
          gazetteer: load(),
          engineVersion: VERSION,
          actor: actor(),
          onStart: (start) => say(startText(work, start)),
        }),
      ),
    )
    console.error(summaryText(work, summary))
    return summary
  } finally {
    await store.close()
  }
}

function actor(): string {
  try {
    return userInfo().username
  } catch {
    return 'system'
  }
}

/** Columns named that are left alone. */
const MOST_NAMED = 30

function startText(
  { input, output, db, list }: Work,
  { header, columns, notes, resumedAt }: AssignStart,
): string {
  const used = Object.entries(columns).map(([field, column]) => `  ${header[column]}  ->  ${field}`)
  const others = header.filter((_, i) => !Object.values(columns).includes(i))
  const named = others.slice(0, MOST_NAMED).join(', ')
  const more = others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} more` : ''
  return [
    `${input} -> ${output}`,
    `database ${db}, list "${list}"`,
    'columns:',
    ...used,
    ...(others.length > 0 ? [`not looked at, not stored: ${named}${more}`] : []),
    ...notes.map((note) => `note: ${note}`),
    ...(resumedAt > 0 ? [`going on after row ${resumedAt}, where the run before was stopped`] : []),
  ].join('\n')
}

function summaryText({ input }: Work, summary: AssignSummary): string {
  const { finished, rows, counts, blank, rejected, rowsNow, seconds, output } = summary
  const lines = finished
    ? [`${rows} rows in ${seconds.toFixed(1)} s (${Math.round(rowsNow / seconds)} rows/s)`]
    : [`stopped after ${rows} rows; give the same command again to go on with ${input}`]
  for (const status of ROW_STATUSES)
    if (counts[status]) lines.push(`  ${status.padEnd(10)} ${counts[status]}`)
  if (blank > 0) lines.push(`  (${blank} empty lines are no rows)`)
  for (const { line, reason } of rejected) lines.push(`rejected: line ${line}: ${reason}`)
  const unnamed = (counts.rejected ?? 0) - rejected.length
  if (unnamed > 0) lines.push(`rejected: ${unnamed} more, see the column "status"`)
  if (finished) lines.push(`result: ${output}`)
  return lines.join('\n')
}
