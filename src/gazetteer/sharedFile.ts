import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { DataUnreadable } from './sealed.ts'

/** What helps when a file of the build cannot be read. */
const BUILD = ': run "npm run build"'

/** A whole file in memory that threads can share. Throws `DataUnreadable`, which ends with `remedy`. */
export function readShared(file: string, remedy = BUILD): SharedArrayBuffer {
  let handle: number
  try {
    handle = openSync(file, 'r')
  } catch (error) {
    throw unreadable(file, error, remedy)
  }
  try {
    const buffer = new SharedArrayBuffer(fstatSync(handle).size)
    const bytes = new Uint8Array(buffer)
    for (let at = 0; at < bytes.length; ) {
      const read = readSync(handle, bytes, at, bytes.length - at, at)
      if (read === 0) break
      at += read
    }
    return buffer
  } finally {
    closeSync(handle)
  }
}

/** The same of a file that no build makes, without holding the process up; each piece (the first has more than the head of a sealed file) is shown to `seen`. */
export async function readSharedSlowly(
  file: string,
  seen: (piece: Uint8Array) => void,
): Promise<SharedArrayBuffer> {
  const handle = await open(file).catch((error) => {
    throw unreadable(file, error, '')
  })
  try {
    const buffer = new SharedArrayBuffer((await handle.stat()).size)
    const bytes = new Uint8Array(buffer)
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + PIECE)
      const { bytesRead } = await handle.read(piece, 0, piece.length, at)
      if (bytesRead === 0) break
      seen(piece.subarray(0, bytesRead))
      at += bytesRead
    }
    return buffer
  } finally {
    await handle.close()
  }
}

/** A digest of this many bytes takes about a millisecond. */
const PIECE = 1 << 20

const unreadable = (file: string, error: unknown, remedy: string) =>
  new DataUnreadable(file, `cannot be read (${(error as NodeJS.ErrnoException).code})${remedy}`)
