/** Milliseconds in which requests are counted. Windows begin with the minute of the clock, so that processes agree on them. */
export const WINDOW = 60_000
/** Names (keys, networks) that are remembered within a window, some 10 MB; beyond that the one that came first is forgotten. */
const MOST = 100_000

/** How often each name asked in the window that a time lies in; with what other processes told (see shareCounts.ts). */
export interface Counts {
  /** Counts `n` more unless they would pass the limit. `left` = how many are left then. */
  take(name: string, n: number, limit: number, now: number): { taken: boolean; left: number }
  /** What this process counted of the names that changed since the last call. */
  changes(now: number): WindowCounts
  /** Takes over what all other processes together counted. What is told of another window is too late or too early. */
  learn(told: WindowCounts, now: number): void
}

export interface WindowCounts {
  /** The number of the window since 1970. */
  window: number
  counts: [name: string, n: number][]
}

const windowOf = (now: number): number => Math.floor(now / WINDOW)

/** Seconds until the window ends. */
export const secondsLeft = (now: number): number => Math.ceil((WINDOW - (now % WINDOW)) / 1_000)

export function openCounts(most = MOST): Counts {
  let window = 0
  const own = new Map<string, number>()
  const others = new Map<string, number>()
  const changed = new Set<string>()

  function roll(now: number): void {
    if (windowOf(now) === window) return
    window = windowOf(now)
    own.clear()
    others.clear()
    changed.clear()
  }

  return {
    take(name, n, limit, now) {
      roll(now)
      const mine = own.get(name) ?? 0
      const left = Math.max(0, limit - mine - (others.get(name) ?? 0))
      if (n > left) return { taken: false, left }
      remember(own, name, mine + n, most)
      changed.add(name)
      return { taken: true, left: left - n }
    },
    changes(now) {
      roll(now)
      // What was forgotten since is not told.
      const counts = [...changed].flatMap((name): WindowCounts['counts'] => {
        const n = own.get(name)
        return n === undefined ? [] : [[name, n]]
      })
      changed.clear()
      return { window, counts }
    },
    learn(told, now) {
      roll(now)
      if (told.window !== window) return
      for (const [name, n] of told.counts) remember(others, name, n, most)
    },
  }
}

/** Sets a value; the oldest entry goes when there are too many. */
export function remember<V>(map: Map<string, V>, name: string, value: V, most: number): void {
  map.set(name, value)
  if (map.size > most) map.delete(map.keys().next().value!)
}
