import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { AboutFile } from '../../src/bulk/parts.ts'
import { workOnParts } from '../../src/cli/partWorker.ts'
import { openWriter } from '../../src/store/postgres/open.ts'
import { describePostgres, startServer } from './postgresServer.ts'

describePostgres('postgres, a part that fails', () => {
  test('a part that fails again and again ends its job and says which rows, and its worker lives on', async () => {
    const server = await startServer()
    const url = await server.newRegistry()
    const store = await openWriter(url)
    let over = false
    const log = { info() {}, warn() {} }
    const worker = workOnParts({ db: url, store, log, stopped: () => over })
    const { id } = await store.queueJob({
      ...{ kind: 'assign', owner: 'tester', fingerprint: 'spoilt', input: 'a', output: 'b', list: 'list' },
      ...{ options: { map: [] }, engineVersion: '1', dataVersion: '1', startedAt: Date.now() },
    })
    await store.putParts(id, { delimiter: ',', bytes: 9 } as AboutFile, async function* () {
      yield { part: 0, firstRow: 0, rows: 10, input: Buffer.from('not deflated') }
    })
    const failed = async () => {
      while ((await store.job(id))!.state !== 'failed') await setTimeout(100)
    }
    try {
      // A worker that ends by itself has failed.
      await Promise.race([failed(), worker])
      expect(await store.job(id)).toMatchObject({ state: 'failed', error: 'rows 1 to 10 failed' })
    } finally {
      over = true
      await Promise.allSettled([worker])
      await store.close()
      await server.stop()
    }
  }, 120_000)
})
