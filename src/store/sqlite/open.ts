import { randomBytes } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { KeyStore } from '../../access/store.ts'
import type { JobStore, JobWriter } from '../../registry/jobStore.ts'
import type { StoreReader, StoreWriter } from '../../registry/store.ts'
import { jobReader, jobWriter } from './jobs.ts'
import { copyState } from './keptIds.ts'
import { keyStore } from './keys.ts'
import { type Lease, takeLease } from './lease.ts'
import { MIGRATIONS } from './migrations.ts'
import { registryReader } from './reader.ts'
import { registryTransaction } from './transaction.ts'
import { beginInTurn, takeTurn } from './turns.ts'

/** How long a statement waits for another process's lock (milliseconds). */
const BUSY_TIMEOUT = 5_000

/** The database is not ours, or was made by a newer version of this program. */
export class WrongDatabase extends Error {
  override name = 'WrongDatabase'
}

/** There is a file, but nothing was ever written to it. */
export class EmptyDatabase extends WrongDatabase {
  override name = 'EmptyDatabase'
}

/** The database was made by an older version of this program: the next writer brings it up to date. */
export class OldDatabase extends WrongDatabase {
  override name = 'OldDatabase'
}

/**
 * Opens a database for reading. Sees what other processes commit from the next question on.
 * Throws when the file is missing, empty or not a registry of this version.
 */
export function openReader(path: string): StoreReader {
  const db = openExisting(path, true)
  return {
    ...registryReader(db),
    ...jobReader(db),
    ...noted(db),
    schema: MIGRATIONS.length,
    close: async () => void db.close(),
  }
}

const noted = (db: Database.Database): Pick<StoreReader, 'copy'> =>
  copyState(db) === null ? {} : { copy: () => copyState(db)! }

/**
 * Opens the list of jobs of a database that is there, for reading and writing, beside the writer of the registry. Throws
 * as `openReader` does.
 */
export function openJobs(path: string): JobStore & { close(): Promise<void> } {
  const db = openExisting(path, false)
  return { ...jobReader(db), ...jobWriter(db), close: async () => void db.close() }
}

/**
 * Opens the keys of a database that is there, beside the writer of the registry. Throws as `openReader` does; a change
 * throws WriterBusy when no turn came.
 */
export function openKeys(path: string): KeyStore {
  const db = openExisting(path, false)
  db.pragma('synchronous = FULL')
  return {
    ...keyStore(db, async (work) => {
      await takeTurn(db, path)
      try {
        const result = work()
        db.exec('COMMIT')
        return result
      } catch (error) {
        db.exec('ROLLBACK')
        throw error
      }
    }),
    close: async () => void db.close(),
  }
}

/** A connection to a database that is there and of this version, or an `older` one too. Throws as `openReader` does. */
export function openExisting(path: string, readonly: boolean, older = false): Database.Database {
  const db = new Database(path, { readonly, fileMustExist: true, timeout: BUSY_TIMEOUT })
  try {
    const version = versionOf(db, path)
    if (version === 0) throw new EmptyDatabase(`${path} is an empty file: nothing was registered in it yet`)
    if (version !== MIGRATIONS.length && !older)
      throw new OldDatabase(`${path} has schema ${version}, this program reads ${MIGRATIONS.length}`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** The database is a copy of a registry elsewhere: only who keeps it in step writes. */
export class ReadOnlyCopy extends WrongDatabase {
  override name = 'ReadOnlyCopy'
}
const readOnly = (path: string) =>
  new ReadOnlyCopy(`${path} is a copy of a registry elsewhere: changes are made there`)

interface WriterOptions {
  /** It keeps a copy in step. */
  copy?: boolean
  /** This process takes up queued jobs. */
  serves?: boolean
  /** Done on the writing connection before anything is asked of it. */
  prepare?(db: Database.Database): void
  /** How a transaction begins, and when SQLite waits for the disk (its `synchronous`). */
  begin?: 'BEGIN IMMEDIATE' | 'BEGIN'
  synchronous?: 'FULL' | 'NORMAL'
}

/**
 * Opens a database for writing, creates (for its owner only) or migrates it when needed, and holds its writer's lease
 * until `close`. Throws WriterBusy while another process holds it. ":memory:" makes one that is gone when closed.
 */
export function openWriter(path: string, options: WriterOptions = {}): StoreWriter {
  const { copy, serves, prepare, begin = 'BEGIN IMMEDIATE', synchronous = 'FULL' } = options
  const inMemory = path === ':memory:' || path === ''
  // SQLite gives its side files the mode of the database.
  if (!inMemory) closeSync(openSync(path, 'a', 0o600))
  const db = new Database(path, { timeout: BUSY_TIMEOUT })
  let lease: Lease | undefined
  try {
    db.pragma('journal_mode = WAL')
    // An acknowledged chunk survives a loss of power.
    db.pragma(`synchronous = ${synchronous}`)
    db.pragma('cache_size = -65536')
    db.pragma('wal_autocheckpoint = 4000')
    if (versionOf(db, path) > 0) {
      // Said first: who stops the process that keeps a copy in step cannot write to it either.
      if (!copy && copyState(db) !== null) throw readOnly(path)
      lease = takeLease(db, serves)
      migrate(db)
    } else {
      migrate(db)
      lease = takeLease(db, serves)
    }
    prepare?.(db)
  } catch (error) {
    lease?.release()
    db.close()
    throw error
  }
  const reader = inMemory ? db : new Database(path, { readonly: true, timeout: BUSY_TIMEOUT })
  // A rehearsal has its database for itself.
  const inTurn = async () => {
    if (inMemory || begin === 'BEGIN') db.exec(begin)
    else await beginInTurn(db, path)
  }
  return storeOn(db, reader, { begin: inTurn, ...lease })
}

/**
 * Opens a database that is there for the short changes of a person, beside the process that holds the writer's lease: each
 * transaction takes its turn between two of that process. Throws as `openReader` does; a transaction throws WriterBusy when
 * no turn came.
 */
export function openBeside(path: string): StoreWriter {
  const db = openExisting(path, false)
  db.pragma('synchronous = FULL')
  const reader = new Database(path, { readonly: true, timeout: BUSY_TIMEOUT })
  const isCopy = copyState(db) !== null
  const begin = async () => {
    if (isCopy) throw readOnly(path)
    await takeTurn(db, path)
  }
  return storeOn(db, reader, { begin, confirm: () => {}, release: () => {} })
}

/** A store that writes on one connection and reads on another, or the same one. */
function storeOn(
  db: Database.Database,
  reader: Database.Database,
  { begin, confirm, release }: Lease & { begin(): Promise<void> },
): StoreWriter {
  let tx = registryTransaction(db)
  let tail: Promise<unknown> = Promise.resolve()
  /** Runs `work` alone: transactions and other writes of this process wait for each other. */
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(work)
    tail = result.catch(() => {})
    return result
  }
  const inTransaction = async <T>(work: () => Promise<T>): Promise<T> => {
    await begin()
    try {
      confirm()
      const result = await work()
      db.exec('COMMIT')
      if (db.pragma('secure_delete', { simple: true }) === 1) forget(db)
      return result
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK')
      // It remembers names that were never committed.
      tx = registryTransaction(db)
      throw error
    }
  }
  const jobs = Object.fromEntries(
    Object.entries(jobWriter(db)).map(([name, method]) => [
      name,
      (...values: unknown[]) => alone(() => inTransaction(() => (method as AnyWrite)(...values))),
    ]),
  ) as unknown as JobWriter
  return {
    ...registryReader(reader),
    ...jobReader(reader),
    ...noted(reader),
    schema: MIGRATIONS.length,
    transaction: (work) => alone(() => inTransaction(() => work(tx))),
    ...jobs,
    close: () =>
      alone(async () => {
        if (!db.open) return
        release()
        if (reader !== db) reader.close()
        db.close()
      }),
  }
}

type AnyWrite = (...values: unknown[]) => Promise<unknown>

/** Something was erased (see erase.ts): what the write-ahead log still has of it goes too, unless a reader holds it. */
function forget(db: Database.Database): void {
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.pragma('secure_delete = OFF')
}

function versionOf(db: Database.Database, path: string): number {
  const version = db.pragma('user_version', { simple: true }) as number
  if (version > MIGRATIONS.length)
    throw new WrongDatabase(`${path} was made by a newer version of this program (schema ${version})`)
  if (version === 0 && db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() !== 0)
    throw new WrongDatabase(`${path} is a database of something else`)
  return version
}

/** Brings the schema up to date; each step is one transaction. */
function migrate(db: Database.Database): void {
  const step = db.transaction((version: number) => {
    // Another process may have been faster.
    if ((db.pragma('user_version', { simple: true }) as number) !== version) return
    db.exec(MIGRATIONS[version]!)
    if (version === 0) db.prepare("INSERT INTO meta VALUES ('secret', ?)").run(randomBytes(32))
    db.pragma(`user_version = ${version + 1}`)
  })
  for (
    let version = db.pragma('user_version', { simple: true }) as number;
    version < MIGRATIONS.length;
    version++
  )
    step.immediate(version)
}
