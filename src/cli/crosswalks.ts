import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { lineOf } from '../bulk/cells.ts'
import {
  CROSSWALK_FIELDS,
  type CrosswalkReject,
  crosswalkColumns,
  MOST_SCHEMES,
  readCrosswalk,
  SCHEME,
} from '../bulk/crosswalkTable.ts'
import { FileRefused } from '../bulk/files.ts'
import { giveFreeName, rejectsPath } from '../bulk/rejects.ts'
import { readTable } from '../bulk/table.ts'
import { load } from '../gazetteer/load.ts'
import type { Era } from '../gazetteer/types.ts'
import { isDay } from '../text/day.ts'
import { collect } from './collect.ts'
import { DONE_WITH_REJECTED, Failure, UsageError } from './exit.ts'
import { asFailure, given } from './files.ts'
import { DB_OPTION, readSettings } from './settings.ts'
import { openBeside, openExisting, reading } from './store.ts'

const MOST_ROWS = 50_000

interface ImportOptions {
  map: string[]
  era?: string
  asOf?: string
  rejects?: string
  dryRun?: true
  db?: string
}

/** `import crosswalk`: a carrier's own ids of units; `crosswalks`: which are loaded. */
export function crosswalks(program: Command): void {
  const group = program.commands.find((command) => command.name() === 'import') ?? program.command('import')
  group
    .command('crosswalk')
    .description("a carrier's or platform's own ids of units, in the place of those loaded for it before")
    .argument('SCHEME', 'what answers call it: small letters, digits and hyphens')
    .argument(
      'FILE',
      'CSV in UTF-8 whose columns hold id, name and, for our unit, its code (unit) or its names (commune, district, province)',
    )
    .option(
      '--map <HEADER=FIELD>',
      `what a column holds (may be repeated): ${CROSSWALK_FIELDS.join(', ')}`,
      collect,
      [],
    )
    .option(
      '--era <ERA>',
      'of its units: current, or former (before July 2025); needed for codes without a column era',
    )
    .option('--as-of <DATE>', 'the date of the list, like 2026-10-01')
    .option('--rejects <FILE>', 'where rows that cannot be used go (default: FILE.rejects.csv)')
    .option('--dry-run', 'says what would be loaded, changes nothing')
    .option(...DB_OPTION)
    .action((scheme: string, file: string, options: ImportOptions) =>
      asFailure(() => importCrosswalk(scheme, file, options)),
    )

  const own = program.command('crosswalks').description("carriers' ids of units that are loaded")
  own
    .command('list', { isDefault: true })
    .description('the schemes with their date and how many units each names')
    .option(...DB_OPTION)
    .action(({ db }: { db?: string }) =>
      reading(db, async (store) => {
        for (const { entries, loadedAt, ...head } of await store.crosswalks())
          console.log(
            JSON.stringify({ ...head, loadedAt: new Date(loadedAt).toISOString(), ...countByEra(entries) }),
          )
      }),
    )
  own
    .command('remove')
    .description('take a scheme out of the answers')
    .argument('SCHEME')
    .option(...DB_OPTION)
    .action(async (scheme: string, { db = readSettings().db }: { db?: string }) => {
      await (await openExisting(db)).close()
      const store = await openBeside(db)
      try {
        if (!(await store.transaction((tx) => tx.removeCrosswalk(scheme))))
          throw new Failure(`there is no crosswalk "${scheme}"`)
      } finally {
        await store.close()
      }
    })
}

const countByEra = (entries: readonly { era: Era }[]) => ({
  current: entries.filter(({ era }) => era === 'current').length,
  former: entries.filter(({ era }) => era === 'former').length,
})

async function importCrosswalk(scheme: string, file: string, options: ImportOptions): Promise<void> {
  const { era = null, asOf = null, map, dryRun = false } = options
  if (!SCHEME.test(scheme))
    throw new UsageError(
      `SCHEME "${scheme}" is not 1 to 40 small letters, digits and hyphens, a letter first`,
    )
  if (era !== null && era !== 'current' && era !== 'former')
    throw new UsageError(`--era is current or former, not "${era}"`)
  if (asOf !== null && !isDay(asOf)) throw new UsageError(`--as-of "${asOf}" is no date like 2026-10-01`)
  const rejectsFile = given(options.rejects, '--rejects')
  const rows = readTable(file, [])
  if (rows.length === 0) throw new FileRefused(`${file} has no rows.`)
  if (rows.length > MOST_ROWS)
    throw new FileRefused(`${file} has ${rows.length} rows; at most ${MOST_ROWS} are read.`)
  const columns = crosswalkColumns(Object.keys(rows[0]!), map)
  const { entries, rejects } = readCrosswalk(rows, columns, load(), era)
  const count = (status: CrosswalkReject['status']) => rejects.filter((one) => one.status === status).length
  const path =
    rejects.length === 0 ? null : writeRejected(rejects, rejectsFile ?? rejectsPath(file, file, false))
  console.log(
    JSON.stringify({
      scheme,
      asOf,
      rows: rows.length,
      matched: rows.length - rejects.length,
      unmatched: count('unmatched'),
      ambiguous: count('ambiguous'),
      units: entries.length,
      ...countByEra(entries),
      rejects: path,
      dryRun,
    }),
  )
  if (entries.length === 0) throw new Failure('no row names a unit that is known: nothing was changed')
  if (rejects.length > 0) process.exitCode = DONE_WITH_REJECTED
  if (dryRun) return
  const store = await openBeside(options.db ?? readSettings().db)
  try {
    const known = await store.crosswalks()
    if (known.length >= MOST_SCHEMES && !known.some((one) => one.scheme === scheme))
      throw new Failure(`there are ${known.length} crosswalks already; remove one first`)
    await store.transaction((tx) => tx.writeCrosswalk({ scheme, asOf, loadedAt: Date.now(), entries }))
  } finally {
    await store.close()
  }
}

/** The rows as they stood, with their line and the reason. Answers the path: a file that is there is not written over. */
function writeRejected(rejects: readonly CrosswalkReject[], path: string): string {
  const header = Object.keys(rejects[0]!.row)
  const lines = [
    [...header, 'line', 'status', 'reason'],
    ...rejects.map(({ row, line, status, reason }) => [
      ...header.map((name) => row[name]!),
      String(line),
      status,
      reason,
    ]),
  ]
  const part = join(dirname(path), `.${process.pid}.rejects.part`)
  writeFileSync(part, lines.map((cells) => `${lineOf(cells, ',')}\n`).join(''), { mode: 0o600 })
  return giveFreeName(part, path)
}
