import { availableParallelism } from 'node:os'
import { MappingError } from '../bulk/columns.ts'
import { UnreadableFile } from '../bulk/dialect.ts'
import { type FileKind, findsHouseholds } from '../bulk/fileKinds.ts'
import { FileRefused } from '../bulk/files.ts'
import type { PumpOptions } from '../bulk/pump.ts'
import { DONE_WITH_REJECTED, FAILED, Failure, UsageError } from './exit.ts'
import { Progress } from './progress.ts'
import { readSettings } from './settings.ts'

/** What the file commands share: threads, progress, signals, and what a refused file means for the exit code. */

/**
 * Worker threads of a file: the option, else the setting, else one a core, at most 4. Where this thread has a registry to ask and
 * to write it is as busy as one of them, and a core is left to it.
 */
export function threadsFor(kind: FileKind, option?: string): number {
  if (option === undefined) {
    const own = findsHouseholds(kind) ? 1 : 0
    return readSettings().threads ?? Math.max(1, Math.min(4, availableParallelism() - own))
  }
  if (!/^\d{1,2}$/.test(option) || Number(option) > 64)
    throw new UsageError('--threads must be a number from 0 to 64')
  return Number(option)
}

/** The value of an option, which must not be empty: an unset variable of a script is no name. */
export function given(value: string | undefined, option: string): string | undefined {
  if (value?.trim() === '') throw new UsageError(`${option} is empty`)
  return value
}

/** Faults that a command names. */
const MOST_NAMED = 20

/** Names the rejected rows of a table, the first of them, and sets the exit code when there are any. */
export function sayRejected(faults: readonly { line: number; reason: string }[]): void {
  for (const { line, reason } of faults.slice(0, MOST_NAMED))
    console.error(`rejected: line ${line}: ${reason}`)
  if (faults.length > MOST_NAMED) console.error(`rejected: ${faults.length - MOST_NAMED} more`)
  if (faults.length > 0) process.exitCode = DONE_WITH_REJECTED
}

/** Runs `work` with a progress bar; SIGINT and SIGTERM let it end after its chunk, a second one ends the process. */
export async function untilSignal<T>(
  work: (watch: Pick<PumpOptions, 'onProgress'> & { stop(): boolean; say(text: string): void }) => Promise<T>,
  progress = new Progress(),
): Promise<T> {
  let stopping = false
  const stop = (signal: NodeJS.Signals): void => {
    // Nothing acknowledged is lost by ending at once.
    if (stopping) process.exit(FAILED)
    stopping = true
    progress.say(`${signal}: stopping after the current chunk ...`)
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  try {
    return await work({
      onProgress: (step) => progress.step(step),
      stop: () => stopping,
      say: (text) => progress.say(text),
    })
  } finally {
    progress.end()
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

/** Codes of the system and of the database. */
const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])
export const isNoSpace = (error: unknown): boolean =>
  NO_SPACE.has((error as NodeJS.ErrnoException | null)?.code ?? '')

/** Errors of the bulk room as errors of the command. */
export async function asFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof MappingError) throw new UsageError(error.message)
    if (error instanceof FileRefused || error instanceof UnreadableFile) throw new Failure(error.message)
    if (isNoSpace(error))
      throw new Failure(
        `There is no space left on the disk (${(error as Error).message}). What was done is kept: make room and give the same command again.`,
      )
    throw error
  }
}
