import { type PolygonArrays, PolygonIndex } from '../../geo/polygonIndex.ts'
import { BoundariesUnreadable } from './faults.ts'
import { SEAL_BYTES, seal, sealedVersion, unseal } from './sealed.ts'

const MAGIC = 'VPBI'
const VERSION = 1
/** The arrays of the index in the order of the file, with their element types. */
const SECTIONS = {
  grid: Int32Array,
  tiles: Int32Array,
  cells: Int32Array,
  lists: Uint16Array,
  xy: Int32Array,
  polygons: Int32Array,
  bandStart: Uint32Array,
  bandEdges: Uint32Array,
} as const
type SectionName = keyof typeof SECTIONS
interface ArrayView {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: SharedArrayBuffer, offset: number, length: number): ArrayBufferView
}

/** What is known of an index besides its arrays. */
export interface IndexFacts {
  /** Commune codes; the index answers with positions in it. */
  readonly codes: readonly string[]
  readonly toleranceMetres: number
  readonly use: 'shipped' | 'imported'
  /** Where the boundaries come from, for people. */
  readonly origin: string
}
export interface OpenedIndex extends IndexFacts {
  readonly version: string
  readonly index: PolygonIndex
}

/** The ready-made index as bytes: JSON header, then each array at a multiple of eight bytes (little-endian). */
export function encodeIndex(arrays: PolygonArrays, facts: IndexFacts): Buffer {
  const names = Object.keys(SECTIONS) as SectionName[]
  const lengths = Object.fromEntries(names.map((name) => [name, arrays[name].length]))
  const header = Buffer.from(JSON.stringify({ ...facts, lengths }))
  const parts: Uint8Array[] = []
  const put = (bytes: Uint8Array) => parts.push(bytes, Buffer.alloc(-bytes.length & 7))
  const size = Buffer.alloc(8)
  size.writeUInt32LE(header.length)
  put(size)
  put(header)
  for (const name of names) {
    const { buffer, byteOffset, byteLength } = arrays[name]
    put(new Uint8Array(buffer, byteOffset, byteLength))
  }
  return seal(MAGIC, VERSION, Buffer.concat(parts))
}

/**
 * Opens the bytes of an index without copying them: its arrays are views of `buffer`, which may be shared by threads.
 * `trusted` skips the checksum (a thread opening what its parent has checked). Throws `BoundariesUnreadable`.
 */
export function openIndex(buffer: SharedArrayBuffer, source: string, trusted = false): OpenedIndex {
  const bytes = new Uint8Array(buffer)
  const body = trusted ? bytes.subarray(SEAL_BYTES) : unseal(source, MAGIC, VERSION, bytes)
  const headerLength = new DataView(bytes.buffer, SEAL_BYTES).getUint32(0, true)
  const header = JSON.parse(Buffer.from(body.slice(8, 8 + headerLength)).toString('utf8')) as IndexFacts & {
    lengths: Record<SectionName, number>
  }
  let at = SEAL_BYTES + 8 + headerLength + (-headerLength & 7)
  const arrays: Record<string, unknown> = {}
  for (const [name, Type] of Object.entries(SECTIONS) as [SectionName, ArrayView][]) {
    const length = header.lengths[name]
    if (!(at + length * Type.BYTES_PER_ELEMENT <= buffer.byteLength)) {
      throw new BoundariesUnreadable(source, `its part "${name}" reaches beyond its end`)
    }
    arrays[name] = new Type(buffer, at, length)
    at += length * Type.BYTES_PER_ELEMENT
    at += -at & 7
  }
  return {
    codes: header.codes,
    use: header.use,
    toleranceMetres: header.toleranceMetres,
    origin: header.origin,
    version: sealedVersion(bytes),
    index: new PolygonIndex(arrays as unknown as PolygonArrays),
  }
}
