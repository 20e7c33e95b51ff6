import { createHmac } from 'node:crypto'

/** A cursor that this registry never gave, or gave for another question. */
export class BadCursor extends Error {
  override name = 'BadCursor'
}

const MARK = 6

/**
 * Cursors as opaque texts for URLs: what is in them, and a mark that only the registry with this secret makes for this
 * question, so that a mistyped or foreign one is never taken for a place in the list.
 */
export function cursorCodec(secret: Uint8Array) {
  const markOf = (question: string, text: string) =>
    createHmac('sha256', secret)
      .update(JSON.stringify([question, text]))
      .digest()
      .subarray(0, MARK)
  return {
    encode: (question: string, text: string): string =>
      Buffer.concat([markOf(question, text), Buffer.from(text)]).toString('base64url'),
    /** Throws BadCursor. */
    decode(question: string, cursor: string): string {
      const bytes = Buffer.from(cursor, 'base64url')
      const text = bytes.subarray(MARK).toString()
      if (!markOf(question, text).equals(bytes.subarray(0, MARK)))
        throw new BadCursor('a cursor of something else')
      return text
    },
  }
}
