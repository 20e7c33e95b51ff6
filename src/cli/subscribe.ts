import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { openSource, SourceRefused } from '../bulk/subscribe/source.ts'
import { subscribe } from '../bulk/subscribe/subscribe.ts'
import { Failure, UsageError } from './exit.ts'
import { given } from './files.ts'
import { Progress } from './progress.ts'
import { readSettings } from './settings.ts'
import { copyPlace } from './store.ts'

interface Flags {
  keyFile?: string
  db?: string
  province?: string
  once?: boolean
}

/** `subscribe`: a read-only copy of a registry elsewhere, kept in step. */
export function subscribeTo(program: Command): void {
  program
    .command('subscribe')
    .argument('<URL>', 'the server to copy, for example https://vpostcode.example')
    .description('make a read-only copy of the registry of a server, and keep it in step')
    .option('--key-file <FILE>', 'file with a server key (default: VPOSTCODE_KEY)')
    .option('--db <FILE>', 'the copy (default: VPOSTCODE_DB, else data/vpostcode.db)')
    .option('--province <CODES>', 'only this province: its two digits; several with commas')
    .option('--once', 'end when the copy is in step')
    .addHelpText(
      'after',
      '\nThe same command goes on after any stop. `vpostcode serve --db FILE` answers from the copy.',
    )
    .action(async (url: string, { keyFile, db = readSettings().db, province, once = false }: Flags) => {
      await keep({
        url: readUrl(url),
        key: readKey(given(keyFile, '--key-file')),
        db,
        province: province === undefined ? null : readProvinces(province),
        once,
      })
    })
}

interface Work {
  url: string
  key: string
  db: string
  province: string | null
  once: boolean
}

/** Keeps the copy in step until a signal or the end. */
async function keep({ url, key, db, province, once }: Work): Promise<void> {
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.on('SIGINT', stop).on('SIGTERM', stop)
  const progress = new Progress('households', 'of the set')
  const follow = new FollowLines(once)
  try {
    const { signal } = stopping
    const source = openSource({
      url,
      key,
      signal,
      onCut: (reason, seconds) =>
        progress.say(`the source cannot be asked (${reason}): again in ${seconds.toFixed(1)} s`),
    })
    await subscribe({
      ...{ place: copyPlace(db), source, url, province, signal, once },
      onLost(reason) {
        progress.say(`${reason}: another copy is loaded in its place`)
      },
      onLoad: (rows, bytesTotal) => progress.step({ rows, bytes: rows, bytesTotal }),
      onFollow(done, lag) {
        progress.end()
        follow.tell(done, lag)
      },
    })
  } catch (error) {
    if (!stopping.signal.aborted) throw error instanceof SourceRefused ? new Failure(error.message) : error
  } finally {
    progress.end()
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

/** Seconds between two lines while changes come; at least that often it says that it follows. */
const EVERY = 10
const SILENT = 300

/** Says how far the copy is behind: at once, while it catches up, and now and then. */
class FollowLines {
  readonly #once: boolean
  #last = Number.NEGATIVE_INFINITY
  #done = -1

  constructor(once: boolean) {
    this.#once = once
  }

  tell(done: number, { behind, seconds }: { behind: number; seconds: number }): void {
    const since = (performance.now() - this.#last) / 1000
    const isDue = since > SILENT || (done !== this.#done && since > EVERY)
    if (!isDue && !(this.#once && behind === 0)) return
    this.#last = performance.now()
    this.#done = done
    console.error(`in step: ${done} changes carried out, ${behind} behind, ${Math.round(seconds)} s`)
  }
}

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    throw new UsageError(`"${text.slice(0, 200)}" is no address like https://vpostcode.example`)
  return url.href
}

function readProvinces(text: string): string {
  if (!/^\d\d(?:,\d\d)*$/.test(text))
    throw new UsageError('--province must be two digits, or several such numbers with commas')
  return [...new Set(text.split(','))].sort().join(',')
}

function readKey(file: string | undefined): string {
  const key = (file === undefined ? readSettings().key : readFileSync(file, 'utf8'))?.trim()
  if (!key)
    throw new UsageError('a server key is needed: --key-file FILE, or VPOSTCODE_KEY in the environment')
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) throw new UsageError('this is no key')
  return key
}
