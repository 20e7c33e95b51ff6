#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { FAILED, Failure, USAGE, UsageError } from './exit.ts'
import { SettingsError } from './settings.ts'
import { VERSION } from './version.ts'

/** Adds a command to the program. */
type Adds = (program: Command) => void
/**
 * The commands in the order of the help: the first word of each, and where it is. Only the one that was asked for is loaded:
 * all of them take longer to read than most have to do.
 */
const COMMANDS: readonly (readonly [word: string, load: () => Promise<Adds>])[] = [
  ['assign', async () => (await import('./assign.ts')).assign],
  ['geocode', async () => (await import('./assign.ts')).geocode],
  ['reverse', async () => (await import('./assign.ts')).reverse],
  ['convert', async () => (await import('./convert.ts')).convert],
  ['reassign', async () => (await import('./reassign.ts')).reassign],
  ['export', async () => (await import('./export.ts')).exportHouseholds],
  ['publish', async () => (await import('./publish.ts')).publish],
  ['subscribe', async () => (await import('./subscribe.ts')).subscribeTo],
  ['jobs', async () => (await import('./jobs.ts')).jobs],
  ['jobs', async () => (await import('./jobsUndo.ts')).jobsUndo],
  ['work', async () => (await import('./work.ts')).work],
  ['serve', async () => (await import('./serve.ts')).serve],
  ['encode', async () => (await import('./encode.ts')).encode],
  ['decode', async () => (await import('./decode.ts')).decode],
  ['parse', async () => (await import('./parse.ts')).parse],
  ['households', async () => (await import('./households.ts')).households],
  ['import', async () => (await import('./importBoundaries.ts')).importBoundaries],
  ['import', async () => (await import('./importStreets.ts')).importStreets],
  ['import', async () => (await import('./importPostcodes.ts')).importPostcodes],
  ['import', async () => (await import('./importTargets.ts')).importTargets],
  ['import', async () => (await import('./crosswalks.ts')).crosswalks],
  ['layers', async () => (await import('./layers.ts')).layers],
  ['coverage', async () => (await import('./coverage.ts')).coverage],
  ['duplicates', async () => (await import('./duplicates.ts')).duplicates],
  ['review', async () => (await import('./review.ts')).review],
  ['worklist', async () => (await import('./worklist.ts')).worklist],
  ['keys', async () => (await import('./keys.ts')).keys],
  ['backup', async () => (await import('./backup.ts')).backup],
  ['restore', async () => (await import('./restore.ts')).restore],
  ['migrate-store', async () => (await import('./migrateStore.ts')).migrateStore],
  ['status', async () => (await import('./status.ts')).status],
]

/** Errors whose message says it all: of the database, of a built file. */
const EXPLAINED = new Set(['SqliteError', 'DataUnreadable', 'WrongDatabase'])

const program = new Command('vpostcode')
  .description('Vietnamese addresses to communes of both eras, coordinates and Vpostcodes')
  .version(VERSION)
  .exitOverride()
  .showHelpAfterError('(vpostcode --help and vpostcode COMMAND --help tell more)')
  .addHelpText('after', '\nExit codes: 0 done, 1 done with rejected rows, 2 usage, 3 failed.')
const wanted = COMMANDS.filter(([word]) => word === process.argv[2])
for (const [, load] of wanted.length > 0 ? wanted : COMMANDS) (await load())(program)

// A reader that has seen enough (head) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

// Node's own exit code for a bug is 1, which says here that all is done.
process.on('uncaughtException', (error) => {
  console.error(error)
  process.exit(FAILED)
})

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

function exitCodeOf(error: unknown): number {
  // commander has printed its message already; `vpostcode` alone prints the help and is a wrong use
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE
  if (error instanceof UsageError || error instanceof SettingsError) {
    console.error(`error: ${error.message}`)
    return USAGE
  }
  console.error(isExplained(error) ? `error: ${error.message}` : error)
  return FAILED
}

/** Ours, or of the system or the database (no space left, no permission, ...): the message says it all. Else it is a bug. */
function isExplained(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  return error instanceof Failure || 'errno' in error || EXPLAINED.has(error.name)
}
