import { scaleAt } from './flatEarth.ts'
import type { Topology } from './topology.ts'

interface Overlap {
  /** The two polygons, the lower position first. */
  readonly a: number
  readonly b: number
  readonly km2: number
}
export interface Coverage {
  /** Square kilometres that each polygon covers, counted once however its rings run. */
  readonly km2: Float64Array
  /** Pairs that cover the same ground, largest first. */
  readonly overlaps: readonly Overlap[]
}

/**
 * Measures by scan lines, `rowStep` millionths of a degree apart, what each polygon covers and what two cover together.
 * Exact along a line, sampled across them: an overlap narrower than the step counts by the lines that meet it.
 */
export function measureCoverage(topology: Topology, polygons: number, rowStep = 500): Coverage {
  const { keys, rowStart, firstRow } = crossings(topology, polygons, rowStep)
  const km2 = new Float64Array(polygons)
  const shared = new Map<number, number>()
  for (let row = 0; row + 1 < rowStart.length; row++) {
    const line = keys.subarray(rowStart[row]!, rowStart[row + 1]!).sort()
    const scale = scaleAt(rowHeight(firstRow + row, rowStep) / 1e6)
    const km2PerUnit = (scale.x * scale.y * rowStep) / 1e6
    const inside: number[] = []
    let before = 0
    for (const key of line) {
      const x = Math.floor(key / polygons)
      const area = (x - before) * km2PerUnit
      before = x
      for (let i = 0; i < inside.length; i++) {
        km2[inside[i]!]! += area
        for (let j = i + 1; area > 0 && j < inside.length; j++) {
          const pair = Math.min(inside[i]!, inside[j]!) * polygons + Math.max(inside[i]!, inside[j]!)
          shared.set(pair, (shared.get(pair) ?? 0) + area)
        }
      }
      const polygon = key - x * polygons
      const at = inside.indexOf(polygon)
      if (at < 0) inside.push(polygon)
      else inside.splice(at, 1)
    }
  }
  const overlaps = [...shared].map(([pair, area]) => ({
    a: Math.floor(pair / polygons),
    b: pair % polygons,
    km2: area,
  }))
  overlaps.sort((p, q) => q.km2 - p.km2 || p.a - q.a || p.b - q.b)
  return { km2, overlaps }
}

/** Half a millionth beside whole numbers, so that no line runs through a vertex. */
function rowHeight(row: number, rowStep: number): number {
  return row * rowStep + Math.floor(rowStep / 2) + 0.5
}

/** Where rings cross the scan lines: keys x * polygons + polygon, grouped by line. */
function crossings(topology: Topology, polygons: number, rowStep: number) {
  const { xy, arcStart } = topology
  let low = Infinity
  let high = -Infinity
  for (let i = 1; i < xy.length; i += 2) {
    low = Math.min(low, xy[i]!)
    high = Math.max(high, xy[i]!)
  }
  const firstRow = Math.floor(low / rowStep) - 1
  const rows = xy.length === 0 ? 0 : Math.floor(high / rowStep) + 2 - firstRow
  const eachCrossing = (visit: (row: number, x: number, polygon: number) => void) => {
    eachRingArc(topology, (arc, owner) => {
      for (let i = arcStart[arc]!; i + 1 < arcStart[arc + 1]!; i++) {
        const y0 = xy[2 * i + 1]!
        const y1 = xy[2 * i + 3]!
        const from = Math.ceil((Math.min(y0, y1) - rowHeight(0, rowStep)) / rowStep)
        const to = Math.floor((Math.max(y0, y1) - rowHeight(0, rowStep)) / rowStep)
        for (let row = from; row <= to; row++) {
          const part = (rowHeight(row, rowStep) - y0) / (y1 - y0)
          visit(row - firstRow, xy[2 * i]! + part * (xy[2 * i + 2]! - xy[2 * i]!), owner)
        }
      }
    })
  }
  const rowStart = new Uint32Array(rows + 1)
  eachCrossing((row) => {
    rowStart[row + 1]!++
  })
  for (let row = 0; row < rows; row++) rowStart[row + 1]! += rowStart[row]!
  const next = rowStart.slice()
  const keys = new Float64Array(rowStart[rows] ?? 0)
  eachCrossing((row, x, polygon) => {
    keys[next[row]!++] = Math.round(x) * polygons + polygon
  })
  return { keys, rowStart, firstRow }
}

/** Calls with every arc of every ring and the polygon it belongs to. */
export function eachRingArc(topology: Topology, visit: (arc: number, owner: number) => void): void {
  const { ringArcs, ringStart, ringOwner } = topology
  for (let ring = 0; ring < ringOwner.length; ring++) {
    for (let k = ringStart[ring]!; k < ringStart[ring + 1]!; k++) {
      const ref = ringArcs[k]!
      visit(ref < 0 ? ~ref : ref, ringOwner[ring]!)
    }
  }
}
