/** What was made and may be asked for again, as far as `most` (bytes or characters) allows: what was asked for last stays. */
export function openKept<T extends { length: number }>(most: number) {
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
    keep(key: string, made: T): void {
      size += made.length - (kept.get(key)?.length ?? 0)
      kept.delete(key)
      kept.set(key, made)
      for (const [oldest, other] of kept) {
        if (size <= most) break
        kept.delete(oldest)
        size -= other.length
      }
    },
  }
}
