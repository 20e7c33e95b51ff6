// What people type against an index of our own and two libraries, in one process: every street line of the gazetteer
// and every unit, then with made-up lines of the same names in other districts up to 300,000. Seeded: half of the queries are typed
// as far as somebody got, half have a letter wrong. Processor time of this process; shares of the wanted place among the first five.
// Usage: npx tsx scripts/bench/autocomplete.ts [lines = 300000] [queries = 1000] [own,minisearch,flexsearch]
import { loadavg } from 'node:os'
import flexsearch from 'flexsearch'
import MiniSearch from 'minisearch'
import { load } from '../../src/gazetteer/load.ts'
import { streetKeys } from '../../src/gazetteer/streetsKey.ts'
import type { CurrentCommune, District, Gazetteer } from '../../src/gazetteer/types.ts'
import { completions } from '../../src/match/complete/complete.ts'
import { worldOf } from '../../src/match/complete/world.ts'
import { fold } from '../../src/text/tokens.ts'
import { typedAs, withTypo } from '../accuracy/typing.ts'
import { drawsFor } from '../households/random.ts'

const LINES = Number(process.argv[2] ?? 300_000)
const QUERIES = Number(process.argv[3] ?? 1_000)
/** Milliseconds for one figure of one engine. */
const BUDGET = 8_000
/** Milliseconds of one answer of our own. */
const FLOOR = { typical: 1, worst: 5 }

interface Line {
  readonly key: string
  readonly name: string
  readonly place: CurrentCommune | District
}

const real = load()
const lines: Line[] = []
real.eachStreet((key, names, place) => lines.push({ key, name: names[0]!, place }))
const draws = drawsFor(300, 1)
const known = lines.length
while (lines.length < LINES) {
  const { key, name } = lines[draws.below(known)]!
  lines.push({ key, name, place: draws.pick(real.districts) })
}
lines.length = Math.min(lines.length, LINES)
const gazetteer: Gazetteer = {
  ...real,
  streetNames: real.streetNames,
  eachStreet: (visit) => {
    for (const { key, name, place } of lines) visit(key, [name], place, 0)
  },
}
const nameOf = ({ name, place }: Line) => `${name}, ${place.fullName}, ${place.province.name}`

/** A street with its place, as far as it is typed, and the line that is meant. */
const asked = Array.from({ length: QUERIES }, (_, i) => {
  const row = draws.below(known)
  const { name, place } = lines[row]!
  const parts = [name, place.name]
  const text = typedAs('plain', parts, draws)
  return { row, text: i % 2 === 0 ? withTypo(text, draws) : typedAs('begun', parts, draws) }
})
const letters = [...'abcdeghiklmnopqrstuvxy']
const short = { one: letters, two: letters.flatMap((a) => ['a', 'i', 'u', 'h'].map((b) => a + b)) }

interface Engine {
  readonly name: string
  readonly find: (text: string) => Found[]
}
interface Found {
  readonly key: string
  readonly place: unknown
}

const engines: Record<string, () => Engine> = {
  own() {
    const world = worldOf(gazetteer)
    return {
      name: 'own',
      find: (text) =>
        completions(text, world, { limit: 5 }).map(({ street, place }) => ({
          key: street ? streetKeys(street)[0]! : '',
          place,
        })),
    }
  },
  minisearch() {
    const index = new MiniSearch<{ id: number; text: string }>({ fields: ['text'] })
    index.addAll(lines.map((line, id) => ({ id, text: fold(nameOf(line)) })))
    const options = { prefix: true, fuzzy: 0.2, combineWith: 'AND' } as const
    return {
      name: 'minisearch 7.2',
      find: (text) =>
        index
          .search(fold(text), options)
          .slice(0, 5)
          .map(({ id }) => lines[id]!),
    }
  },
  flexsearch() {
    const index = new flexsearch.Index({ tokenize: 'forward', encode: (text: string) => text.split(' ') })
    for (const [id, line] of lines.entries()) index.add(id, fold(nameOf(line)))
    return {
      name: 'flexsearch 0.8',
      find: (text) => (index.search(fold(text), { limit: 5 }) as number[]).map((id) => lines[id]!),
    }
  },
}

const loadBefore = loadavg()[0]!
const figures: Record<string, object> = {}
for (const id of (process.argv[4] ?? Object.keys(engines).join()).split(',')) {
  const make = engines[id]!
  global.gc?.()
  const memory = process.memoryUsage().heapUsed
  const built = processorTime(make)
  const { name, find } = built.value
  times(
    asked.map(({ text }) => text),
    find,
  )
  const half = (rest: number) => asked.filter((_, i) => i % 2 === rest)
  figures[id] = {
    name,
    buildMilliseconds: Math.round(built.milliseconds),
    megabytes: Math.round((process.memoryUsage().heapUsed - memory) / 1e6),
    begun: measured(half(1), find),
    misspelled: measured(half(0), find),
    oneLetter: times(short.one, find),
    twoLetters: times(short.two, find),
  }
}
console.log(
  JSON.stringify(
    { bench: 'autocomplete', lines: lines.length, queries: QUERIES, loadBefore, figures, floors: FLOOR },
    null,
    1,
  ),
)

/** Times, and how often the line that was meant is found, or its street in a commune of that district. */
function measured(asked: readonly { row: number; text: string }[], find: Engine['find']) {
  const done = times(
    asked.map(({ text }) => text),
    find,
  )
  const looked = asked.slice(0, done.queries)
  const right = looked.filter(({ row, text }) => {
    const { key, place } = lines[row]!
    return find(text).some(
      (found) => found.key === key && (found.place === place || isIn(found.place, place)),
    )
  })
  return { ...done, amongFive: Math.round((right.length / looked.length) * 1000) / 1000 }
}

function isIn(place: unknown, district: CurrentCommune | District): boolean {
  const { sources } = place as Partial<CurrentCommune>
  return sources?.some(({ former }) => former.district === district) ?? false
}

/** Of as many texts as go into BUDGET. */
function times(texts: readonly string[], find: Engine['find']) {
  const all: number[] = []
  const { milliseconds } = processorTime(() => {
    const started = performance.now()
    for (const text of texts) {
      const start = performance.now()
      find(text)
      all.push(performance.now() - start)
      if (performance.now() - started > BUDGET) break
    }
  })
  all.sort((a, b) => a - b)
  const round = (value: number) => Math.round(value * 1000) / 1000
  const at = (share: number) => round(all[Math.min(all.length - 1, Math.floor(share * all.length))]!)
  return {
    queries: all.length,
    p50: at(0.5),
    p99: at(0.99),
    worst: at(1),
    processorMean: round(milliseconds / all.length),
  }
}

function processorTime<T>(work: () => T): { value: T; milliseconds: number } {
  const before = process.cpuUsage()
  const value = work()
  const { user, system } = process.cpuUsage(before)
  return { value, milliseconds: (user + system) / 1000 }
}
