import { expect, test } from 'vitest'
import { openMessages } from '../../src/store/postgres/messages.ts'
import { openWriter } from '../../src/store/postgres/open.ts'
import { describePostgres, startServer } from './postgresServer.ts'

describePostgres('postgres, messages', () => {
  test('workers that start at once on a new registry all come to work', async () => {
    const server = await startServer()
    try {
      const url = await server.newRegistry()
      await (await openWriter(url)).close()
      const errors: Error[] = []
      const all = await Promise.all(
        Array.from({ length: 20 }, () => openMessages(url, (error) => errors.push(error))),
      )
      await all[0]!.send([{ job: 1, part: 0 }])
      expect(await all[19]!.next()).toMatchObject({ data: { job: 1, part: 0 } })
      await Promise.all(all.map((one) => one.close()))
      expect(errors).toEqual([])
    } finally {
      await server.stop()
    }
  }, 120_000)
})
