import { expect } from 'vitest'
import type { Tally } from '../../src/registry/coverage/store.ts'
import { NOTHING, sumOf, TALLY_NAMES } from '../../src/registry/coverage/tally.ts'
import type { StoredHousehold, StoreReader } from '../../src/registry/store.ts'
import type { Place } from '../../src/registry/types.ts'

/** The counters of communes, provinces and days equal a count of all households, checks and open findings. */
export async function expectCounts(store: StoreReader): Promise<void> {
  const counted = await recount(store)
  const kept: Record<string, Tally> = {}
  const provinces = await store.provinceTallies()
  for (const { provinceCode, ...ofProvince } of provinces) {
    const communes = await store.communeTallies(provinceCode)
    expect(sumOf(communes)).toEqual(ofProvince)
    expect(sumOf(await store.dayTallies({ provinceCode, communeCode: null }))).toEqual(ofProvince)
    for (const { provinceCode: _, communeCode, ...tally } of communes) {
      if (!TALLY_NAMES.some((name) => tally[name] !== 0)) continue
      kept[`${provinceCode} ${communeCode}`] = tally
      expect(sumOf(await store.dayTallies({ provinceCode, communeCode }))).toEqual(tally)
    }
  }
  expect(kept).toEqual(counted)
  expect(sumOf(await store.dayTallies(null))).toEqual(sumOf(provinces))
}

async function recount(store: StoreReader): Promise<Record<string, Tally>> {
  const tallies: Record<string, Tally> = {}
  const at = ({ provinceCode, communeCode }: Place) => {
    const place = `${provinceCode} ${communeCode}`
    tallies[place] ??= { ...NOTHING }
    return tallies[place]
  }
  let findings = 0
  for (const { provinceCode, communeCode } of await store.communeTallies(null)) {
    const open = (await store.doubts({ provinceCode, communeCode }, 100_000)).length
    if (open > 0) at({ provinceCode, communeCode }).findings += open
    findings += open
  }
  // None stands in a place that the counters do not know.
  expect(findings).toBe((await store.doubts(null, 100_000)).length)
  for await (const household of all(store)) {
    const { n, status, vpostcode, review } = household
    const sampled = await store.sampled(n)
    const standing = (await store.checksOf(n)).findLast(
      ({ round, undone }) => round === sampled?.round && undone === null,
    )
    if (sampled && (standing || status !== 'historical')) at(sampled).sampled++
    if (sampled && standing) at(sampled).checked++
    if (sampled && standing && standing.verdict !== 'right') at(sampled).wrong++
    if (status === 'alternative' || status === 'historical') continue
    const tally = at(household)
    tally.households++
    if (review.length > 0) tally.review++
    else if (vpostcode) tally.coded++
    else tally.visit++
    if (status === 'verified') tally.verified++
  }
  return tallies
}

/** All households; with many writers some n are never given. */
async function* all(store: StoreReader): AsyncGenerator<StoredHousehold> {
  const count = await store.count()
  for (let [from, seen] = [1, 0]; seen < count; from += 1000) {
    const page = await store.households(Array.from({ length: 1000 }, (_, i) => from + i))
    seen += page.length
    yield* page
  }
}
