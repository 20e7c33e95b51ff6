// What an answer of the autocomplete costs its process, without HTTP and with an empty registry: the queries of
// `npm run accuracy` (typed.*), the same places letter by letter, and the beginnings of whole addresses, as scripts/bench/http.ts asks
// them. Each once cold (nothing of it was asked before) and once warm. Milliseconds: the mean is processor time, the others are of the clock.
// Usage: npx tsx scripts/bench/typing.ts [share = 0.25]
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from '../../src/gazetteer/load.ts'
import type { Deps } from '../../src/http/route.ts'
import { search } from '../../src/http/search.ts'
import { worldOf } from '../../src/match/complete/world.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { fold } from '../../src/text/tokens.ts'
import { typedQueries } from '../accuracy/sets/typed.ts'
import { readPlaces } from '../households/names.ts'
import { drawsFor } from '../households/random.ts'
import { MIXES, rowMaker } from '../households/row.ts'

const SHARE = Number(process.argv[2] ?? 0.25)
/** Beginnings of addresses at a share of 1. */
const BEGUN = 8_000
/** What the work of one answer may be. */
const FLOOR = { processorMean: 0.2, p99: 2, worst: 10 }

interface Asked {
  readonly text: string
  readonly near: { lat: number; lon: number } | null
}

const folder = mkdtempSync(join(tmpdir(), 'typing-'))
const store = openWriter(join(folder, 'empty.db'))
const gazetteer = load()
worldOf(gazetteer)
const deps = { gazetteer, households: openRegistry(store) } as unknown as Deps
const ask = ({ text, near }: Asked) =>
  search(deps, { fields: { address: text }, filters: {}, near, limit: 5, autocomplete: true })

const typed = [...typedQueries(gazetteer)].filter((_, i) => (i * SHARE) % 1 < SHARE)
const letters = typed
  .filter(({ style }) => style === 'plain')
  .filter((_, i) => i % 10 === 0)
  .flatMap(({ text, near }) => Array.from(text, (_, i): Asked => ({ text: text.slice(0, i + 1), near })))
const kinds: Record<string, readonly Asked[]> = { typed, letters, begunAddresses: begun(BEGUN * SHARE) }

const loadBefore = loadavg()[0]!
const figures: Record<string, object> = {}
for (const [kind, asked] of Object.entries(kinds)) {
  figures[kind] = { cold: await pass(asked), warm: await pass(asked) }
}
await store.close()
rmSync(folder, { recursive: true })
console.log(JSON.stringify({ bench: 'typing', loadBefore, figures, floors: FLOOR }, null, 1))

function begun(count: number): Asked[] {
  const row = rowMaker({
    rows: count,
    seed: 2025,
    order: 'shuffled',
    mix: MIXES.text,
    places: readPlaces(gazetteer, []),
    boundaries: gazetteer.boundaries,
  })
  const draws = drawsFor(2025, 1)
  return Array.from({ length: count }, (_, i) => {
    const address = row(i).cells.slice(1, 5).filter(Boolean).join(', ')
    return { text: address.slice(0, 4 + draws.below(20)), near: null }
  })
}

async function pass(asked: readonly Asked[]) {
  const fold0 = folding(asked)
  const times = new Float64Array(asked.length)
  const before = process.cpuUsage()
  for (const [i, one] of asked.entries()) {
    const start = performance.now()
    await ask(one)
    times[i] = performance.now() - start
  }
  const { user, system } = process.cpuUsage(before)
  const order = [...times.keys()].sort((a, b) => times[a]! - times[b]!)
  const round = (value: number) => Math.round(1000 * value) / 1000
  const at = (share: number) => round(times[order[Math.floor(share * (order.length - 1))]!]!)
  return {
    queries: asked.length,
    processorMean: round((user + system) / 1000 / asked.length),
    // A busy machine makes both dear.
    ofFolding: Math.round((user + system) / ((fold0 + folding(asked)) / 2)),
    p50: at(0.5),
    p99: at(0.99),
    worst: at(1),
    slowest: order.slice(-3).map((i) => asked[i]!.text),
  }
}

/** Microseconds of processor time for folding the letters of every text once: what everything here is compared with. */
function folding(asked: readonly Asked[]): number {
  const rounds = Math.ceil(20_000 / asked.length)
  const before = process.cpuUsage()
  for (let round = 0; round < rounds; round++) for (const { text } of asked) fold(text)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / rounds
}
