import type { Tally } from './coverage/store.ts'
import { eventsOf, inOrder, type Stretch } from './eventOrder.ts'
import { versions } from './history.ts'
import type { Batch, Change, RegistryReader, StoredEvent, StoredHousehold, StoreWriter } from './store.ts'
import { lineOf } from './streetLine.ts'

/**
 * The list of events as the registry's own proof: written into an empty registry from zero it gives the same one. Lists'
 * rows, targets, findings and samples are no part of it.
 */

/** An event that does not begin where the one before it on its household ended. */
export interface Gap {
  province: string
  number: number
  n: number
}

const PAGE = 1000
/** Changes of one transaction. */
const CHUNK = 500

/** Writes all events of `from` into `to`, which must be empty, in the order in which they happened. */
export async function replay(
  from: RegistryReader,
  to: StoreWriter,
): Promise<{ events: number; gaps: Gap[] }> {
  if ((await to.count()) > 0) throw new Error('the registry to replay into is not empty')
  const gaps: Gap[] = []
  let events = 0
  const stretches = (await from.lastEvents()).map(({ province, number }) => upTo(province, number))
  for await (const chunk of inChunks(inOrder(from, stretches, PAGE), CHUNK)) {
    await to.transaction(async (tx) => {
      for (const event of chunk) {
        const [known] = event.kind === 'insert' ? [] : await tx.households([event.n])
        const change = event.kind === 'insert' ? await firstVersion(from, event) : again(event, known)
        if (!change || (known && !beginsAt(known, event)))
          gaps.push({ province: event.province, number: event.number, n: event.n })
        if (change) await tx.write(batchOf(change, event))
      }
    })
    events += chunk.length
  }
  return { events, gaps }
}

async function firstVersion(from: RegistryReader, event: StoredEvent): Promise<Change | null> {
  const [household] = await from.households([event.n])
  if (!household) return null
  return {
    kind: 'insert',
    household: versions(household, await from.history(event.n))[0]!,
    note: noteOf(event),
  }
}

function again(event: StoredEvent, known: StoredHousehold | undefined): Change | null {
  if (!known || event.kind === 'insert') return null
  const { kind, at } = event
  const [before, after] = [event.before ?? {}, event.after ?? {}]
  return { kind, household: { ...known, ...after, updatedAt: at }, before, after, note: noteOf(event) }
}

const noteOf = ({ related, evidence, undoes }: StoredEvent) => ({ related, evidence, undoes })
const batchOf = (change: Change, { at, actor, job, reason }: StoredEvent): Batch => ({
  changes: [change],
  lineOf,
  at,
  actor,
  job,
  reason,
})

function beginsAt(known: StoredHousehold, { before }: StoredEvent): boolean {
  return Object.entries(before ?? {}).every(
    ([name, value]) => JSON.stringify(known[name as keyof StoredHousehold]) === JSON.stringify(value),
  )
}

/** The list of a province up to a number, or all of it. */
const upTo = (province: string, until = Number.POSITIVE_INFINITY): Stretch => ({ province, after: 0, until })

async function* inChunks<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = []
  for await (const item of items) {
    chunk.push(item)
    if (chunk.length < size) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

/** What differs between two registries, in words: a household, an event, what a code leads to, a count. The first `most`. */
export async function differences(one: RegistryReader, other: RegistryReader, most = 100): Promise<string[]> {
  const found: string[] = []
  for await (const difference of compared(one, other)) {
    found.push(difference)
    if (found.length >= most) break
  }
  return found
}

async function* compared(one: RegistryReader, other: RegistryReader): AsyncGenerator<string> {
  const [count, otherCount] = [await one.count(), await other.count()]
  if (count !== otherCount) yield `${count} households and ${otherCount}`
  // With many writers some n are never given.
  for (let [from, seen] = [1, 0]; seen < count; from += PAGE) {
    const ns = Array.from({ length: PAGE }, (_, i) => from + i)
    const others = new Map((await other.households(ns)).map((household) => [household.n, household]))
    const page = await one.households(ns)
    seen += page.length
    for (const household of page) {
      const { n } = household
      if (!same(household, others.get(n))) yield `household ${n}`
      const codes = new Set(
        versions(household, await one.history(n)).flatMap(({ vpostcode }) => vpostcode ?? []),
      )
      for (const code of codes)
        for (const ask of ['atCode', 'oldCodes'] as const)
          if (!same(await one[ask](code, PAGE), await other[ask](code, PAGE)))
            yield `${ask} of household ${n}`
      for (const { scheme, value } of household.externalIds)
        if ((await other.byExternalId(scheme, value)) !== n) yield `number of household ${n}`
    }
  }
  yield* comparedLists(one, other)
}

async function* comparedLists(one: RegistryReader, other: RegistryReader): AsyncGenerator<string> {
  const tallies = await one.provinceTallies()
  if (!same(households(tallies), households(await other.provinceTallies()))) yield 'counts of provinces'
  for (const { provinceCode } of tallies) {
    const communes = await one.communeTallies(provinceCode)
    if (!same(households(communes), households(await other.communeTallies(provinceCode))))
      yield `counts of province ${provinceCode}`
    const list = eventsOf(other, upTo(provinceCode), PAGE)
    let number = 0
    for await (const event of eventsOf(one, upTo(provinceCode), PAGE)) {
      if (event.number !== ++number) yield `event ${provinceCode}-${number} is missing`
      number = event.number
      if (!same(event, (await list.next()).value)) yield `event ${provinceCode}-${number}`
    }
    if (!(await list.next()).done) yield `event ${provinceCode}-${number + 1}`
  }
}

/** Counts of households, where there are any: samples and findings are no part of the list. */
const households = (tallies: readonly Tally[]) =>
  tallies
    .map(({ sampled: _, checked: _c, wrong: _w, findings: _f, ...tally }) => tally)
    .filter((tally) => tally.households > 0)

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
