/**
 * Shared arcs of polygons: every stretch of border is stored once, so that neighbours simplified arc by arc stay
 * without gaps. The junction rule is that of TopoJSON (a vertex whose two neighbours differ between rings), on flat
 * typed arrays because the country has seven million vertices.
 */

/** Coordinates are integers, millionths of a degree WGS 84, as x, y pairs. */
export interface RingSet {
  readonly xy: Int32Array
  /** First vertex of each ring and the end of the last; rings are open (the first vertex is not repeated). */
  readonly ringStart: Uint32Array
  /** The polygon (by position) that each ring belongs to; holes are rings of it like the others. */
  readonly ringOwner: Uint32Array
}

export interface Topology {
  /** Vertices of the arcs, one arc after the other; each arc holds both of its ends. */
  readonly xy: Int32Array
  /** First vertex of each arc and the end of the last. */
  readonly arcStart: Uint32Array
  /** Arcs of the rings in order: `a` forwards, `~a` backwards. */
  readonly ringArcs: Int32Array
  readonly ringStart: Uint32Array
  readonly ringOwner: Uint32Array
}

/** Cuts rings at their junctions and keeps each distinct arc once. Rings must have at least three vertices. */
export function buildTopology(rings: RingSet): Topology {
  const { xy, ringStart, ringOwner } = rings
  const { ids, distinct } = identifyVertices(xy)
  const junction = findJunctions(ids, distinct, ringStart)

  // Between junctions a vertex has the same two neighbours in every ring, so its first step names a whole arc.
  const arcByFirstStep = new Map<number, number>()
  const step = (from: number, to: number) => from * distinct + to
  const arcVertices = new Growing(1 << 20)
  const arcStart = [0]
  const ringArcs: number[] = []
  const ringArcStart = [0]

  const addArc = (start: number, size: number, from: number, length: number) => {
    const at = (k: number) => start + ((from + k) % size)
    const first = ids[at(0)]!
    const last = ids[at(length)]!
    const known = arcByFirstStep.get(step(first, ids[at(1)]!))
    if (known !== undefined) {
      ringArcs.push(known)
      return
    }
    const arc = arcStart.length - 1
    for (let k = 0; k <= length; k++) arcVertices.push(xy[2 * at(k)]!, xy[2 * at(k) + 1]!)
    arcStart.push(arcVertices.length / 2)
    arcByFirstStep.set(step(first, ids[at(1)]!), arc)
    arcByFirstStep.set(step(last, ids[at(length - 1)]!), ~arc)
    ringArcs.push(arc)
  }

  for (let ring = 0; ring < ringOwner.length; ring++) {
    const start = ringStart[ring]!
    const size = ringStart[ring + 1]! - start
    let first = -1
    for (let i = 0; i < size && first < 0; i++) if (junction[ids[start + i]!]) first = i
    if (first < 0) {
      // A ring without junctions is one closed arc; its lowest id makes the start the same for hole and island.
      let lowest = 0
      for (let i = 1; i < size; i++) if (ids[start + i]! < ids[start + lowest]!) lowest = i
      addArc(start, size, lowest, size)
    } else {
      let from = first
      for (let i = first + 1; i <= first + size; i++) {
        if (i < first + size && !junction[ids[start + (i % size)]!]) continue
        addArc(start, size, from % size, i - from)
        from = i
      }
    }
    ringArcStart.push(ringArcs.length)
  }
  return {
    xy: arcVertices.done(),
    arcStart: Uint32Array.from(arcStart),
    ringArcs: Int32Array.from(ringArcs),
    ringStart: Uint32Array.from(ringArcStart),
    ringOwner,
  }
}

/** Gives equal vertices equal ids, counted in order of first appearance. */
function identifyVertices(xy: Int32Array): { ids: Uint32Array; distinct: number } {
  const count = xy.length / 2
  const bits = Math.max(4, Math.ceil(Math.log2(count * 2 + 1)))
  const mask = 2 ** bits - 1
  const slots = new Int32Array(2 ** bits).fill(-1)
  const ids = new Uint32Array(count)
  let distinct = 0
  for (let i = 0; i < count; i++) {
    const x = xy[2 * i]!
    const y = xy[2 * i + 1]!
    let hash = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    let slot = (hash ^ (hash >>> 13)) & mask
    for (;;) {
      const seen = slots[slot]!
      if (seen < 0) {
        slots[slot] = i
        ids[i] = distinct++
        break
      }
      if (xy[2 * seen] === x && xy[2 * seen + 1] === y) {
        ids[i] = ids[seen]!
        break
      }
      slot = (slot + 1) & mask
    }
  }
  return { ids, distinct }
}

function findJunctions(ids: Uint32Array, distinct: number, ringStart: Uint32Array): Uint8Array {
  const left = new Int32Array(distinct).fill(-1)
  const right = new Int32Array(distinct)
  const junction = new Uint8Array(distinct)
  for (let ring = 0; ring + 1 < ringStart.length; ring++) {
    const start = ringStart[ring]!
    const end = ringStart[ring + 1]!
    for (let i = start; i < end; i++) {
      const id = ids[i]!
      const before = ids[i === start ? end - 1 : i - 1]!
      const after = ids[i === end - 1 ? start : i + 1]!
      if (left[id]! < 0) {
        left[id] = before
        right[id] = after
      } else if (
        !(left[id] === before && right[id] === after) &&
        !(left[id] === after && right[id] === before)
      ) {
        junction[id] = 1
      }
    }
  }
  return junction
}

/** A growing list of integers. */
export class Growing {
  private values: Int32Array
  length = 0
  constructor(capacity: number) {
    this.values = new Int32Array(capacity)
  }
  push(x: number, y: number): void {
    if (this.length + 2 > this.values.length) {
      const larger = new Int32Array(this.values.length * 2)
      larger.set(this.values)
      this.values = larger
    }
    this.values[this.length++] = x
    this.values[this.length++] = y
  }
  done(): Int32Array {
    return this.values.slice(0, this.length)
  }
}
