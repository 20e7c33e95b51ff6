import { PbfReader } from 'pbf'

/** Tags of one object: those of the wanted keys. */
export type Tags = ReadonlyMap<string, string>
/** `refs` decodes the ids of the way's nodes. */
type VisitWay = (id: number, tags: Tags, refs: () => number[]) => void
/** Latitude and longitude in 1e-7 degrees WGS 84; `tags` is null when no wanted key is among them. */
type VisitNode = (id: number, lat: number, lon: number, tags: Tags | null) => void

/** First byte and the one after the last, in the bytes of a block. */
type Part = readonly [from: number, to: number]
const NOTHING: Part = [0, 0]

/**
 * One unpacked block of a PBF file (PrimitiveBlock): its nodes and ways; relations are passed over. Of the tags only those
 * with a wanted key are decoded. Bytes that are no such block throw plain errors, at once or while they are visited.
 */
export class OsmBlock {
  readonly #pbf: PbfReader
  readonly #bytes: Buffer
  readonly #wanted: ReadonlySet<string>
  readonly #nodes: Part[] = []
  readonly #dense: Part[] = []
  readonly #ways: Part[] = []
  #table: Part = NOTHING
  #granularity = 100
  #latOffset = 0
  #lonOffset = 0
  #strings: Strings | null = null

  constructor(bytes: Uint8Array, wanted: ReadonlySet<string>) {
    this.#pbf = new PbfReader(bytes)
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#wanted = wanted
    // the offsets may stand after the nodes that they move: only where things are is noted now
    const groups: Part[] = []
    this.#each([0, bytes.length], (field, pbf) => {
      if (field === 1) this.#table = this.#part()
      else if (field === 2) groups.push(this.#part())
      else if (field === 17) this.#granularity = pbf.readVarint(true)
      else if (field === 19) this.#latOffset = pbf.readVarint(true)
      else if (field === 20) this.#lonOffset = pbf.readVarint(true)
    })
    const lists = [[], this.#nodes, this.#dense, this.#ways]
    for (const group of groups) this.#each(group, (field) => lists[field]?.push(this.#part()))
  }

  get hasNodes(): boolean {
    return this.#nodes.length + this.#dense.length > 0
  }

  /** Visits the ways that have a wanted key. */
  ways(visit: VisitWay): void {
    let id = 0
    let keys = NOTHING
    let values = NOTHING
    let refs = NOTHING
    for (const way of this.#ways) {
      id = 0
      keys = values = refs = NOTHING
      this.#each(way, (field, pbf) => {
        if (field === 1) id = pbf.readVarint(true)
        else if (field === 2) keys = this.#part()
        else if (field === 3) values = this.#part()
        else if (field === 8) refs = this.#part()
      })
      const tags = this.#tagsOf(keys, values)
      const ofWay = refs
      if (tags) visit(id, tags, () => this.#sums(ofWay))
    }
  }

  /** Visits every node, also those without tags. */
  nodes(visit: VisitNode): void {
    for (const node of this.#nodes) this.#node(node, visit)
    for (const nodes of this.#dense) this.#denseNodes(nodes, visit)
  }

  #node(node: Part, visit: VisitNode): void {
    let id = 0
    let lat = 0
    let lon = 0
    let keys = NOTHING
    let values = NOTHING
    this.#each(node, (field, pbf) => {
      if (field === 1) id = pbf.readSVarint()
      else if (field === 2) keys = this.#part()
      else if (field === 3) values = this.#part()
      else if (field === 8) lat = pbf.readSVarint()
      else if (field === 9) lon = pbf.readSVarint()
    })
    visit(
      id,
      this.#degrees(lat, this.#latOffset),
      this.#degrees(lon, this.#lonOffset),
      this.#tagsOf(keys, values),
    )
  }

  /** All nodes of a group in columns, each number as the difference from the one before. */
  #denseNodes(nodes: Part, visit: VisitNode): void {
    let [ids, lats, lons, texts] = [NOTHING, NOTHING, NOTHING, NOTHING]
    this.#each(nodes, (field) => {
      if (field === 1) ids = this.#part()
      else if (field === 8) lats = this.#part()
      else if (field === 9) lons = this.#part()
      else if (field === 10) texts = this.#part()
    })
    const [idAt, latAt, lonAt, textAt] = [ids, lats, lons, texts].map(([from]) => {
      const at = new PbfReader(this.#bytes)
      at.pos = from
      return at
    }) as [PbfReader, PbfReader, PbfReader, PbfReader]
    // where no text of the block is a wanted key, the tags need no reading
    const tagged = texts[1] > texts[0] && this.#texts().hasWanted
    let id = 0
    let lat = 0
    let lon = 0
    while (idAt.pos < ids[1]) {
      id += idAt.readSVarint()
      lat += latAt.readSVarint()
      lon += lonAt.readSVarint()
      visit(
        id,
        this.#degrees(lat, this.#latOffset),
        this.#degrees(lon, this.#lonOffset),
        tagged ? this.#denseTags(textAt, texts[1]) : null,
      )
    }
    if (idAt.pos !== ids[1] || latAt.pos !== lats[1] || lonAt.pos !== lons[1])
      throw new Error('the columns of its nodes differ in length')
  }

  /** Key, value, key, value ... of one node, until a 0. */
  #denseTags(at: PbfReader, end: number): Tags | null {
    const texts = this.#texts()
    let tags: Map<string, string> | null = null
    while (at.pos < end) {
      const key = at.readVarint()
      if (key === 0) return tags
      const value = at.readVarint()
      const wanted = texts.wanted[key]
      if (wanted) tags = (tags ?? new Map<string, string>()).set(wanted, texts.at(value))
    }
    return tags
  }

  /** The wanted tags of an object whose keys and values are two lists of texts. */
  #tagsOf(keys: Part, values: Part): Tags | null {
    if (keys[0] === keys[1] || !this.#texts().hasWanted) return null
    const texts = this.#texts()
    const pbf = this.#pbf
    let tags: Map<string, string> | null = null
    let keyAt = keys[0]
    let valueAt = values[0]
    while (keyAt < keys[1]) {
      pbf.pos = keyAt
      const wanted = texts.wanted[pbf.readVarint()]
      keyAt = pbf.pos
      if (valueAt >= values[1]) throw new Error('an object has more keys than values')
      pbf.pos = valueAt
      const value = pbf.readVarint()
      valueAt = pbf.pos
      if (wanted) tags = (tags ?? new Map<string, string>()).set(wanted, texts.at(value))
    }
    return tags
  }

  #sums([from, to]: Part): number[] {
    const sums: number[] = []
    const pbf = this.#pbf
    pbf.pos = from
    for (let sum = 0; pbf.pos < to; ) {
      sum += pbf.readSVarint()
      sums.push(sum)
    }
    return sums
  }

  #texts(): Strings {
    this.#strings ??= new Strings(this.#bytes, this.#table, this.#wanted)
    return this.#strings
  }

  /** Units of the granularity (of 1e-9 degrees) to 1e-7 degrees, the most that the map itself keeps. */
  #degrees(units: number, offset: number): number {
    return Math.round((offset + this.#granularity * units) / 100)
  }

  /** The fields of a message; one that is not read is passed over. */
  #each([from, to]: Part, visit: (field: number, pbf: PbfReader) => void): void {
    const pbf = this.#pbf
    pbf.pos = from
    for (let field = pbf.nextField(to); field !== 0; field = pbf.nextField(to)) visit(field, pbf)
    if (pbf.pos !== to) throw new Error('a part reaches beyond the end of the whole')
  }

  /** Where the value of the field lies that stands next; goes on behind it. */
  #part(): Part {
    return partAt(this.#pbf)
  }
}

function partAt(pbf: PbfReader): Part {
  const length = pbf.readVarint()
  const from = pbf.pos
  pbf.pos += length
  if (!(pbf.pos <= pbf.length)) throw new Error('a part reaches beyond the end of the block')
  return [from, pbf.pos]
}

/** The texts of a block, decoded when they are asked for. */
class Strings {
  /** By the number of a text: the wanted key that it is, else ''. */
  readonly wanted: string[] = []
  readonly hasWanted: boolean
  readonly #bytes: Buffer
  readonly #parts: Uint32Array

  constructor(bytes: Buffer, [from, to]: Part, wanted: ReadonlySet<string>) {
    this.#bytes = bytes
    const pbf = new PbfReader(bytes)
    const parts: number[] = []
    const longest = Math.max(...[...wanted].map((key) => key.length))
    pbf.pos = from
    while (pbf.nextField(to) !== 0) {
      const [start, end] = partAt(pbf)
      parts.push(start, end)
      const text = end - start <= longest ? bytes.toString('latin1', start, end) : ''
      this.wanted.push(wanted.has(text) ? text : '')
    }
    this.#parts = Uint32Array.from(parts)
    this.hasWanted = this.wanted.some((key) => key !== '')
  }

  at(number: number): string {
    const to = this.#parts[2 * number + 1]
    if (to === undefined) throw new Error(`there is no text ${number}`)
    return this.#bytes.toString('utf8', this.#parts[2 * number], to)
  }
}
