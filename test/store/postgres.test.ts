import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
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

  test('a role that may not make the extension is told who may', async () => {
    const [role, database] = [`clerk_${process.pid}`, `bare_${process.pid}`]
    const admin = new pg.Client(server.url('postgres'))
    await admin.connect()
    await admin.query(`CREATE ROLE ${role} LOGIN`)
    await admin.query(`CREATE DATABASE ${database} OWNER ${role} TEMPLATE template0`)
    const url = new URL(server.url(database))
    url.searchParams.set('user', role)
    await expect(openWriter(url.href)).rejects.toThrow(
      'a superuser has to run CREATE EXTENSION postgis in it once',
    )
    await admin.query(`DROP DATABASE ${database} WITH (FORCE)`)
    await admin.query(`DROP ROLE ${role}`)
    await admin.end()
  })
})
