import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { moveStore } from '../../src/cli/migrateStore.ts'
import { load } from '../../src/gazetteer/load.ts'
import { idCodec } from '../../src/registry/id.ts'
import { openLife } from '../../src/registry/life.ts'
import { openReader as openServer } from '../../src/store/postgres/open.ts'
import { openSource } from '../../src/store/postgres/transfer.ts'
import { openReader, openWriter } from '../../src/store/sqlite/open.ts'
import { openTarget } from '../../src/store/sqlite/transfer.ts'
import { draft, hamlet, loader, point } from '../registry/helpers.ts'
import { describePostgres, type PostgresServer, startServer } from './postgresServer.ts'

const anyHome = fc.record({
  number: fc.constantFrom('1', '2', '3', '4'),
  north: fc.nat(300),
  named: fc.boolean(),
  external: fc.option(fc.stringMatching(/^[A-Zé\\\t]{1,6}$/u), { nil: null }),
})

describePostgres('migrate-store', () => {
  let server: PostgresServer
  let folder: string
  beforeAll(async () => {
    server = await startServer()
    folder = mkdtempSync(join(tmpdir(), 'vpostcode-move-'))
  })
  afterAll(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('a random registry is the same on PostgreSQL and back in a file, and its source is untouched', async () => {
    let count = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyHome, { minLength: 1, maxLength: 30 }),
        fc.nat(3),
        async (homes, changes) => {
          const path = join(folder, `${++count}.db`)
          const store = openWriter(path)
          const drafts = homes.map(({ number, north, named, external }) =>
            named
              ? draft({
                  parts: { houseNumber: number, street: 'Lê Lợi' },
                  point: point(north),
                  externalId: external,
                })
              : hamlet({ point: point(north) }),
          )
          const outcomes = await loader(store).load(drafts, { size: 7 })
          const ids = idCodec(store.secret)
          const life = openLife({ store, gazetteer: load(), engineVersion: '1' })
          for (const n of [...new Set(outcomes.map((outcome) => outcome.n))].slice(0, changes))
            await life.retire({ actor: 'clerk', reason: 'torn down' }, ids.idOf(n))
          await store.close()

          const url = await server.newRegistry()
          const there = await moveStore(path, url, () => {})
          const again = join(folder, `${count}-again.db`)
          const back = await moveStore(url, again, () => {})
          expect(back.tables).toEqual(there.tables)
          const [one, two, three] = [openReader(path), await openServer(url), openReader(again)]
          const ns = outcomes.map(({ n }) => n)
          expect(await two.withHistory(ns)).toEqual(await one.withHistory(ns))
          expect(await three.withHistory(ns)).toEqual(await one.withHistory(ns))
          for (const reader of [one, two, three]) await reader.close()
          await expect(moveStore(path, url, () => {})).rejects.toThrow('must be empty')
          await expect(moveStore(url, again, () => {})).rejects.toThrow('must be new')
        },
      ),
      { numRuns: 6 },
    )
  }, 120_000)

  test('a registry on PostgreSQL is not moved while a check of a sample is being written', async () => {
    const url = await server.newRegistry()
    const pool = new pg.Pool({ connectionString: url, max: 1 })
    const writer = await pool.connect()
    await writer.query(
      "BEGIN; INSERT INTO sample_rounds (round, seed, share, least, at, actor) VALUES (1, 's', 1, 1, 0, 'clerk')",
    )
    await expect(openSource(url)).rejects.toThrow('being written')
    await writer.query('ROLLBACK')
    writer.release()
    const source = await openSource(url)
    await source.close()
    await pool.end()
  }, 120_000)
})

test('two processes do not move a registry into one new file; what one that was cut off left is removed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpostcode-move-'))
  const path = join(folder, 'to.db')
  const first = await openTarget(path)
  await expect(openTarget(path)).rejects.toThrow('another process moves')
  await first.commit()
  await first.close()
  expect(readdirSync(folder)).toEqual(['to.db'])
  rmSync(path)
  writeFileSync(`${path}.moving`, 'cut off')
  const next = await openTarget(path)
  await next.close()
  expect(readdirSync(folder)).toEqual([])
  rmSync(folder, { recursive: true })
})
