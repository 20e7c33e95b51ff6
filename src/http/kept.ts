/**
 * What was made and may be asked for again, as far as `most` allows of what `sizeOf` measures (bytes, characters, or 1 for their
 * number): what was asked for last stays.
 */
export function openKept<T>(most: number, sizeOf: (made: T) => number) {
  const kept = new Map<string, T>()
  let size = 0
  return {
    get(key: string): T | undefined {
      const known = kept.get(key)
      if (known === undefined) return undefined
      kept.delete(key)
      kept.set(key, known)
      return known
    },
    keep(key: string, made: T): T {
      const before = kept.get(key)
      if (before !== undefined) size -= sizeOf(before)
      size += sizeOf(made)
      kept.delete(key)
      kept.set(key, made)
      for (const [oldest, other] of kept) {
        if (size <= most) break
        kept.delete(oldest)
        size -= sizeOf(other)
      }
      return made
    },
  }
}
