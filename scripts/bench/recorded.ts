import { rmSync } from 'node:fs'
import { ResultFile } from '../../src/bulk/files.ts'
import { openInput } from '../../src/bulk/input.ts'
import { Neighbours } from '../../src/bulk/neighbours.ts'
import { prepareChunk } from '../../src/bulk/prepare.ts'
import type { Batch } from '../../src/bulk/records.ts'
import { RegistrySink } from '../../src/bulk/registrySink.ts'
import { RESULT_COLUMNS } from '../../src/bulk/result.ts'
import { load } from '../../src/gazetteer/load.ts'
import { openAssignRun } from '../../src/registry/assignRun.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'

/**
 * The two sides of `assign` alone, one after the other on one core: what the worker threads do with a row, and, with their
 * answers recorded, what the process that writes does. Microseconds of processor time a row.
 */
export async function sides(input: string, folder: string) {
  const gazetteer = load()
  const output = `${folder}/recorded.csv`
  const source = await openInput({ input, output, map: [], gazetteer }, RESULT_COLUMNS)
  const spent = { reading: 0, preparing: 0, handingOver: 0, writing: 0 }
  const time = async <T>(side: keyof typeof spent, work: () => T | Promise<T>): Promise<T> => {
    const before = process.cpuUsage()
    const result = await work()
    const { user, system } = process.cpuUsage(before)
    spent[side] += user + system
    return result
  }
  const batches: Batch[] = []
  await time('reading', async () => {
    for await (const batch of source.batches()) batches.push(batch)
  })
  const answers: string[] = []
  let rows = 0
  for (const batch of batches) {
    const lines = await time('preparing', () => [...prepareChunk(batch, source.shape, gazetteer)])
    rows += lines.length
    answers.push(await time('handingOver', () => JSON.stringify(lines)))
  }
  source.close()
  const db = `${folder}/recorded.db`
  const store = openWriter(db)
  const job = await store.createJob({
    kind: 'assign',
    owner: 'bench',
    fingerprint: 'recorded',
    input,
    output,
    list: 'recorded',
    options: {},
    engineVersion: 'bench',
    dataVersion: 'bench',
    startedAt: Date.now(),
  })
  const file = ResultFile.create(output, 'header\n')
  const sink = new RegistrySink(await openAssignRun(store, job, { actor: 'bench' }), file, ',', job, {
    gazetteer,
    neighbours: new Neighbours(store, job.startedAt, gazetteer),
  })
  const started = performance.now()
  for (const answer of answers) {
    const lines = await time('handingOver', () => JSON.parse(answer))
    await time('writing', () => sink.commit(lines, { done: 0, total: 1 }))
  }
  const seconds = (performance.now() - started) / 1000
  file.discard()
  await store.close()
  for (const suffix of ['', '-wal', '-shm']) rmSync(db + suffix, { force: true })
  const each = Object.fromEntries(
    Object.entries(spent).map(([side, cpu]) => [side, Math.round((cpu / rows) * 10) / 10]),
  )
  return {
    unit: 'us of processor time a row',
    ...each,
    writingAloneRowsPerSecond: Math.round(rows / seconds),
  }
}
