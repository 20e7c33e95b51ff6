import { existsSync, realpathSync, renameSync, statSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { isoTime } from '../access/view.ts'
import { syncPath } from '../bulk/files.ts'
import { type Contents, copyDatabase, NotWhole, Stopped } from '../store/sqlite/backup.ts'
import { WrongDatabase } from '../store/sqlite/open.ts'
import { Failure, UsageError } from './exit.ts'
import { given, isNoSpace, untilSignal } from './files.ts'
import { dropPart, megabytes, newPart } from './partFile.ts'
import { Progress } from './progress.ts'
import { requireFile } from './serverUrl.ts'
import { readSettings } from './settings.ts'

/** `backup`: the whole database in one file, as it is at one moment. */
export function backup(program: Command): void {
  program
    .command('backup')
    .description(
      'copy the whole database, as it is at one moment, to a new file, also while it is served and written',
    )
    .argument('FILE', 'the backup; must not be there yet')
    .option('--db <FILE>', 'database (default: VPOSTCODE_DB, else data/vpostcode.db)')
    .addHelpText(
      'after',
      '\nThe copy is checked and on the disk before it gets its name. It has all that the registry has, the secret of the ids' +
        '\nand the hashes of the keys too: keep it as the database itself. Uploads and results are not in it.',
    )
    .action(async (file: string, options: { db?: string }) => {
      const db = requireFile(
        options.db ?? readSettings().db,
        'pg_dump or pg_basebackup, see docs/postgres.md',
      )
      const to = resolve(given(file, 'FILE')!)
      requireNew(to, db)
      const began = performance.now()
      const contents = await copyTo(db, to, (part) => {
        // Somebody may have been faster.
        requireNew(to, db)
        renameSync(part, to)
      })
      syncPath(dirname(to))
      const seconds = Math.round((performance.now() - began) / 100) / 10
      console.log(JSON.stringify({ backup: to, ...viewOf(contents), seconds }, null, 2))
    })
}

function requireNew(to: string, db: string): void {
  if (!existsSync(to)) return
  if (existsSync(db) && realpathSync(to) === realpathSync(db))
    throw new UsageError(`${to} is the database itself`)
  throw new Failure(`${to} is there already: a backup replaces nothing`)
}

/** What a database holds, for people. */
export const viewOf = ({ households, lastEvents, until, schema, bytes }: Contents) => ({
  bytes,
  schema,
  households,
  events: lastEvents.reduce((sum, { number }) => sum + number, 0),
  lastEventAt: isoTime(until),
})

/**
 * Copies a database to a part file beside `target`, with progress, and hands that over; it is gone when `take` has not renamed it.
 * Throws Failure, also when the process is told to stop.
 */
export async function copyTo(
  from: string,
  target: string,
  take: (part: string) => void | Promise<void>,
): Promise<Contents> {
  const found = statSync(from, { throwIfNoEntry: false })
  if (!found?.isFile()) throw new Failure(`${from} is not there`)
  const part = newPart(target, found.size)
  try {
    return await untilSignal(async ({ say, stop, onProgress }) => {
      const contents = await copyDatabase(from, part, {
        stop,
        onStart: ({ households, bytes }) => say(`${from}: ${households} households, ${megabytes(bytes)} MB`),
        onProgress: (bytes, bytesTotal) => onProgress({ rows: megabytes(bytes), bytes, bytesTotal }),
        onCheck() {
          say('copied, checking ...')
          // Only the copying keeps the write-ahead log: what serves goes first from here on.
          setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
        },
      })
      await take(part)
      return contents
    }, new Progress('MB', 'of the database'))
  } catch (error) {
    throw told(error, from, target)
  } finally {
    dropPart(part)
  }
}

function told(error: unknown, from: string, target: string): unknown {
  if (error instanceof Stopped) return new Failure('stopped: nothing was written')
  if (error instanceof WrongDatabase) return new Failure(error.message)
  const { code = '', message } = error as NodeJS.ErrnoException
  if (error instanceof NotWhole || code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return new Failure(`${from} is damaged, nothing was written: ${message}`)
  if (isNoSpace(error))
    return new Failure(
      `there is no space left on the disk of ${dirname(target)}: nothing was written (${message})`,
    )
  return error
}
