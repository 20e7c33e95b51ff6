import type { Caller } from './caller.ts'
import { hashOf, isKey } from './key.ts'
import type { KeyStore, StoredKey } from './store.ts'

/** Milliseconds between two looks for changes: what `keys` does holds within a second. */
const EVERY = 500

/** The keys of a serving process, in its memory. */
export interface KeyRing {
  /** Who a key belongs to; null when nobody has it, or it is revoked or has expired. */
  callerOf(key: string): Caller | null
  /** Stops looking for changes and closes the store. */
  close(): Promise<void>
}

/**
 * Reads the keys, and again whenever they changed. That a key was used is noted behind the requests, once a day. While the
 * database cannot be asked the keys stay as they were read last; `failed` is told, once until it can again.
 */
export async function openKeyRing(store: KeyStore, failed: (error: unknown) => void): Promise<KeyRing> {
  let version = Number.NaN
  let byHash = new Map<string, Entry>()
  const use = useNotes(store)

  async function refresh(): Promise<void> {
    const now = await store.keysVersion()
    if (now === version) return
    const keys = await store.keys()
    const lineOf = linesOf(keys)
    byHash = new Map(
      keys
        .filter(({ revokedAt }) => revokedAt === null)
        .map((key) => [Buffer.from(key.hash).toString('base64url'), entryOf(key, lineOf(key))]),
    )
    version = now
  }

  await refresh()
  // A note waits for its turn to write: it must not hold up the next look.
  const work = [oneAtATime(refresh, failed), oneAtATime(use.write, failed)]
  const timer = setInterval(() => {
    for (const run of work) void run()
  }, EVERY).unref()
  return {
    callerOf(key) {
      if (!isKey(key)) return null
      const entry = byHash.get(hashOf(key).toString('base64url'))
      if (!entry || Date.now() >= entry.expiresAt) return null
      use.note(entry.id)
      return entry.caller
    },
    async close() {
      clearInterval(timer)
      await Promise.all(work.map((run) => run()))
      await store.close()
    },
  }
}

interface Entry {
  id: number
  caller: Caller
  /** Infinity = never. */
  expiresAt: number
}

/** The first of the keys that took the place of one another, up to this one. */
function linesOf(keys: readonly StoredKey[]): (key: StoredKey) => number {
  const before = new Map(keys.map(({ id, replacedBy }) => [replacedBy, id]))
  return ({ id }) => {
    let first = id
    for (let at: number | undefined = id; at !== undefined; at = before.get(at)) first = at
    return first
  }
}

const entryOf = (
  { id, role, name, scope, origins, perMinute, expiresAt }: StoredKey,
  line: number,
): Entry => ({
  id,
  caller: { role, name, scope, key: { id, line, origins, perMinute } },
  expiresAt: expiresAt ?? Number.POSITIVE_INFINITY,
})

/** Remembers which keys were used, to be written once a day each. */
function useNotes(store: KeyStore) {
  let day = ''
  let noted = new Set<number>()
  const waiting = new Set<number>()
  return {
    note(id: number) {
      if (!noted.has(id)) waiting.add(id)
    },
    async write() {
      const today = new Date().toISOString().slice(0, 10)
      if (today !== day) noted = new Set()
      day = today
      if (waiting.size === 0) return
      const ids = [...waiting]
      await store.noteUse(ids, today)
      for (const id of ids) {
        noted.add(id)
        waiting.delete(id)
      }
    },
  }
}

/** Runs `work` unless it is under way; tells of a failure when the run before had none. */
export function oneAtATime(work: () => Promise<void>, failed: (error: unknown) => void): () => Promise<void> {
  let running: Promise<void> | null = null
  let failing = false
  const run = async () => {
    try {
      await work()
      failing = false
    } catch (error) {
      if (!failing) failed(error)
      failing = true
    }
  }
  return () => {
    running ??= run().finally(() => {
      running = null
    })
    return running
  }
}
