import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import { type Manifest, manifestSchema } from '../publish/manifest.ts'
import { common, known, parts } from '../publish/readRow.ts'

/** What the source answers cannot be used, or it refuses: asking again does not help. */
export class SourceRefused extends Error {
  override name = 'SourceRefused'
}
/** What was begun cannot be gone on with, but a copy can be made anew: the set is no longer there, or the cursor is not known. */
export class Lost extends Error {
  override name = 'Lost'
}

/** Bytes of answers at most: of JSON, of a packed file; characters of one line of a file. */
const MOST_JSON = 64_000_000
const MOST_FILE = 512_000_000
const MOST_LINE = 100_000
/** Milliseconds without a byte, until an answer is given up; between two tries at first and at most. */
const SILENCE = 30_000
const AGAIN = 500
const PATIENCE = 60_000
/** Wrong checksums in a row. */
const TRIES = 3
export const MOST_CHANGES = 1_000

const { of, successors, ...household } = common
const change = z.object({
  province: z.string().regex(/^\d\d$/),
  number: z.int().min(1),
  kind: z.enum(['insert', 'update', 'verify', 'retire', 'merge', 'split', 'reinstate', 'undo', 'erase']),
  at: known.when,
  householdId: common.id,
  household: z
    .object({
      ...household,
      of,
      successors,
      communeCode: known.five.nullable(),
      formerCommuneCode: known.five.nullable(),
      point: z
        .object({ lat: known.lat, lon: known.lon, accuracy: known.accuracy, source: known.source })
        .nullable(),
      access: z.object({ lat: known.lat, lon: known.lon }).nullable(),
      parts: z.object({ ...parts, houseNumber: known.word.optional() }),
      review: z.array(known.word).max(100),
      createdAt: known.when,
      updatedAt: known.when,
    })
    .nullable(),
})
export type SourceChange = z.infer<typeof change>
const page = z.object({
  changes: z.array(change).max(MOST_CHANGES),
  next: z.string().min(1).max(1000),
  more: z.boolean(),
  behind: z.int().min(0),
})
export type SourcePage = z.infer<typeof page>
const list = z.object({
  registry: z.string().max(100),
  publications: z.array(z.object({ set: z.string().max(40) })).max(10_000),
})

export interface SourceOptions {
  /** Of the server, without /v1. */
  url: string
  key: string
  /** Ends waiting and asking. */
  signal: AbortSignal
  /** Told before it waits to ask again. */
  onCut(reason: string, seconds: number): void
}

/** Asks a server for its published sets and its change feed, again and again while it cannot be reached. */
export interface Source {
  publications(): Promise<z.infer<typeof list>>
  /** Throws Lost. */
  manifest(set: string): Promise<Manifest>
  /** The lines of a file of a set, once its checksum holds. Throws Lost. */
  lines(set: string, file: { path: string; bytes: number; sha256: string }): Promise<AsyncGenerator<string>>
  /** Throws Lost when the source does not know the cursor. */
  changes(since: string, limit: number, province: string | null): Promise<SourcePage>
}

export function openSource({ url, key, signal, onCut }: SourceOptions): Source {
  const base = url.replace(/\/+$/, '')
  return {
    publications: async () => read(list, await ask('/v1/publications', MOST_JSON)),
    manifest: async (set) =>
      read(manifestSchema, await ask(`/v1/publications/${set}/manifest.json`, MOST_JSON)),
    async lines(set, { path, bytes, sha256 }) {
      if (bytes > MOST_FILE) throw new SourceRefused(`${path} has ${bytes} bytes: more than is read`)
      for (let tries = 1; ; tries++) {
        const packed = await ask(`/v1/publications/${set}/${path}`, bytes)
        if (createHash('sha256').update(packed).digest('hex') === sha256) return unpacked(packed, path)
        if (tries === TRIES)
          throw new SourceRefused(`${path} of ${set} does not have the checksum of its manifest`)
      }
    },
    async changes(since, limit, province) {
      const query = new URLSearchParams({ since, limit: String(limit), ...(province && { province }) })
      return read(page, await ask(`/v1/changes?${query}`, MOST_JSON))
    },
  }

  /** The body of an answer of 200. Waits and asks again where that can help. Throws SourceRefused, Lost. */
  async function ask(path: string, most: number): Promise<Buffer> {
    for (let wait = AGAIN; ; wait = Math.min(2 * wait, PATIENCE)) {
      signal.throwIfAborted()
      let reason: string
      let after: number | null = null
      try {
        const answer = await fetched(path, most)
        if (answer.status === 200) return answer.body
        reason = `${answer.status} ${codeOf(answer.body)}`.trim()
        if (answer.status === 404 && path.startsWith('/v1/publications/'))
          throw new Lost('the set was removed before all of it was copied')
        if (answer.status === 400 && reason.endsWith('bad-cursor'))
          throw new Lost('the source does not know how far this copy is: it was brought back from a backup')
        if (answer.status < 500 && answer.status !== 429 && answer.status !== 408)
          throw new SourceRefused(`the source refuses: ${reason}`)
        after = answer.after
      } catch (error) {
        if (error instanceof SourceRefused || error instanceof Lost) throw error
        signal.throwIfAborted()
        const cause = (error as Error).cause as { code?: string } | undefined
        reason = cause?.code ?? (error as Error).message
      }
      const pause = Math.max(wait * (0.5 + Math.random() / 2), (after ?? 0) * 1000)
      onCut(reason, pause / 1000)
      await setTimeout(pause, undefined, { signal })
    }
  }

  async function fetched(path: string, most: number) {
    const silence = new AbortController()
    const clock = globalThis.setTimeout(() => silence.abort(new Error('no answer')), SILENCE)
    try {
      const answer = await fetch(base + path, {
        headers: { 'X-Api-Key': key, 'Accept-Encoding': 'identity' },
        redirect: 'manual',
        signal: AbortSignal.any([signal, silence.signal]),
      })
      const chunks: Uint8Array[] = []
      let length = 0
      for await (const chunk of answer.body ?? []) {
        clock.refresh()
        length += chunk.length
        if (length > most)
          throw new SourceRefused(`${path.split('?')[0]} is answered with more than ${most} bytes`)
        chunks.push(chunk)
      }
      const retry = Number(answer.headers.get('retry-after'))
      const after = retry > 0 && retry <= 3_600 ? retry : null
      return { status: answer.status, body: Buffer.concat(chunks), after }
    } finally {
      clearTimeout(clock)
    }
  }
}

/** The code of a problem document. */
function codeOf(body: Buffer): string {
  try {
    const { code } = JSON.parse(body.toString()) as { code?: unknown }
    return typeof code === 'string' && /^[a-z-]{1,60}$/.test(code) ? code : ''
  } catch {
    return ''
  }
}

function read<T>(schema: z.ZodType<T>, body: Buffer): T {
  try {
    return schema.parse(JSON.parse(body.toString()))
  } catch (error) {
    const where = error instanceof z.ZodError ? error.issues[0]?.path.join('.') : 'it is no JSON'
    throw new SourceRefused(
      `the source answers what cannot be understood (${where}): is it a Vpostcode server?`,
    )
  }
}

/** Lines of a packed text. Throws SourceRefused for one that is too long, and for what cannot be unpacked. */
async function* unpacked(packed: Buffer, path: string): AsyncGenerator<string> {
  const gunzip = createGunzip()
  gunzip.end(packed)
  let rest = ''
  try {
    for await (const chunk of gunzip.setEncoding('utf8') as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!
      if (rest.length > MOST_LINE)
        throw new SourceRefused(`${path} has a line of more than ${MOST_LINE} characters`)
      yield* lines
    }
  } catch (error) {
    if (error instanceof SourceRefused) throw error
    throw new SourceRefused(`${path} cannot be unpacked: ${(error as Error).message}`)
  }
  if (rest !== '') yield rest
}
