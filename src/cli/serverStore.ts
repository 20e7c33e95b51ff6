import type { KeyStore } from '../access/store.ts'
import type { PartStore } from '../bulk/parts.ts'
import type { JobReader, JobStore } from '../registry/jobStore.ts'
import type { RegistrySnapshot, StoreReader, StoreWriter } from '../registry/store.ts'
import { isAway } from '../store/postgres/away.ts'
import { Failure } from './exit.ts'
import { requireBare } from './serverUrl.ts'
import { readSettings } from './settings.ts'

/** Loaded when a registry is on a server: most are not. */
const postgres = () => import('../store/postgres/open.ts')

export const openWriter = (url: string): Promise<StoreWriter & PartStore> =>
  failing(url, async (bare) => (await postgres()).openWriter(bare))

/** Reads go to the replica of the settings, if there is one. Prepares the database where that is needed. */
export async function openReader(url: string): Promise<StoreReader> {
  const { openReader, WrongDatabase } = await postgres()
  const replica = replicaOf(url)
  return failing(replica ?? url, async (bare) => {
    try {
      return await openReader(bare)
    } catch (error) {
      if (replica || !(error instanceof WrongDatabase)) throw error
      await (await openWriter(url)).close()
      return openReader(bare)
    }
  })
}

/** For short changes: writes go to the primary, questions to the replica of the settings while that answers. */
export async function openBeside(url: string): Promise<StoreWriter> {
  const store = await openWriter(url)
  const replica = replicaOf(url)
  if (!replica) return store
  try {
    return readingFrom(await openReader(url), store)
  } catch (error) {
    await store.close()
    throw error
  }
}

export const openJobs = (url: string): Promise<JobStore & { close(): Promise<void> }> =>
  prepared(url, async (bare) => (await postgres()).openJobs(bare))

export const openKeys = (url: string): Promise<KeyStore> =>
  prepared(url, async (bare) => (await postgres()).openKeys(bare))

export const openSnapshot = (url: string): Promise<RegistrySnapshot> =>
  failing(replicaOf(url) ?? url, async (bare) =>
    (await import('../store/postgres/snapshot.ts')).openSnapshot(bare),
  )

/** What can only be opened when the schema is there. */
async function prepared<T>(url: string, open: (bare: string) => Promise<T>): Promise<T> {
  const { WrongDatabase } = await postgres()
  return failing(url, async (bare) => {
    try {
      return await open(bare)
    } catch (error) {
      if (!(error instanceof WrongDatabase)) throw error
      await (await openWriter(url)).close()
      return open(bare)
    }
  })
}

function replicaOf(url: string): string | null {
  const { db, storeRead } = readSettings()
  return url === db ? (storeRead ?? null) : null
}

/** The list of jobs is asked where it is written: what a client has just sent must be there. */
const OF_THE_PRIMARY = {
  job: true,
  findUnfinished: true,
  nextQueued: true,
  firstLoad: true,
  listJobs: true,
  countJobs: true,
  chunks: true,
  jobsToDrop: true,
} satisfies Record<keyof JobReader, true>

/** `store`, whose questions about the registry a replica answers; the primary when the replica is away. */
function readingFrom(replica: StoreReader, store: StoreWriter): StoreWriter {
  const questions = Object.entries(replica).flatMap(([name, ask]) => {
    if (typeof ask !== 'function' || name === 'close' || Object.hasOwn(OF_THE_PRIMARY, name)) return []
    const other = store[name as keyof StoreWriter] as (...asked: unknown[]) => Promise<unknown>
    const answer = (...asked: unknown[]) =>
      (ask as typeof other)(...asked).catch((error) => {
        if (isAway(error)) return other(...asked)
        throw error
      })
    return [[name, answer] as const]
  })
  return {
    ...store,
    ...(Object.fromEntries(questions) as Partial<StoreWriter>),
    close: async () => void (await Promise.all([replica.close(), store.close()])),
  }
}

async function failing<T>(url: string, open: (bare: string) => Promise<T>): Promise<T> {
  const { WrongDatabase } = await postgres()
  const bare = requireBare(url)
  try {
    return await open(bare)
  } catch (error) {
    if (error instanceof Failure) throw error
    if (error instanceof WrongDatabase) throw new Failure(`${bare}: ${error.message}`)
    throw new Failure(`the registry ${bare} cannot be opened: ${messageOf(error)}`)
  }
}

/** Node tries several addresses of a host: each has its own error. */
const messageOf = (error: unknown) =>
  error instanceof AggregateError
    ? error.errors.map(({ message }) => message).join('; ')
    : (error as Error).message
