import { type Command, Option } from 'commander'
import { exportFile } from '../bulk/export.ts'
import { FORMATS, type Format, formatOf } from '../bulk/formats.ts'
import type { Job } from '../registry/jobStore.ts'
import type { HouseholdFilter } from '../registry/store.ts'
import { FAILED, UsageError } from './exit.ts'
import { circumstances } from './fileJob.ts'
import { asFailure, given, untilSignal } from './files.ts'
import { dropOldResults, resultLine } from './jobTexts.ts'
import { DB_OPTION, readSettings } from './settings.ts'
import { openJobs, openReader, openSnapshot } from './store.ts'

/** The kind of its jobs. */
export const EXPORT = 'export'
const STATUSES = ['provisional', 'verified', 'alternative', 'historical'] as const

interface Flags extends HouseholdFilter {
  output: string
  db?: string
  format?: Format
}

/** `export`: households of the registry to a file. */
export function exportHouseholds(program: Command): void {
  program
    .command(EXPORT)
    .description('write the households of the registry, as they are at one moment, to a file')
    .requiredOption('-o, --output <OUT>', 'the file')
    .option(...DB_OPTION)
    .addOption(new Option('--format <FORMAT>', 'default: by the ending of OUT, else csv').choices(FORMATS))
    .option('--province <CODE>', 'only this province: its two digits')
    .option('--commune <CODE>', 'only this commune: its five digits')
    .addOption(new Option('--status <STATUS>', 'only households of this status').choices(STATUSES))
    .option('--list <NAME>', 'only households that loads of this list made or changed')
    .addHelpText(
      'after',
      '\nIn CSV a text that a spreadsheet would run as a formula gets an apostrophe before it; the other formats have it as it is.',
    )
    .action(async ({ output, db, format, province, commune, status, list }: Flags) => {
      if (province !== undefined && !/^\d\d$/.test(province))
        throw new UsageError('--province must be two digits')
      if (commune !== undefined && !/^\d{5}$/.test(commune))
        throw new UsageError('--commune must be five digits')
      await runExport({
        output: given(output, '--output')!,
        db: db ?? readSettings().db,
        format: format ?? formatOf(output),
        filter: { province, commune, status, list: given(list, '--list') },
      })
    })
}

/** An export that was stopped is done anew, under its number. */
export const resumeExport = ({ id, output, options }: Job, db: string): Promise<void> =>
  runExport({
    output,
    db,
    format: options['format'] as Format,
    filter: options['filter'] as HouseholdFilter,
    only: id,
  })

interface Work {
  output: string
  db: string
  format: Format
  filter: HouseholdFilter
  only?: number
}

async function runExport({ db, ...work }: Work): Promise<void> {
  const jobs = await openJobs(db)
  const reader = await openReader(db)
  const snapshot = await openSnapshot(db)
  try {
    for (const path of await dropOldResults(jobs)) console.error(`removed after its time: ${path}`)
    const { job, ending, rows, seconds, output } = await untilSignal((watch) =>
      asFailure(() =>
        exportFile({
          ...circumstances(),
          ...work,
          ...watch,
          input: db,
          snapshot,
          jobs,
          store: reader,
        }),
      ),
    )
    console.error(`job ${job}: ${rows} households in ${seconds.toFixed(1)} s, ${ending}`)
    if (ending === 'done') console.error(resultLine(output))
    else {
      console.error(
        ending === 'paused' ? `to begin anew: vpostcode jobs resume ${job}` : 'nothing is left of it',
      )
      process.exitCode = FAILED
    }
  } finally {
    await snapshot.close()
    await reader.close()
    await jobs.close()
  }
}
