// Addresses understood a second on one core, how long one takes, how that grows with its length, and the start.
// Run: npx tsx scripts/bench/understand.ts   (half a minute; all labelled cases in a seeded order, see VPOSTCODE_SHARED;
// without them the project's own cases). Prints one JSON object; ends with 1 when a floor is missed.
// Measures the compiled package that users run: what tsx adds to functions would cost half of the speed.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { arch, cpus } from 'node:os'
import { parseCsv } from '../../src/gazetteer/csv.ts'

spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'ignore' })
const { load }: typeof import('../../src/gazetteer/load.ts') = await import(compiled('gazetteer/load'))
const { MAX_INPUT, understandText }: typeof import('../../src/match/understand.ts') = await import(
  compiled('match/understand')
)

const ROUNDS = 5
const CASES = `${process.env.VPOSTCODE_SHARED ?? '../shared'}/data/cases`
const OWN = 'test/cases'
const LENGTHS = [50, 100, 150, 200, 250, 300, 350, 400, 450, 500]

const texts = shuffled(existsSync(CASES) ? labelledCases() : ownCases())

const beforeStart = process.memoryUsage()
const starting = performance.now()
const gazetteer = load()
understandText(texts[0]!, gazetteer)
const start = performance.now() - starting
global.gc?.()
const memory = process.memoryUsage().rss - beforeStart.rss

const once = (text: string) => understandText(text, gazetteer).confidence
let sum = 0
const round = () => {
  const from = performance.now()
  for (const text of texts) sum += once(text)
  return texts.length / ((performance.now() - from) / 1000)
}
round()
round()
const perSecond = median(Array.from({ length: ROUNDS }, round))

/** Milliseconds: of all single calls, and of each text its best of five. */
const calls = texts.map(millisecondsOf)
const best = calls.map((first, i) =>
  Math.min(first, ...Array.from({ length: 4 }, () => millisecondsOf(texts[i]!))),
)
const worst = best.indexOf(Math.max(...best))

const growth = Object.fromEntries(Object.entries(longTexts()).map(([kind, make]) => [kind, growthOf(make)]))
const longest = Object.values(growth).map(({ milliseconds }) => Math.max(...milliseconds))
const results = {
  'addresses a second, median of 5': floor(Math.round(perSecond), 30_000),
  'p99 of single calls, ms': ceiling(round3(quantile(calls, 0.99)), 0.3),
  'worst address, best of 5, ms': ceiling(round3(best[worst]!), 5),
  'worst made-up text, best of 5, ms': ceiling(round3(Math.max(...longest)), 5),
  // Linear means that a character costs the same in a long text as in a short one; 2 leaves room for noise and caches.
  'cost of a character at 500 beside 100, worst kind': ceiling(
    round3(Math.max(...Object.values(growth).map(({ perCharacter }) => perCharacter))),
    2,
  ),
  'load and first answer, ms': ceiling(Math.round(start), 1500),
  'memory of the engine, MB': ceiling(Math.round(memory / 2 ** 20), 300),
}

if (Number.isNaN(sum)) throw new Error('no answers')
console.log(
  JSON.stringify(
    {
      benchmark: 'understand',
      texts: texts.length,
      from: existsSync(CASES) ? 'labelled cases' : 'own cases (no reference data)',
      node: process.version,
      machine: `${cpus()[0]?.model ?? 'unknown'} ${arch()}`,
      results,
      'p50 of single calls, ms': round3(quantile(calls, 0.5)),
      'worst address': texts[worst],
      lengths: LENGTHS,
      'milliseconds by length, best of 5': growth,
    },
    null,
    2,
  ),
)
process.exitCode = Object.values(results).every(({ pass }) => pass) ? 0 : 1

function compiled(name: string): string {
  return new URL(`../../dist/${name}.js`, import.meta.url).href
}

/** Every text of every set, whatever field it stands in. */
function labelledCases(): string[] {
  const FIELDS = new Set(['text', 'input', 'query', 'old_address', 'new_address'])
  return readdirSync(CASES)
    .filter((name) => name !== 'hcmc-points.csv')
    .flatMap((name) => {
      const text = readFileSync(`${CASES}/${name}`, 'utf8')
      const rows: Record<string, unknown>[] = name.endsWith('.csv')
        ? parseCsv(text).rows
        : name.endsWith('.jsonl')
          ? text
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line))
          : JSON.parse(text)
      return rows.flatMap((row) =>
        Object.entries(row).flatMap(([field, value]) =>
          FIELDS.has(field) && typeof value === 'string' ? [value] : [],
        ),
      )
    })
}

function ownCases(): string[] {
  return readdirSync(OWN)
    .filter((name) => name.endsWith('.csv'))
    .flatMap((name) => parseCsv(readFileSync(`${OWN}/${name}`, 'utf8')).rows.map((row) => row['text']!))
}

/** Texts of a wished length: real ones one after the other, and words that lead the most readings astray. */
function longTexts(): Record<string, (length: number) => string> {
  const repeat = (words: string) => (length: number) =>
    words.repeat(Math.ceil(length / words.length)).slice(0, length)
  const real = texts.slice(0, 40).join(', ')
  return {
    'real addresses': (length) => real.slice(0, length),
    'real addresses, no commas': (length) => real.replaceAll(',', '').slice(0, length),
    'one name of many places': repeat('Tân Thành, '),
    'type words': repeat('phường xã huyện '),
    numbers: repeat('1 2 3 4 5 6 7 8 9 10 11 12 '),
    'numbered wards': repeat('P1 Q2 P3 Q4 '),
    slashes: repeat('12/3/'),
    'many names': repeat('Long Bình Tân An Phú Hòa Mỹ Thạnh Đông '),
    'no vowels': repeat('xzq wkj '),
    'one word': repeat('anphuhoathanhdong'),
  }
}

function growthOf(make: (length: number) => string): { milliseconds: number[]; perCharacter: number } {
  const milliseconds = LENGTHS.map((length) => {
    const text = make(Math.min(length, MAX_INPUT))
    return round3(Math.min(...Array.from({ length: ROUNDS * 4 }, () => millisecondsOf(text))))
  })
  const at = (length: number) => milliseconds[LENGTHS.indexOf(length)]! / length
  return { milliseconds, perCharacter: round3(at(500) / at(100)) }
}

function millisecondsOf(text: string): number {
  const from = performance.now()
  sum += once(text)
  return performance.now() - from
}

function shuffled(list: string[]): string[] {
  let state = 20_250_701
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[list[i], list[j]] = [list[j]!, list[i]!]
  }
  return list
}

function floor(value: number, least: number) {
  return { value, floor: least, pass: value >= least }
}
function ceiling(value: number, most: number) {
  return { value, ceiling: most, pass: value <= most }
}
function median(values: number[]): number {
  return quantile(values, 0.5)
}
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}
function round3(value: number): number {
  return Math.round(value * 1000) / 1000
}
