// What a published set costs: the snapshot and the difference of a day, beside a plain read of the same table in the same run.
//   npx tsx scripts/bench/publish.ts [households = 200000]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publishSet } from '../../src/bulk/publish/publish.ts'
import { load } from '../../src/gazetteer/load.ts'
import { openReader, openWriter } from '../../src/store/sqlite/open.ts'
import { openSnapshot } from '../../src/store/sqlite/snapshot.ts'
import { changeSome, registerDrafts } from './madeUpRegistry.ts'

const HOUSEHOLDS = Number(process.argv[2] ?? 200_000)
/** One household in so many changes between the two sets: 1 % of a registry in a day. */
const CHANGED = 100
const gazetteer = load()
const folder = mkdtempSync(join(tmpdir(), 'vpostcode-publish-'))
const path = join(folder, 'publish.db')
const sets = join(folder, 'sets')

const store = openWriter(path)
await registerDrafts(store, HOUSEHOLDS)
const reader = openReader(path)
const timed = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
  const started = performance.now()
  const found = await work()
  return [found, (performance.now() - started) / 1000]
}

/** Every household, decoded, and nothing else. */
const plain = () =>
  timed(async () => {
    const snapshot = openSnapshot(path)
    let read = 0
    for await (const page of snapshot.pages({}, 2_000)) read += page.length
    await snapshot.close()
    return read
  })
const publish = () =>
  timed(async () => {
    const lastN = async () => reader.count()
    const published = await publishSet({
      ...{ store: reader, folder: sets, gazetteer, engineVersion: '1', days: 7, lastN },
    })
    return published!.manifest
  })

const [count, plainSeconds] = await plain()
const [first, firstSeconds] = await publish()
await changeSome(store, CHANGED)
const [second, secondSeconds] = await publish()
const [, plainAgain] = await plain()

const rate = (rows: number, seconds: number) => Math.round(rows / seconds)
console.log(
  JSON.stringify(
    {
      households: count,
      plainRead: { rowsASecond: [rate(count, plainSeconds), rate(count, plainAgain)] },
      snapshot: {
        rowsASecond: rate(count, firstSeconds),
        seconds: firstSeconds,
        megabytes: first.bytes / 1e6,
        megabytesASecond: first.bytes / 1e6 / firstSeconds,
        bytesAHousehold: first.bytes / count,
        timesThePlainRead: (2 * firstSeconds) / (plainSeconds + plainAgain),
      },
      snapshotWithDifference: {
        changes: second.changes!.rows,
        rowsASecond: rate(count, secondSeconds),
        seconds: secondSeconds,
        differenceMegabytes: (second.bytes - first.bytes) / 1e6,
      },
      residentMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    },
    null,
    1,
  ),
)
await reader.close()
await store.close()
rmSync(folder, { recursive: true, force: true })
