/** A list of node ids that grows; numbers, not objects: 8 bytes for each. */
export class Refs {
  length = 0
  #ids = new Float64Array(1 << 16)

  add(ids: readonly number[]): void {
    while (this.length + ids.length > this.#ids.length) {
      const larger = new Float64Array(this.#ids.length * 2)
      larger.set(this.#ids)
      this.#ids = larger
    }
    this.#ids.set(ids, this.length)
    this.length += ids.length
  }

  at(index: number): number {
    return this.#ids[index]!
  }

  /** Every id once, sorted. */
  sorted(): Float64Array {
    const ids = this.#ids.slice(0, this.length).sort()
    let kept = 0
    for (let i = 0; i < ids.length; i++) if (i === 0 || ids[i] !== ids[i - 1]) ids[kept++] = ids[i]!
    return ids.subarray(0, kept)
  }
}

const MISSING = 0x7fffffff
/** Steps before a search starts anew: in a sorted file the next node wanted is near. */
const NEAR = 16

/** Where the nodes of a list of ids lie: sorted ids with their coordinates, 16 bytes for each. */
export class NodeTable {
  readonly #refs: Refs
  readonly #ids: Float64Array
  readonly #lats: Int32Array
  readonly #lons: Int32Array
  /** Where the last node was found or would stand. */
  #at = 0

  constructor(refs: Refs) {
    this.#refs = refs
    this.#ids = refs.sorted()
    this.#lats = new Int32Array(this.#ids.length).fill(MISSING)
    this.#lons = new Int32Array(this.#ids.length)
  }

  /** Notes the place of a node if it is wanted; 1e-7 degrees WGS 84. One that is not on the globe stays missing. */
  found(id: number, lat: number, lon: number): void {
    const ids = this.#ids
    let at = this.#at
    if (at > 0 && ids[at - 1]! >= id) at = this.#search(id)
    else {
      for (let step = 0; step < NEAR && ids[at]! < id; step++) at++
      if (ids[at]! < id) at = this.#search(id)
    }
    this.#at = at
    if (ids[at] !== id || Math.abs(lat) > 90e7 || Math.abs(lon) > 180e7) return
    this.#lats[at] = lat
    this.#lons[at] = lon
  }

  /** The refs `from` to `to` as points in degrees (latitude, longitude, latitude ...), cut where a node is missing. */
  pieces(from: number, to: number): number[][] {
    const pieces: number[][] = []
    let piece: number[] = []
    for (let i = from; i < to; i++) {
      const id = this.#refs.at(i)
      const at = this.#search(id)
      if (this.#ids[at] === id && this.#lats[at] !== MISSING) {
        if (piece.length === 0) pieces.push(piece)
        piece.push(this.#lats[at]! / 1e7, this.#lons[at]! / 1e7)
      } else piece = []
    }
    return pieces
  }

  /** Position of the first id that is not smaller. */
  #search(id: number): number {
    let from = 0
    let to = this.#ids.length
    while (from < to) {
      const middle = (from + to) >>> 1
      if (this.#ids[middle]! < id) from = middle + 1
      else to = middle
    }
    return from
  }
}
