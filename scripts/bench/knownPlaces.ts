// What the registry knows of a street and of a hamlet: microseconds of processor time a question of random households, one
// core, beside the look-up of a household by its id in the same rounds.
// Run: npx tsx scripts/bench/knownPlaces.ts [--count 1000000] [--db FILE] [--rounds 5] (FILE is made when it is not there)
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { idCodec } from '../../src/registry/id.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import { openReader } from '../../src/store/sqlite/open.ts'
import { registerMillions } from './millions.ts'
import { randomOf } from './random.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    db: { type: 'string' },
    rounds: { type: 'string', default: '5' },
  },
})
const folder = values.db ? null : mkdtempSync(join(tmpdir(), 'known-places-'))
const db = values.db ?? join(folder!, 'registry.db')
if (!existsSync(db)) await registerMillions(db, Number(values.count))
const store = openReader(db)
const registry = openRegistry(store)
const { idOf } = idCodec(store.secret)
const random = randomOf(1)
const count = await store.count()
const QUESTIONS = 3000
const ns = Array.from({ length: QUESTIONS }, () => 1 + Math.floor(random() * count))
const homes = await store.households(ns)
const onStreets = homes.filter(({ parts }) => parts.street && parts.houseNumber)
const inHamlets = homes.filter(({ parts }) => parts.hamlet)

const kinds: Record<string, () => Promise<number>> = {
  async household() {
    for (const n of ns) await registry.household(idOf(n))
    return ns.length
  },
  async onStreet() {
    for (const { communeCode, parts } of onStreets)
      await registry.onStreet(communeCode, parts.street!, parts.houseNumber!, 3)
    return onStreets.length
  },
  async hamlet() {
    for (const { communeCode, parts } of inHamlets) await registry.hamlet(communeCode, parts.hamlet!)
    return inHamlets.length
  },
}
const times: Record<string, number[]> = {}
for (let round = 0; round <= Number(values.rounds); round++)
  for (const [kind, ask] of Object.entries(kinds)) {
    const begun = process.cpuUsage()
    const asked = await ask()
    const { user, system } = process.cpuUsage(begun)
    // The first round fills the caches.
    times[kind] ??= []
    if (round > 0) times[kind].push((user + system) / asked)
  }
await store.close()
if (folder) rmSync(folder, { recursive: true })
const median = (list: number[]) => Math.round(list.sort((a, b) => a - b)[list.length >> 1]! * 10) / 10
console.log(
  JSON.stringify({
    households: count,
    microseconds: Object.fromEntries(Object.entries(times).map(([kind, list]) => [kind, median(list)])),
  }),
)
