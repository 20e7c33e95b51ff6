import { Presets, SingleBar } from 'cli-progress'
import type { Progress as Step } from '../bulk/pump.ts'

/** Seconds between two plain lines where there is no terminal. */
const EVERY = 10

/** Progress on standard error: a bar on a terminal, plain lines elsewhere. */
export class Progress {
  #bar: SingleBar | null = null
  #last = performance.now()

  step({ rows, bytes, bytesTotal }: Step): void {
    if (process.stderr.isTTY) {
      if (!this.#bar) {
        const format = '{bar} {percentage} % | {rows} rows | {eta_formatted} left'
        this.#bar = new SingleBar(
          { format, stream: process.stderr, hideCursor: true },
          Presets.shades_classic,
        )
        this.#bar.start(bytesTotal, bytes, { rows })
      } else this.#bar.update(bytes, { rows })
    } else if (performance.now() - this.#last > EVERY * 1000) {
      this.#last = performance.now()
      console.error(`${rows} rows, ${Math.floor((bytes / bytesTotal) * 100)} % of the file`)
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
