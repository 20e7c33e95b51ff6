import type { KeyStore, StoredKey } from '../../src/access/store.ts'

/** A store in memory; `asked` counts how often the keys were read. */
export function memory() {
  const keys: StoredKey[] = []
  let version = 0
  const of = (id: number) => keys.find((key) => key.id === id)!
  const store = {
    asked: 0,
    used: [] as [number[], string][],
    closed: false,
    keysVersion: async () => version,
    async keys() {
      store.asked++
      return keys.map((key) => ({ ...key }))
    },
    async addKey(key, _actor, replaces) {
      version++
      keys.push({ ...key, id: keys.length + 1, revokedAt: null, replacedBy: null, usedOn: null })
      if (replaces) Object.assign(of(replaces.id), { replacedBy: keys.length, expiresAt: replaces.until })
      return { ...keys.at(-1)! }
    },
    async changeKeys(ids, to) {
      version++
      for (const id of ids) Object.assign(of(id), to)
    },
    async revokeKey(id, at) {
      version++
      of(id).revokedAt = at
    },
    keyEvents: async () => [],
    async noteUse(ids, day) {
      store.used.push([[...ids], day])
    },
    async close() {
      store.closed = true
    },
  } satisfies KeyStore & Record<string, unknown>
  return store
}
