type Edge = readonly [from: number, to: number, metres: number]

export interface Paths {
  /** Metres from the nearest start; Infinity where none leads to. */
  readonly metres: Float64Array
  /** The node before on the shortest way, -1 at a start. */
  readonly before: Int32Array
  /** The start that is nearest, -1 where none leads to. */
  readonly source: Int32Array
}

/** Shortest ways (Dijkstra) through a graph whose edges can be walked both ways; each call starts anew. */
export function shortestPaths(nodes: number, edges: readonly Edge[]): (starts: readonly number[]) => Paths {
  const first = new Uint32Array(nodes + 1)
  for (const [a, b] of edges) {
    first[a + 1]!++
    first[b + 1]!++
  }
  for (let node = 0; node < nodes; node++) first[node + 1]! += first[node]!
  const place = first.slice()
  const to = new Uint32Array(2 * edges.length)
  const cost = new Float64Array(2 * edges.length)
  for (const [a, b, metres] of edges) {
    to[place[a]!] = b
    cost[place[a]!++] = metres
    to[place[b]!] = a
    cost[place[b]!++] = metres
  }
  return (starts) => {
    const metres = new Float64Array(nodes).fill(Infinity)
    const before = new Int32Array(nodes).fill(-1)
    const source = new Int32Array(nodes).fill(-1)
    const queue = new Queue()
    for (const start of starts) {
      metres[start] = 0
      source[start] = start
      queue.push(start, 0)
    }
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      const [at, so] = node
      if (so > metres[at]!) continue
      for (let edge = first[at]!; edge < first[at + 1]!; edge++) {
        const next = to[edge]!
        const sum = so + cost[edge]!
        if (sum >= metres[next]!) continue
        metres[next] = sum
        before[next] = at
        source[next] = source[at]!
        queue.push(next, sum)
      }
    }
    return { metres, before, source }
  }
}

/** A binary heap: the smallest comes out first. */
class Queue {
  private readonly items: [node: number, metres: number][] = []
  push(node: number, metres: number): void {
    const { items } = this
    let at = items.length
    while (at > 0) {
      const up = (at - 1) >> 1
      if (items[up]![1] <= metres) break
      items[at] = items[up]!
      at = up
    }
    items[at] = [node, metres]
  }
  pop(): [node: number, metres: number] | undefined {
    const { items } = this
    const top = items[0]
    const last = items.pop()
    if (!last || items.length === 0) return top
    let at = 0
    for (let down = 1; down < items.length; down = 2 * at + 1) {
      if (down + 1 < items.length && items[down + 1]![1] < items[down]![1]) down++
      if (items[down]![1] >= last[1]) break
      items[at] = items[down]!
      at = down
    }
    items[at] = last
    return top
  }
}
