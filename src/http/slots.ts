import { Problem } from './problems.ts'

/** What one process has under way at most; docs/settings.md has what that makes of several. */
export const UNDER_WAY = {
  /** Files of /search/csv and /reverse/csv that are answered, and those that are received: these cost less. */
  csvAnswered: 8,
  csvReceived: 16,
  /** Such files of one client, until they are answered: nobody is to keep others out. */
  csvOfAddress: 2,
  csvOfKey: 4,
  /** Of one key. */
  uploads: 3,
  previews: 3,
  streams: 10,
  worklists: 2,
  /** Tiles of the map that wait to be cut, of one address: browsers ask for six at a time, an office for those of a few people. */
  tiles: 24,
} as const

/** Places of one kind of work in one process. Callers without a key hold at most half of them: the rest waits for keys. */
export interface Slots {
  /** Takes a place; what it answers gives it back, once. Throws `too-many-files`. */
  take(keyed: boolean): () => void
}

export function openSlots(most: number): Slots {
  const taken = { keyed: 0, public: 0 }
  return {
    take(keyed) {
      const kind = keyed ? 'keyed' : 'public'
      if (taken.keyed + taken.public >= most || (!keyed && taken.public >= most / 2))
        throw new Problem('too-many-files')
      taken[kind]++
      let held = true
      return () => {
        if (held) taken[kind]--
        held = false
      }
    },
  }
}

/** Counts what each name has under way. `take` throws `too-many-at-once`; what it answers is called at the end, once. */
export function openShares(most: number): { take(name: string): () => void } {
  const shares = new Map<string, number>()
  return {
    take(name) {
      const before = shares.get(name) ?? 0
      if (before >= most) throw new Problem('too-many-at-once')
      shares.set(name, before + 1)
      return () => {
        const left = shares.get(name)! - 1
        if (left > 0) shares.set(name, left)
        else shares.delete(name)
      }
    },
  }
}
