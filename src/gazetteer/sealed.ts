import { createHash } from 'node:crypto'

/** A built file of ours that is missing, truncated, changed, of another version or of other communes. */
export class DataUnreadable extends Error {
  constructor(source: string, reason: string) {
    super(`${source}: ${reason}`)
    this.name = 'DataUnreadable'
  }
}

/** Bytes before the body: magic (4), version (4), length of the body (4), four free, SHA-256 of the body (32). */
export const SEAL_BYTES = 48

/** A file of ours: what it is, its format's version, and a digest, so that a damaged one is never half believed. */
export function seal(magic: string, version: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(SEAL_BYTES)
  head.write(magic, 0, 4, 'latin1')
  head.writeUInt32LE(version, 4)
  head.writeUInt32LE(body.length, 8)
  digestOf(body).copy(head, 16)
  return Buffer.concat([head, body])
}

/** The digest that a sealed file bears is of its body. */
const digestOf = (body: Uint8Array): Buffer => createHash('sha256').update(body).digest()

/** The body of a sealed file, as a view; `digest` of it where it is already known. Throws `DataUnreadable` when it is not whole, unchanged and of this version. */
export function unseal(
  source: string,
  magic: string,
  version: number,
  bytes: Uint8Array,
  digest?: Uint8Array,
): Uint8Array {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, SEAL_BYTES))
  if (head.length < SEAL_BYTES || head.toString('latin1', 0, 4) !== magic) {
    throw new DataUnreadable(source, `not a file of that kind (no "${magic}" at its start)`)
  }
  if (head.readUInt32LE(4) !== version) {
    throw new DataUnreadable(source, `format version ${head.readUInt32LE(4)}, this program reads ${version}`)
  }
  const body = bytes.subarray(SEAL_BYTES)
  if (body.length !== head.readUInt32LE(8)) {
    throw new DataUnreadable(source, `truncated: ${body.length} of ${head.readUInt32LE(8)} bytes`)
  }
  if (!head.subarray(16, 48).equals(digest ?? digestOf(body))) {
    throw new DataUnreadable(source, 'damaged: its bytes do not fit its checksum')
  }
  return body
}

/** Names the content of a sealed file: 12 hexadecimal digits of its digest. */
export function sealedVersion(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(16, 22)).toString('hex')
}
