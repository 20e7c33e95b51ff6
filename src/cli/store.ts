import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { KeyStore } from '../access/store.ts'
import type { Rehearsal } from '../bulk/geocode.ts'
import type { CopyPlace } from '../registry/copyStore.ts'
import type { JobStore } from '../registry/jobStore.ts'
import type { RegistrySnapshot, StoreReader, StoreWriter } from '../registry/store.ts'
import * as sqliteCopy from '../store/sqlite/copyStore.ts'
import { WriterBusy } from '../store/sqlite/lease.ts'
import * as sqlite from '../store/sqlite/open.ts'
import * as sqliteRehearsal from '../store/sqlite/rehearsal.ts'
import * as sqliteSnapshot from '../store/sqlite/snapshot.ts'
import { Failure, UsageError } from './exit.ts'
import * as server from './serverStore.ts'
import { isServer } from './serverUrl.ts'
import { readSettings } from './settings.ts'

/** The process that serves the database is its writer, and takes up queued jobs. */
export class ServerWrites extends Failure {
  override name = 'ServerWrites'
}

/** The database is a copy: nothing is changed here. */
export class CopyOnly extends Failure {
  override name = 'CopyOnly'
}

/*
 * A database is a file of SQLite, or a registry on a server of PostgreSQL, named by a URL (see serverUrl.ts). On a server any
 * number of processes write at once: nobody is told to wait, and its schema is prepared by whoever comes first.
 */

/**
 * Opens the database for writing; makes it, with its folder, when it is not there. `serves`: this process takes up queued
 * jobs. Throws `ServerWrites` while such a process has it.
 */
export async function openWriter(path: string, serves = false): Promise<StoreWriter> {
  if (isServer(path)) return server.openWriter(path)
  return failing(path, () => {
    mkdirSync(dirname(path), { recursive: true })
    return sqlite.openWriter(path, { serves })
  })
}

/**
 * Opens the database for the short changes of a person, also while another process writes it (a server, a load). Makes it
 * when it is not there.
 */
export async function openBeside(path: string): Promise<StoreWriter> {
  if (isServer(path)) return server.openBeside(path)
  await (await openReader(path)).close()
  return told(
    failing(path, () => sqlite.openBeside(path)),
    (error) =>
      error instanceof sqlite.ReadOnlyCopy
        ? new CopyOnly(error.message)
        : error instanceof WriterBusy
          ? new Failure(error.message)
          : error,
  )
}

/** The same store, whose promises are rejected with what `tell` makes of an error. */
export function told<S extends object>(store: S, tell: (error: unknown) => unknown): S {
  const telling = (value: unknown) => {
    if (typeof value !== 'function') return value
    return (...args: unknown[]) => {
      const result: unknown = value(...args)
      if (!(result instanceof Promise)) return result
      return result.catch((error) => {
        throw tell(error)
      })
    }
  }
  return Object.fromEntries(Object.entries(store).map(([name, value]) => [name, telling(value)])) as S
}

/** Opens the database for reading; makes an empty one when it is not there. */
export async function openReader(path: string): Promise<StoreReader> {
  const store = await openReaderIfAny(path)
  if (store) return store
  await (await openWriter(path)).close()
  return failing(path, () => sqlite.openReader(path))
}

/** Opens the database for reading, null when it is not there or holds nothing yet (killed while it was made). */
export async function openReaderIfAny(path: string): Promise<StoreReader | null> {
  if (isServer(path)) return server.openReader(path)
  try {
    return failing(path, () => (existsSync(path) ? sqlite.openReader(path) : null))
  } catch (error) {
    if (error instanceof sqlite.EmptyDatabase) return null
    if (!(error instanceof sqlite.OldDatabase)) throw error
    // Only a writer may bring it up to date.
    await (await openWriter(path)).close()
    return failing(path, () => sqlite.openReader(path))
  }
}

/** Opens the database for reading. Throws Failure when it is not there: a mistyped name makes none. */
export async function openExisting(path: string): Promise<StoreReader> {
  const store = await openReaderIfAny(path)
  if (!store) throw new Failure(`database ${path}: not there yet`)
  return store
}

/** Asks the database of `--db`, else of the settings, and closes it. Throws Failure when it is not there. */
export async function reading<T>(
  db: string | undefined,
  work: (store: StoreReader) => Promise<T>,
): Promise<T> {
  const store = await openExisting(db ?? readSettings().db)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** Opens the list of jobs beside the writer of the registry; makes the database when it is not there. */
export async function openJobs(path: string): Promise<JobStore & { close(): Promise<void> }> {
  if (isServer(path)) return server.openJobs(path)
  await (await openReader(path)).close()
  return failing(path, () => sqlite.openJobs(path))
}

/** Opens the keys beside the writer of the registry. The database must be there. */
export async function openKeys(path: string): Promise<KeyStore> {
  if (isServer(path)) return server.openKeys(path)
  return failing(path, () => sqlite.openKeys(path))
}

/** The registry as it is now, for a long reading. The database must be there. */
export const openSnapshot = async (path: string): Promise<RegistrySnapshot> =>
  isServer(path) ? server.openSnapshot(path) : failing(path, () => sqliteSnapshot.openSnapshot(path))

/** Where a copy of a registry elsewhere is kept; its folder is made when it is not there. */
export function copyPlace(path: string): CopyPlace {
  if (isServer(path)) throw new Failure('a copy is a database file: name one with --db')
  const place = sqliteCopy.copyPlace(path)
  return {
    ...place,
    open: () =>
      failing(path, () => {
        mkdirSync(dirname(path), { recursive: true })
        return place.open()
      }),
  }
}

const rehearsalOf = (output: string) => `${output}.part.db`

/**
 * The rehearsal of the database that belongs to an unfinished result; an empty one when `fresh`. Throws Failure for a registry
 * on a server: a rehearsal is a file of SQLite that sees the households of another one.
 */
export function openRehearsal(output: string, path: string, fresh: boolean): Rehearsal {
  if (isServer(path))
    throw new Failure(
      'dry runs rehearse beside a database file; they are not there yet for a registry on PostgreSQL',
    )
  if (fresh) dropRehearsal(output)
  return failing(path, () => sqliteRehearsal.openRehearsal(rehearsalOf(output), path))
}

export const dropRehearsal = (output: string): void => sqliteRehearsal.dropRehearsal(rehearsalOf(output))

function failing<T>(path: string, open: () => T): T {
  // Names that SQLite takes for a database in memory: what is registered there is gone at the end.
  if (path.trim() === '' || path === ':memory:') throw new UsageError(`"${path}" is no database file`)
  try {
    return open()
  } catch (error) {
    if (error instanceof sqlite.EmptyDatabase || error instanceof sqlite.OldDatabase) throw error
    if (error instanceof sqlite.ReadOnlyCopy) throw new CopyOnly(error.message)
    if (error instanceof WriterBusy && error.serves) throw new ServerWrites(error.message)
    if (error instanceof WriterBusy || error instanceof sqlite.WrongDatabase) throw new Failure(error.message)
    throw new Failure(`the database ${path} cannot be opened: ${(error as Error).message}`)
  }
}
