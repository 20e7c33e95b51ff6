import { DataUnreadable, SEAL_BYTES, seal, sealedVersion, unseal } from './sealed.ts'

/** Constructors of the arrays of a file, by name, in the order of the file. */
export type Sections = Readonly<Record<string, ArrayKind>>
type ArrayKind =
  | Int8ArrayConstructor
  | Uint8ArrayConstructor
  | Uint16ArrayConstructor
  | Int32ArrayConstructor
  | Uint32ArrayConstructor
  | Float32ArrayConstructor
export type Arrays<S extends Sections> = { readonly [K in keyof S]: InstanceType<S[K]> }
interface ArrayView {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBufferLike, offset: number, length: number): ArrayBufferView
}

/** A sealed file of typed arrays: JSON header, then each array at a multiple of eight bytes (little-endian). */
export function encodeSections<S extends Sections>(
  { magic, version, sections }: FileKind<S>,
  arrays: Arrays<S>,
  facts: object,
): Buffer {
  const names = Object.keys(sections)
  const lengths = Object.fromEntries(names.map((name) => [name, arrays[name]!.length]))
  const header = Buffer.from(JSON.stringify({ ...facts, lengths }))
  const parts: Uint8Array[] = []
  const put = (bytes: Uint8Array) => parts.push(bytes, Buffer.alloc(-bytes.length & 7))
  const size = Buffer.alloc(8)
  size.writeUInt32LE(header.length)
  put(size)
  put(header)
  for (const name of names) {
    const { buffer, byteOffset, byteLength } = arrays[name]!
    put(new Uint8Array(buffer, byteOffset, byteLength))
  }
  return seal(magic, version, Buffer.concat(parts))
}

export interface FileKind<S extends Sections> {
  /** Four characters. */
  readonly magic: string
  readonly version: number
  readonly sections: S
}
export interface Opened<S extends Sections, Facts> {
  readonly facts: Facts
  readonly arrays: Arrays<S>
  /** 12 hexadecimal digits that name the content. */
  readonly version: string
}

export type Check = 'all' | 'trusted' | Uint8Array

/**
 * Opens such a file without copying it: its arrays are views of `buffer`, which may be shared by threads. `check` may be
 * 'trusted' (a thread opening what its parent has checked) or the digest of the body, where it is known. Throws `DataUnreadable`; `source` names the file in it.
 */
export function openSections<S extends Sections, Facts>(
  { magic, version, sections }: FileKind<S>,
  buffer: ArrayBufferLike,
  source: string,
  check: Check = 'all',
): Opened<S, Facts> {
  const bytes = new Uint8Array(buffer)
  const body =
    check === 'trusted'
      ? bytes.subarray(SEAL_BYTES)
      : unseal(source, magic, version, bytes, check === 'all' ? undefined : check)
  const headerLength = new DataView(buffer, SEAL_BYTES).getUint32(0, true)
  const header = JSON.parse(Buffer.from(body.slice(8, 8 + headerLength)).toString('utf8')) as Facts & {
    lengths: Record<string, number>
  }
  let at = SEAL_BYTES + 8 + headerLength + (-headerLength & 7)
  const arrays: Record<string, unknown> = {}
  for (const [name, Type] of Object.entries(sections) as unknown as [string, ArrayView][]) {
    const length = header.lengths[name]!
    if (!(at + length * Type.BYTES_PER_ELEMENT <= buffer.byteLength)) {
      throw new DataUnreadable(source, `its part "${name}" reaches beyond its end`)
    }
    arrays[name] = new Type(buffer, at, length)
    at += length * Type.BYTES_PER_ELEMENT
    at += -at & 7
  }
  return { facts: header, arrays: arrays as Arrays<S>, version: sealedVersion(bytes) }
}
