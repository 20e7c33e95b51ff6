#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { assign, geocode, reverse } from './assign.ts'
import { convert } from './convert.ts'
import { coverage } from './coverage.ts'
import { crosswalks } from './crosswalks.ts'
import { decode } from './decode.ts'
import { duplicates } from './duplicates.ts'
import { encode } from './encode.ts'
import { FAILED, Failure, USAGE, UsageError } from './exit.ts'
import { exportHouseholds } from './export.ts'
import { households } from './households.ts'
import { importBoundaries } from './importBoundaries.ts'
import { importPostcodes } from './importPostcodes.ts'
import { importTargets } from './importTargets.ts'
import { jobs } from './jobs.ts'
import { jobsUndo } from './jobsUndo.ts'
import { keys } from './keys.ts'
import { parse } from './parse.ts'
import { reassign } from './reassign.ts'
import { review } from './review.ts'
import { serve } from './serve.ts'
import { SettingsError } from './settings.ts'
import { status } from './status.ts'
import { VERSION } from './version.ts'
import { worklist } from './worklist.ts'

const program = new Command('vpostcode')
  .description('Vietnamese addresses to communes of both eras, coordinates and Vpostcodes')
  .version(VERSION)
  .exitOverride()
  .showHelpAfterError('(vpostcode --help and vpostcode COMMAND --help tell more)')
  .addHelpText('after', '\nExit codes: 0 done, 1 done with rejected rows, 2 usage, 3 failed.')
for (const command of [
  assign,
  geocode,
  reverse,
  convert,
  reassign,
  exportHouseholds,
  jobs,
  jobsUndo,
  serve,
  encode,
  decode,
  parse,
  households,
  importBoundaries,
  importPostcodes,
  importTargets,
  crosswalks,
  coverage,
  duplicates,
  review,
  worklist,
  keys,
  status,
])
  command(program)

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
  return error instanceof Failure || 'errno' in error || error.name === 'SqliteError'
}
