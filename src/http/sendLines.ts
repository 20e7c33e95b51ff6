import { once } from 'node:events'
import type { Response } from 'express'

/** Milliseconds that a client may take no byte for. */
const STALLED = 60_000

/**
 * Writes text as it is made, no faster than the client reads. Answers how many rows it was; null when the client is gone or
 * has stopped reading, and then the connection is cut.
 */
export async function sendLines(
  res: Response,
  first: string,
  parts: AsyncIterable<{ text: string; rows: number }>,
): Promise<number | null> {
  let rows = 0
  res.write(first)
  for await (const part of parts) {
    if (res.destroyed) return null
    rows += part.rows
    if (res.write(part.text)) continue
    if (await drained(res)) continue
    res.destroy()
    return null
  }
  return res.destroyed ? null : rows
}

/** Whether the client reads on in time. */
async function drained(res: Response): Promise<boolean> {
  const stop = new AbortController()
  const { signal } = stop
  const clock = setTimeout(() => stop.abort(), STALLED)
  try {
    await Promise.race([
      once(res, 'drain', { signal }),
      once(res, 'close', { signal }).then(() => stop.abort()),
    ])
    return !res.destroyed
  } catch {
    return false
  } finally {
    clearTimeout(clock)
    stop.abort()
  }
}
