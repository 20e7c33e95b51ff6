// Finding the door: addresses of the shipped street layer asked for in the engine, one core. Each known house number is asked
// for, its neighbour (number + 2: interpolated), a door in an alley, the street alone; streets in commune order and shuffled.
// The floor is the understanding of the same texts in the same run: locating may not cost more than that.
// Run: npx tsx scripts/bench/doors.ts [--rounds 5] [--seed 1]
import { parseArgs } from 'node:util'
import { load } from '../../src/gazetteer/load.ts'
import type { CurrentCommune } from '../../src/gazetteer/types.ts'
import { type AskedDoor, findDoor } from '../../src/locate/door/findDoor.ts'
import { StreetMemo } from '../../src/locate/door/street.ts'
import { leading } from '../../src/locate/door/way.ts'
import { understandText } from '../../src/match/understand.ts'
import { randomOf } from './random.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seed: { type: 'string', default: '1' } },
})
const gazetteer = load()
const streets = gazetteer.streetLayers
const MOST = 4000

const asked: AskedDoor[] = []
for (const layer of streets.layers)
  for (let row = 0; row < layer.counts.houses && asked.length < MOST; row += 3) {
    const { street, number, tie, commune } = layer.houseAt(row)
    if (!street || tie !== 'said' || street.alley) continue
    const ask = (parts: AskedDoor['parts']) =>
      asked.push({ parts: { ...parts, street: street.name }, commune, ground: null })
    const first = leading(number)
    ask({ houseNumber: number })
    if (Number.isNaN(first)) continue
    ask({ houseNumber: String(first + 2) })
    ask({ houseNumber: `${first}/7` })
    ask({})
  }

/** In an order that the seed tells. */
function shuffled<T>(list: readonly T[], seed: number): T[] {
  const draw = randomOf(seed)
  return list
    .map((one) => ({ one, at: draw() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one)
}

const byCommune = [...asked].sort((a, b) => a.commune.index - b.commune.index)
const mixed = shuffled(asked, Number(values.seed))
const textOf = ({ parts, commune }: { parts: AskedDoor['parts']; commune: CurrentCommune }) =>
  `${parts.houseNumber ?? ''} ${parts.street}, ${commune.fullName}, ${commune.province.fullName}`
const texts = mixed.map(textOf)

const median = (list: number[]) => list.sort((a, b) => a - b)[list.length >> 1]!
/** Rounds of a kind, each with the others; microseconds an address, and the first round, in which streets are not known yet. */
const times: Record<string, number[]> = { byCommune: [], shuffled: [], understand: [] }
const kinds: [string, () => void][] = [
  ['byCommune', locate(byCommune)],
  ['shuffled', locate(mixed)],
  [
    'understand',
    () => {
      for (const text of texts) understandText(text, gazetteer)
    },
  ],
]
function locate(list: readonly AskedDoor[]): () => void {
  const world = { gazetteer, streets, memo: new StreetMemo(streets, gazetteer) }
  return () => {
    for (const one of list) findDoor(one, world)
  }
}
for (let round = 0; round < Number(values.rounds) + 1; round++)
  for (const [kind, run] of kinds) {
    const start = performance.now()
    run()
    times[kind]!.push(((performance.now() - start) * 1000) / asked.length)
  }
const first = Object.fromEntries(Object.entries(times).map(([kind, [one]]) => [kind, round1(one!)]))
const warm = Object.fromEntries(
  Object.entries(times).map(([kind, list]) => [kind, round1(median(list.slice(1)))]),
)
function round1(value: number): number {
  return Math.round(value * 10) / 10
}
console.log(
  JSON.stringify({
    addresses: asked.length,
    microseconds: warm,
    firstRound: first,
    floor: { microseconds: warm['understand'], pass: warm['byCommune']! <= warm['understand']! },
  }),
)
