import { existsSync, linkSync, mkdirSync, readFileSync, realpathSync, renameSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { syncPath } from '../bulk/files.ts'
import { load } from '../gazetteer/load.ts'
import { type IdCodec, idCodec } from '../registry/id.ts'
import { ChangeRefused } from '../registry/life/refused.ts'
import { openLife } from '../registry/life.ts'
import type { StoreWriter } from '../registry/store.ts'
import { type Kept, openCopy, openReplaced, type Replaced } from '../store/sqlite/backup.ts'
import { WriterBusy } from '../store/sqlite/lease.ts'
import { EmptyDatabase, WrongDatabase } from '../store/sqlite/open.ts'
import { osUser } from './actor.ts'
import { copyTo, viewOf } from './backup.ts'
import { Failure, UsageError } from './exit.ts'
import { given } from './files.ts'
import { readId } from './householdChanges.ts'
import { SIDE_FILES } from './partFile.ts'
import { requireFile } from './serverUrl.ts'
import { readSettings } from './settings.ts'
import { VERSION } from './version.ts'

/** Numbers that are passed over when nobody knows which were given since the backup. */
const PASSED_OVER = 10_000_000
const MOST_ERASED_BYTES = 64 * 2 ** 20

interface Options {
  db?: string
  replace?: boolean
  erasedAfter?: string
  actor?: string
}

/** `restore`: a backup becomes the database. */
export function restore(program: Command): void {
  program
    .command('restore')
    .description(
      'make a backup the database, checked, with the erasures that came after it; stop the server first',
    )
    .argument('FILE', 'the backup; it stays as it is')
    .option('--replace', 'put the database that is there aside, under another name in its folder')
    .option(
      '--erased-after <FILE>',
      'ids of households that were erased since the backup, one a line; needed when no database is there to tell',
    )
    .option('--actor <NAME>', 'who does it (default: the user of the system)')
    .option('--db <FILE>', 'database (default: VPOSTCODE_DB, else data/vpostcode.db)')
    .addHelpText(
      'after',
      '\nFrom the database that is replaced come, when it can be read: which households were erased, the keys of the HTTP API, and' +
        '\nwhich ids were given, so that none is given twice. Delete what was put aside when it is no longer needed.',
    )
    .action(async (file: string, { db, replace = false, erasedAfter, actor }: Options) => {
      const work = {
        from: given(file, 'FILE')!,
        db: resolve(requireFile(db ?? readSettings().db, 'pg_dump or pg_basebackup, see docs/postgres.md')),
        replace,
      }
      const list = erasedAfter === undefined ? null : readList(given(erasedAfter, '--erased-after')!)
      const done = await run({ ...work, list, actor: given(actor, '--actor') ?? osUser() })
      console.log(JSON.stringify(done, null, 2))
    })
}

interface Work {
  from: string
  db: string
  replace: boolean
  /** Ids as they were written. */
  list: string[] | null
  actor: string
}

async function run({ from, db, replace, list, actor }: Work) {
  const standing = ['', ...SIDE_FILES].filter((suffix) => existsSync(db + suffix))
  if (existsSync(from) && existsSync(db) && realpathSync(from) === realpathSync(db))
    throw new UsageError(`${from} is the database itself`)
  if (standing.length > 0 && !replace)
    throw new Failure(
      `${db}${standing[0]} is there: --replace puts it aside, keeps its keys and does its later erasures again; other changes after the backup are lost`,
    )
  mkdirSync(dirname(db), { recursive: true })
  const replaced = standing.includes('') ? openIfReadable(db) : null
  try {
    // One that a server has just made, empty, can tell nothing.
    const kept = replaced?.kept.lastN ? replaced.kept : null
    if (!kept && !list) throw unknownErasures()
    const aside = `${db}.replaced-${new Date().toISOString().replace(/[-:.Z]/g, '')}`
    let outcome: Outcome | undefined
    const contents = await copyTo(from, db, async (part) => {
      outcome = await bringUpToDate(part, { kept, list, actor })
      if (replaced) giveUp(replaced, db, () => putAside(db, aside, part))
      else {
        for (const suffix of standing) renameSync(db + suffix, aside + suffix)
        renameSync(part, db)
      }
    })
    syncPath(dirname(db))
    return {
      database: db,
      backup: viewOf(contents),
      ...outcome!,
      putAside: standing.length > 0 ? aside : null,
    }
  } finally {
    replaced?.close()
  }
}

/** The database that is there; null when it is empty or damaged, for then it can tell nothing. */
function openIfReadable(db: string): Replaced | null {
  try {
    return openReplaced(db)
  } catch (error) {
    if (error instanceof EmptyDatabase) return null
    if (error instanceof WriterBusy || error instanceof WrongDatabase) throw new Failure(error.message)
    const { code = '', message } = error as NodeJS.ErrnoException
    if (!code.startsWith('SQLITE_CORRUPT') && code !== 'SQLITE_NOTADB') throw error
    console.error(`${db} cannot be read (${message})`)
    return null
  }
}

const unknownErasures = () =>
  new UsageError(
    'no database is there to tell which households were erased since the backup: give --erased-after FILE with their ids, ' +
      'an empty file when there were none',
  )

/** The name never leads to nothing: it leads to the one before, then to the other. */
function putAside(db: string, aside: string, part: string): void {
  try {
    linkSync(db, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    // No links on this disk.
    renameSync(db, aside)
  }
  renameSync(part, db)
}

function giveUp(replaced: Replaced, db: string, swap: () => void): void {
  try {
    replaced.giveUp(swap)
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY'))
      throw new Failure(`a process has ${db} open: stop it first`)
    throw error
  }
}

interface Outcome {
  /** Households that were erased since the backup, and now again; of the others the backup knows nothing. */
  erasedAgain: number
  erasedElsewhere: number
  /** Where the keys of the HTTP API come from: what was revoked since a backup would be valid again. */
  keys: 'replaced database' | 'backup'
}

async function bringUpToDate(
  part: string,
  { kept, list, actor }: { kept: Kept | null; list: string[] | null; actor: string },
): Promise<Outcome> {
  const store = openCopy(part, {
    keys: kept?.keys ?? null,
    lastN: (ofBackup) => kept?.lastN ?? ofBackup + PASSED_OVER,
  })
  try {
    if (kept && !kept.secret.equals(store.secret))
      throw new Failure('the database that is there is another registry: move it away to restore this backup')
    const erased = new Set([...(kept?.erased ?? []), ...readIds(list ?? [], idCodec(store.secret))])
    return {
      ...(await eraseAgain(store, erased, actor)),
      keys: kept?.keys ? 'replaced database' : 'backup',
    }
  } finally {
    await store.close()
  }
}

async function eraseAgain(store: StoreWriter, ns: ReadonlySet<number>, actor: string) {
  const { idOf } = idCodec(store.secret)
  const life = openLife({ store, gazetteer: load(), engineVersion: VERSION })
  const by = { actor, reason: 'erased after the backup that was restored' }
  let [erasedAgain, erasedElsewhere] = [0, 0]
  for (const n of ns) {
    try {
      for (const other of await store.alternativesOf(n)) await life.setMain(by, idOf(other), null)
      await life.erase(by, idOf(n))
      erasedAgain++
    } catch (error) {
      if (!(error instanceof ChangeRefused)) throw error
      if (error.code === 'unknown-household') erasedElsewhere++
      else if (error.code !== 'erased')
        throw new Failure(`household ${idOf(n)} cannot be erased: ${error.message}`)
    }
  }
  return { erasedAgain, erasedElsewhere }
}

/** The lines of a list of ids; empty ones and those that begin with # say nothing. */
function readList(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new UsageError(`--erased-after ${path}: not there`)
  if (found.size > MOST_ERASED_BYTES) throw new UsageError(`--erased-after ${path}: more than 64 MB`)
  return readFileSync(path, 'utf8').split(/\r?\n/)
}

function readIds(lines: readonly string[], { nOf }: IdCodec): number[] {
  return lines.flatMap((line, i) => {
    const text = readId(line)
    if (text === '' || text.startsWith('#')) return []
    const n = nOf(text)
    if (n === null)
      throw new UsageError(`--erased-after: line ${i + 1} is no id of a household of this registry`)
    return [n]
  })
}
