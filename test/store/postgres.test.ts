import { afterAll, beforeAll, describe, test } from 'vitest'
import { openKeys, openWriter } from '../../src/store/postgres/open.ts'
import { keyContract, storeContract } from './contract.ts'
import { missing, type PostgresServer, startServer } from './postgresServer.ts'

const reason = missing()
if (reason) test.skip(`postgres: ${reason}`, () => {})

describe.skipIf(reason)('postgres', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  storeContract('postgres', async () => openWriter(await server.newRegistry()))
  keyContract('postgres', async () => {
    const url = await server.newRegistry()
    const store = await openKeys(url)
    return { store, again: () => openKeys(url) }
  })
})
