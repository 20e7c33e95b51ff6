import type { Bin, Reliability } from './calibration.ts'
import type { Figure } from './figures.ts'
import type { Failure } from './report.ts'

export interface Row extends Figure {
  readonly n: number
  readonly right: number
  readonly share: number
  readonly interval: [low: number, high: number]
  readonly floor: number
  readonly pass: boolean
}

interface Tables {
  readonly figures: readonly Row[]
  readonly reliability: readonly Reliability[]
  readonly failures: readonly [figure: string, rows: Failure[]][]
}

const percent = (share: number) => (100 * share).toFixed(2).padStart(6)

/** The tables as plain text. */
export function print({ figures, reliability, failures }: Tables): void {
  for (const [figure, rows] of failures)
    for (const { text, expected, got } of rows)
      console.log(`${figure}: ${text}\n    expected ${expected}\n    got      ${got}`)

  console.log(`${'figure'.padEnd(28)}${'n'.padStart(6)}  right %   95 % interval     floor   target`)
  for (const { id, what, n, share, interval, floor, target, pass } of figures) {
    const range = `${percent(interval[0])} -${percent(interval[1])}`
    const aim = target === undefined ? '      ' : percent(target)
    const verdict = !pass
      ? 'BELOW ITS FLOOR'
      : target === undefined
        ? ''
        : share >= target
          ? 'ok'
          : 'below target'
    console.log(
      `${id.padEnd(28)}${String(n).padStart(6)}   ${percent(share)}  ${range}  ${percent(floor)}  ${aim}  ${verdict.padEnd(16)}${what}`,
    )
  }
  for (const { of, byConfidence, byGrade } of reliability) {
    console.log(`\nSaid and held, ${of}`)
    table('confidence', byConfidence)
    table('grade', byGrade)
  }
}

/** As a table of a page. */
function table(head: string, bins: readonly Bin[]): void {
  console.log(
    `\n| ${head} | answers | said % | held % | 95 % interval | wrong % |\n|---|---|---|---|---|---|`,
  )
  for (const { what, n, said, right, interval } of bins) {
    const [low, high] = interval.map((share) => percent(share).trim())
    const cells = [what, n, percent(said).trim(), percent(right).trim(), `${low} to ${high}`]
    console.log(`| ${[...cells, percent(1 - right).trim()].join(' | ')} |`)
  }
}
