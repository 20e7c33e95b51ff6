import { closeSync, openSync, writeSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import { PbfWriter } from 'pbf'

/** Writes OpenStreetMap PBF files, for tests and benchmarks. */

export type Tags = Readonly<Record<string, string>>
export interface OsmNode {
  readonly id: number
  /** Degrees WGS 84. */
  readonly lat: number
  readonly lon: number
  readonly tags?: Tags
}
export interface OsmWay {
  readonly id: number
  readonly refs: readonly number[]
  readonly tags?: Tags
}
export interface OsmRelation {
  readonly id: number
  readonly tags?: Tags
}

export interface PbfOptions {
  requiredFeatures?: readonly string[]
  /** Seconds since 1970 of the data (osmosis_replication_timestamp). */
  timestamp?: number
  /** Of the nodes: in columns (DenseNodes), or one message each. */
  dense?: boolean
  /** Units of the coordinates and what is added to them, in 1e-9 degrees. */
  granularity?: number
  latOffset?: number
  lonOffset?: number
  packing?: 'zlib' | 'none'
  /** Of zlib, 1 to 9. */
  level?: number
}

/** A PBF file being written: each call of `nodes`, `ways` and `relations` is one block. */
export class PbfFile {
  readonly #fd: number
  readonly #options: Required<Omit<PbfOptions, 'timestamp'>>

  constructor(path: string, { timestamp, ...options }: PbfOptions = {}) {
    this.#fd = openSync(path, 'w')
    this.#options = {
      requiredFeatures: ['OsmSchema-V0.6', 'DenseNodes'],
      dense: true,
      granularity: 100,
      latOffset: 0,
      lonOffset: 0,
      packing: 'zlib',
      level: 6,
      ...options,
    }
    const head = new PbfWriter()
    for (const feature of this.#options.requiredFeatures) head.writeStringField(4, feature)
    head.writeStringField(16, 'test writer')
    if (timestamp !== undefined) head.writeVarintField(32, timestamp)
    this.raw(blob('OSMHeader', head.finish(), this.#options))
  }

  nodes(nodes: readonly OsmNode[]): void {
    const texts = new Texts()
    const { granularity, latOffset, lonOffset, dense } = this.#options
    const units = (degrees: number, offset: number) => Math.round((degrees * 1e9 - offset) / granularity)
    const group = new PbfWriter()
    if (dense) {
      const dense = new PbfWriter()
      dense.writePackedSVarint(1, deltas(nodes.map(({ id }) => id)))
      dense.writePackedSVarint(8, deltas(nodes.map(({ lat }) => units(lat, latOffset))))
      dense.writePackedSVarint(9, deltas(nodes.map(({ lon }) => units(lon, lonOffset))))
      dense.writeBytesField(5, denseInfo(nodes))
      if (nodes.some(({ tags }) => tags)) {
        dense.writePackedVarint(
          10,
          nodes.flatMap(({ tags = {} }) => [
            ...Object.entries(tags).flatMap(([key, value]) => [texts.of(key), texts.of(value)]),
            0,
          ]),
        )
      }
      group.writeBytesField(2, dense.finish())
    } else
      for (const { id, lat, lon, tags } of nodes) {
        const node = new PbfWriter()
        node.writeSVarintField(1, id)
        writeTags(node, tags, texts)
        node.writeSVarintField(8, units(lat, latOffset))
        node.writeSVarintField(9, units(lon, lonOffset))
        group.writeBytesField(1, node.finish())
      }
    this.#block(group, texts)
  }

  ways(ways: readonly OsmWay[]): void {
    this.#objects(3, ways, (message, { refs }) => message.writePackedSVarint(8, deltas(refs)))
  }

  relations(relations: readonly OsmRelation[]): void {
    this.#objects(4, relations, () => {})
  }

  /** Bytes as they are, for files with faults. */
  raw(bytes: Uint8Array): void {
    writeSync(this.#fd, bytes)
  }

  close(): void {
    closeSync(this.#fd)
  }

  #objects<T extends OsmRelation>(
    field: number,
    objects: readonly T[],
    more: (message: PbfWriter, of: T) => void,
  ): void {
    const texts = new Texts()
    const group = new PbfWriter()
    for (const object of objects) {
      const message = new PbfWriter()
      message.writeVarintField(1, object.id)
      writeTags(message, object.tags, texts)
      more(message, object)
      group.writeBytesField(field, message.finish())
    }
    this.#block(group, texts)
  }

  #block(group: PbfWriter, texts: Texts): void {
    const { granularity, latOffset, lonOffset } = this.#options
    const block = new PbfWriter()
    block.writeBytesField(1, texts.table())
    block.writeBytesField(2, group.finish())
    // behind the group, as the format's own writer has them
    block.writeVarintField(17, granularity)
    block.writeVarintField(19, latOffset)
    block.writeVarintField(20, lonOffset)
    this.raw(blob('OSMData', block.finish(), this.#options))
  }
}

/** One block as it stands in a file. `size`: what it says that it unpacks to, where that is not so. */
export function blob(
  type: string,
  bytes: Uint8Array,
  {
    packing = 'zlib',
    level = 6,
    size = bytes.length,
  }: { packing?: string; level?: number; size?: number } = {},
): Buffer {
  const body = new PbfWriter()
  if (packing === 'none') body.writeBytesField(1, bytes)
  else {
    body.writeVarintField(2, size)
    body.writeBytesField(PACKINGS[packing]!, packing === 'zlib' ? deflateSync(bytes, { level }) : bytes)
  }
  const packed = body.finish()
  const head = new PbfWriter()
  head.writeStringField(1, type)
  head.writeVarintField(3, packed.length)
  const header = head.finish()
  const length = Buffer.alloc(4)
  length.writeUInt32BE(header.length)
  return Buffer.concat([length, header, packed])
}

const PACKINGS: Readonly<Record<string, number>> = { zlib: 3, lzma: 4, lz4: 6, zstd: 7 }

/** Version and time of each node, as extracts have them; made up, and never read. */
function denseInfo(nodes: readonly OsmNode[]): Uint8Array {
  const info = new PbfWriter()
  info.writePackedVarint(
    1,
    nodes.map(({ id }) => 1 + (id % 3)),
  )
  info.writePackedSVarint(
    2,
    deltas(nodes.map(({ id }) => 1_400_000_000 + (((id >> 3) * 7919) % 200_000_000))),
  )
  return info.finish()
}

function writeTags(message: PbfWriter, tags: Tags = {}, texts: Texts): void {
  message.writePackedVarint(
    2,
    Object.keys(tags).map((key) => texts.of(key)),
  )
  message.writePackedVarint(
    3,
    Object.values(tags).map((value) => texts.of(value)),
  )
}

function deltas(numbers: readonly number[]): number[] {
  let last = 0
  return numbers.map((number) => {
    const delta = number - last
    last = number
    return delta
  })
}

/** The table of the texts of a block; text 0 is empty. */
class Texts {
  readonly #numbers = new Map([['', 0]])

  of(text: string): number {
    let number = this.#numbers.get(text)
    if (number === undefined) {
      number = this.#numbers.size
      this.#numbers.set(text, number)
    }
    return number
  }

  table(): Uint8Array {
    const table = new PbfWriter()
    for (const text of this.#numbers.keys()) table.writeBytesField(1, Buffer.from(text))
    return table.finish()
  }
}
