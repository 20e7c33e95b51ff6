import { setTimeout } from 'node:timers/promises'
import { assignFile } from '../../src/bulk/assign.ts'
import { load } from '../../src/gazetteer/load.ts'
import { prepareRow } from '../../src/pipeline.ts'
import { openLife } from '../../src/registry/life.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'

/** Milliseconds between two entries. */
const EVERY = 50

/** Loads a file as `serve` does, and enters single households beside through the same writer: how long a clerk waits. */
export async function whileAJobRuns(input: string, db: string) {
  const gazetteer = load()
  const store = openWriter(db)
  const life = openLife({ store, gazetteer, engineVersion: 'bench' })
  let running = true
  const job = assignFile({
    input,
    output: `${input}.result.csv`,
    list: 'beside',
    map: [],
    threads: 1,
    store,
    gazetteer,
    engineVersion: 'bench',
    actor: 'bench',
    onStart: () => {},
    onProgress: () => {},
    stop: () => false,
  }).finally(() => {
    running = false
  })
  const times: number[] = []
  for (let i = 1; running; i++) {
    const address = `Số ${i} đường Người Trực, Phường Bến Thành, Thành phố Hồ Chí Minh`
    const begun = performance.now()
    const { draft } = prepareRow({ address, lat: '10.7721', lon: '106.6983' }, gazetteer)
    await life.register({ actor: 'clerk' }, { draft: draft! })
    times.push(performance.now() - begun)
    await setTimeout(EVERY)
  }
  const { rows, seconds } = await job
  await store.close()
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round(times[Math.floor((times.length - 1) * share)]! * 10) / 10
  return {
    entries: times.length,
    unit: 'ms',
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    jobRowsPerSecond: Math.round(rows / seconds),
  }
}
