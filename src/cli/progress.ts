import { Presets, SingleBar } from 'cli-progress'
import type { Progress as Step } from '../bulk/pump.ts'

/** Seconds between two plain lines where there is no terminal. */
const EVERY = 10

/** Progress on standard error: a bar on a terminal, plain lines elsewhere. */
export class Progress {
  readonly #what: string
  #bar: SingleBar | null = null
  #last = performance.now()

  readonly #whole: string

  /** `what` is counted: rows of a file, objects of a map; the share is one of `whole`. */
  constructor(what = 'rows', whole = 'of the file') {
    this.#what = what
    this.#whole = whole
  }

  step({ rows, bytes, bytesTotal }: Step): void {
    if (process.stderr.isTTY) {
      if (!this.#bar) {
        const format = `{bar} {percentage} % | {rows} ${this.#what} | {eta_formatted} left`
        this.#bar = new SingleBar(
          { format, stream: process.stderr, hideCursor: true },
          Presets.shades_classic,
        )
        this.#bar.start(bytesTotal, bytes, { rows })
      } else this.#bar.update(bytes, { rows })
    } else if (performance.now() - this.#last > EVERY * 1000) {
      this.#last = performance.now()
      console.error(`${rows} ${this.#what}, ${Math.floor((bytes / bytesTotal) * 100)} % ${this.#whole}`)
    }
  }

  /** A line of its own, above the bar. */
  say(text: string): void {
    this.end()
    console.error(text)
  }

  end(): void {
    this.#bar?.stop()
    this.#bar = null
  }
}
