import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import type { Topology } from '../../geo/topology.ts'
import { DataUnreadable, seal, unseal } from '../sealed.ts'

const MAGIC = 'VPBC'
const VERSION = 1
const MAX_BODY = 256 * 1024 * 1024

/** The committed form of the boundaries. */
export interface CompactBoundaries {
  /** Commune codes; the topology's owners are positions in it. */
  readonly codes: readonly string[]
  /** The most that a border was moved by thinning and rounding. */
  readonly toleranceMetres: number
  /** All coordinates are multiples of this many millionths of a degree. */
  readonly step: number
  readonly topology: Topology
}

/**
 * Bytes of the compact form: a brotli stream of varints (zigzag differences): header as JSON, vertices of each arc,
 * rings of each commune as references to arcs. The same input gives the same bytes.
 */
export function encodeCompact({ codes, toleranceMetres, step, topology }: CompactBoundaries): Buffer {
  const { xy, arcStart, ringArcs, ringStart, ringOwner } = topology
  const out = new VarintWriter()
  const header = Buffer.from(JSON.stringify({ toleranceMetres, step, codes }))
  out.unsigned(header.length)
  for (const byte of header) out.byte(byte)
  out.unsigned(arcStart.length - 1)
  let [x, y] = [0, 0]
  for (let arc = 0; arc + 1 < arcStart.length; arc++) {
    out.unsigned(arcStart[arc + 1]! - arcStart[arc]!)
    for (let i = arcStart[arc]!; i < arcStart[arc + 1]!; i++) {
      out.signed(xy[2 * i]! / step - x)
      out.signed(xy[2 * i + 1]! / step - y)
      x = xy[2 * i]! / step
      y = xy[2 * i + 1]! / step
    }
  }
  out.unsigned(ringOwner.length)
  let [owner, ref] = [0, 0]
  for (let ring = 0; ring < ringOwner.length; ring++) {
    out.signed(ringOwner[ring]! - owner)
    owner = ringOwner[ring]!
    out.unsigned(ringStart[ring + 1]! - ringStart[ring]!)
    for (let k = ringStart[ring]!; k < ringStart[ring + 1]!; k++) {
      out.signed(ringArcs[k]! - ref)
      ref = ringArcs[k]!
    }
  }
  const body = out.bytes()
  const packed = brotliCompressSync(body, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
    },
  })
  return seal(MAGIC, VERSION, packed)
}

/** Reads the compact form; `source` names it in errors. Throws `DataUnreadable`. */
export function decodeCompact(bytes: Uint8Array, source: string): CompactBoundaries {
  const packed = unseal(source, MAGIC, VERSION, bytes)
  try {
    return decodeBody(brotliDecompressSync(packed, { maxOutputLength: MAX_BODY }))
  } catch (error) {
    throw new DataUnreadable(source, (error as Error).message)
  }
}

function decodeBody(body: Uint8Array): CompactBoundaries {
  const input = new VarintReader(body)
  const { toleranceMetres, step, codes } = JSON.parse(
    Buffer.from(input.take(input.unsigned())).toString('utf8'),
  )
  const arcs = input.unsigned()
  const arcStart = new Uint32Array(arcs + 1)
  // A vertex takes at least two bytes, so the rest of the body bounds their number.
  const xy = new Int32Array(body.length - input.at)
  let [at, x, y] = [0, 0, 0]
  for (let arc = 0; arc < arcs; arc++) {
    for (let left = input.unsigned(); left > 0; left--) {
      x += input.signed()
      y += input.signed()
      xy[at++] = x * step
      xy[at++] = y * step
    }
    arcStart[arc + 1] = at / 2
  }
  const rings = input.unsigned()
  const ringOwner = new Uint32Array(rings)
  const ringStart = new Uint32Array(rings + 1)
  const ringArcs: number[] = []
  let [owner, ref] = [0, 0]
  for (let ring = 0; ring < rings; ring++) {
    owner += input.signed()
    ringOwner[ring] = owner
    for (let left = input.unsigned(); left > 0; left--) {
      ref += input.signed()
      ringArcs.push(ref)
    }
    ringStart[ring + 1] = ringArcs.length
  }
  const topology = {
    xy: xy.slice(0, at),
    arcStart,
    ringArcs: Int32Array.from(ringArcs),
    ringStart,
    ringOwner,
  }
  return { codes, toleranceMetres, step, topology }
}

class VarintWriter {
  private buffer = Buffer.alloc(1 << 16)
  private length = 0
  byte(value: number): void {
    if (this.length === this.buffer.length) this.buffer = Buffer.concat([this.buffer, this.buffer])
    this.buffer[this.length++] = value
  }
  unsigned(value: number): void {
    let rest = value
    while (rest > 127) {
      this.byte((rest & 127) | 128)
      rest = Math.floor(rest / 128)
    }
    this.byte(rest)
  }
  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value)
  }
  bytes(): Buffer {
    return this.buffer.subarray(0, this.length)
  }
}

class VarintReader {
  private readonly body: Uint8Array
  at = 0
  constructor(body: Uint8Array) {
    this.body = body
  }
  take(count: number): Uint8Array {
    this.at += count
    return this.body.subarray(this.at - count, this.at)
  }
  unsigned(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.body[this.at++]
      if (byte === undefined) throw new RangeError('ends inside a number')
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  signed(): number {
    const value = this.unsigned()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
}
