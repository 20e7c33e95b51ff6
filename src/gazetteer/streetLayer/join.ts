import { scaleAt } from '../../geo/flatEarth.ts'

/** Two points of lines that are taken as joined: line, place in it, line, place in it. */
export type Link = readonly [number, number, number, number]

/** Ends this near to another line of their name are linked to it (metres): both carriageways, slips of the mapper. */
const LINK_METRES = 60

/**
 * Lines (longitude, latitude in millionths of a degree) in groups that hang together: those that come within `metres` of each
 * other anywhere. The links tie the lines of a group where they share no point.
 */
export function hangTogether(
  lines: readonly Int32Array[],
  metres: number,
): { groups: number[][]; links: Link[] } {
  const parent = lines.map((_, at) => at)
  const rootOf = (line: number): number => {
    let root = line
    while (parent[root] !== root) root = parent[root]!
    parent[line] = root
    return root
  }
  const links: Link[] = []
  const order = lines.map(boxOf).sort((a, b) => a.left - b.left)
  order.forEach((a, place) => {
    const scale = scaleAt(a.bottom / 1e6)
    const [dx, dy] = [metres / scale.x, metres / scale.y]
    for (let next = place + 1; next < order.length && order[next]!.left <= a.right + dx; next++) {
      const b = order[next]!
      if (b.bottom > a.top + dy || b.top < a.bottom - dy) continue
      const [one, other] = [lines[a.line]!, lines[b.line]!]
      const near = closest(one, other, scale)
      if (near.metres > metres) continue
      const together = rootOf(a.line) === rootOf(b.line)
      parent[rootOf(a.line)] = rootOf(b.line)
      const before = links.length
      for (const at of [0, one.length / 2 - 1]) {
        const end = closest(one.subarray(2 * at, 2 * at + 2), other, scale)
        if (end.metres > 0 && end.metres <= LINK_METRES) links.push([a.line, at, b.line, end.other])
      }
      for (const at of [0, other.length / 2 - 1]) {
        const end = closest(other.subarray(2 * at, 2 * at + 2), one, scale)
        if (end.metres > 0 && end.metres <= LINK_METRES) links.push([b.line, at, a.line, end.other])
      }
      if (!together && near.metres > 0 && links.length === before)
        links.push([a.line, near.at, b.line, near.other])
    }
  })
  const groups = new Map<number, number[]>()
  lines.forEach((_, line) => {
    const root = rootOf(line)
    const group = groups.get(root)
    if (group) group.push(line)
    else groups.set(root, [line])
  })
  return { groups: [...groups.values()], links }
}

/** The two points of two lines that are nearest to each other. */
function closest(
  one: Int32Array,
  other: Int32Array,
  scale: { x: number; y: number },
): { metres: number; at: number; other: number } {
  let best = { squared: Infinity, at: 0, other: 0 }
  const [n, m] = [one.length / 2, other.length / 2]
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      const dx = (one[2 * i]! - other[2 * j]!) * scale.x
      const dy = (one[2 * i + 1]! - other[2 * j + 1]!) * scale.y
      const squared = dx * dx + dy * dy
      if (squared < best.squared) best = { squared, at: i, other: j }
    }
  }
  return { metres: Math.sqrt(best.squared), at: best.at, other: best.other }
}

function boxOf(xy: Int32Array, line: number) {
  const box = { line, left: Infinity, right: -Infinity, bottom: Infinity, top: -Infinity }
  for (let i = 0; i < xy.length; i += 2) {
    box.left = Math.min(box.left, xy[i]!)
    box.right = Math.max(box.right, xy[i]!)
    box.bottom = Math.min(box.bottom, xy[i + 1]!)
    box.top = Math.max(box.top, xy[i + 1]!)
  }
  return box
}
