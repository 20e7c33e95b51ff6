import { afterAll, beforeAll } from 'vitest'
import { openKeys, openWriter } from '../../src/store/postgres/open.ts'
import { keyContract, storeContract } from './contract.ts'
import { describePostgres, type PostgresServer, startServer } from './postgresServer.ts'

describePostgres('postgres', () => {
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
