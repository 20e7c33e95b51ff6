import { idCodec } from '../../src/registry/id.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import { openReader } from '../../src/store/sqlite/open.ts'

const QUESTIONS = 5_000

/** Microseconds of single look-ups of random households, with what the caches of a running server hold after a while. */
export async function lookUps(db: string) {
  const store = openReader(db)
  const registry = openRegistry(store)
  const { idOf } = idCodec(store.secret)
  const count = await store.count()
  let seed = 20_250_701
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
  const ns = Array.from({ length: QUESTIONS }, () => 1 + Math.floor(random() * count))
  const some = await store.households(ns)
  const coded = some.filter(({ vpostcode }) => vpostcode)
  const named = some.filter(({ parts }) => parts.houseNumber && parts.street)
  const time = async <T>(asked: readonly T[], ask: (one: T) => Promise<unknown>) => {
    const times: number[] = []
    for (const one of asked) {
      const begun = performance.now()
      await ask(one)
      times.push(performance.now() - begun)
    }
    times.sort((a, b) => a - b)
    const at = (share: number) => Math.round((times[Math.floor((times.length - 1) * share)] ?? 0) * 1000)
    return { p50: at(0.5), p99: at(0.99) }
  }
  const ids = ns.map(idOf)
  const answers = {
    byId: await time(ids, (id) => registry.household(id)),
    byCode: await time(coded, ({ vpostcode }) => registry.atCode(vpostcode!, 10)),
    byAddress: await time(named, (address) => registry.atAddress(address, 10)),
  }
  await store.close()
  return answers
}
