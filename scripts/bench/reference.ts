// What reference answers cost, in this process: codes that nobody has, boundaries, names of units, crosswalks.
//   npx tsx scripts/bench/reference.ts

import { readCrosswalk } from '../../src/bulk/crosswalkTable.ts'
import { load } from '../../src/gazetteer/load.ts'
import { unitIndex } from '../../src/http/unitIndex.ts'
import { resolveCode } from '../../src/locate/resolve.ts'
import { suggest } from '../../src/locate/suggest.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'

const gazetteer = load()
const store = openWriter(':memory:')
const households = openRegistry(store)
const ALPHABET = '23456789CFGHJMPQRVWX'
let seed = 20_250_701
const random = (below: number) => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((seed / 2 ** 32) * below)
}
const round = (value: number) => Math.round(value * 100) / 100

const codes = Array.from({ length: 1_000 }, () => {
  const { postcode } = gazetteer.communes[random(gazetteer.communes.length)]!
  return postcode + Array.from({ length: 7 }, () => ALPHABET[random(ALPHABET.length)]).join('')
})

/** Median of milliseconds a call, after a round to warm up. */
async function median<T>(asked: readonly T[], ask: (one: T) => unknown): Promise<number> {
  for (const one of asked) await ask(one)
  const times: number[] = []
  for (const one of asked) {
    const begun = performance.now()
    await ask(one)
    times.push(performance.now() - begun)
  }
  return round(times.sort((a, b) => a - b)[times.length >> 1]!)
}

/** Milliseconds in all, and of the longest piece of work between two pauses. */
function outline(indexes: readonly number[]) {
  const work = gazetteer.boundaries.outline(indexes)
  let [all, longest] = [0, 0]
  for (;;) {
    const begun = performance.now()
    const { done } = work.next()
    const took = performance.now() - begun
    all += took
    longest = Math.max(longest, took)
    if (done) return { all: round(all), longest: round(longest) }
  }
}
const communesOf = (code: string) =>
  gazetteer.communes.filter(({ province }) => province.code === code).map(({ index }) => index)

const search = unitIndex(gazetteer).search
const queries = gazetteer.communes.filter((_, i) => i % 30 === 0).map(({ name }) => name)
const scan = (q: string) => gazetteer.formerCommunes.filter(({ fullName }) => fullName.includes(q))

const list = gazetteer.formerCommunes.map(({ code, fullName, district, province }) => ({
  id: code,
  commune: fullName,
  district: district.fullName,
  province: province.fullName,
}))
const begun = performance.now()
const columns = { id: 'id', commune: 'commune', district: 'district', province: 'province' }
const { entries } = readCrosswalk(list, columns, gazetteer, null)
const seconds = (performance.now() - begun) / 1000

console.log(
  JSON.stringify(
    {
      resolveMs: {
        unregistered: await median(codes, (code) => resolveCode({ gazetteer, households }, code)),
        withoutRegistry: await median(codes, (code) => suggest(code, gazetteer, null, true)),
      },
      boundaryMs: {
        commune: await median(gazetteer.communes.slice(0, 500), ({ index }) => outline([index])),
        hanoi: outline(communesOf('01')),
        quangNinh: outline(communesOf('22')),
      },
      unitSearchMs: {
        index: await median(queries, (q) => search(q, 'former')),
        scan: await median(queries, scan),
      },
      crosswalk: {
        rows: list.length,
        right: entries.filter(({ id, code }) => id === code).length,
        rowsPerSecond: Math.round(list.length / seconds),
      },
    },
    null,
    2,
  ),
)
await store.close()
