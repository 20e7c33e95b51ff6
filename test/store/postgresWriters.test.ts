import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scaleAt } from '../../src/geo/flatEarth.ts'
import { openAssignRun } from '../../src/registry/assignRun.ts'
import type { Job } from '../../src/registry/jobStore.ts'
import type { StoreReader, StoreWriter } from '../../src/registry/store.ts'
import { openReader, openWriter, WrongDatabase } from '../../src/store/postgres/open.ts'
import { expectCounts } from '../registry/counts.ts'
import { codeOf, draft, point } from '../registry/helpers.ts'
import { batch, household } from './contract.ts'
import { describePostgres, type PostgresServer, startServer } from './postgresServer.ts'

/** What SQLite has no question about: many writers at once, lost connections, partitions. */

describePostgres('postgres, many writers', () => {
  let server: PostgresServer
  let admin: pg.Client
  beforeAll(async () => {
    server = await startServer()
    admin = new pg.Client(server.url('postgres'))
    await admin.connect()
  })
  afterAll(async () => {
    await admin?.end()
    await server?.stop()
  })

  /** Ends the connections of a registry that have a transaction open, or all of them. */
  const kill = (url: string, state = '%') =>
    admin.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND state LIKE $2',
      [new URL(url).pathname.slice(1), state],
    )
  const sql = async (url: string, text: string) => {
    const client = new pg.Client(url)
    await client.connect()
    const { rows } = await client.query({ text, rowMode: 'array' })
    await client.end()
    return rows
  }
  const newJob = (store: StoreWriter, fingerprint: string): Promise<Job> =>
    store.createJob({
      ...{ kind: 'assign', owner: 'tester', fingerprint, input: 'a', output: 'b', list: fingerprint },
      ...{ options: {}, engineVersion: '1', dataVersion: '1', startedAt: 1000 },
    })
  /** Numbers 1, 2, 3, ... in each province, each event once. */
  async function expectNoGap(store: StoreReader): Promise<number> {
    let all = 0
    for (const { province, number } of await store.lastEvents()) {
      const events = await store.events(province, 0, 100_000)
      expect(events.map(({ number }) => number)).toEqual(Array.from({ length: number }, (_, i) => i + 1))
      all += number
    }
    return all
  }
  const rowsOf = (drafts: ReturnType<typeof draft>[], chunk: number, size: number) =>
    drafts.slice(chunk * size, (chunk + 1) * size).map((draft, i) => ({ draft, row: chunk * size + i + 1 }))
  const homes = (count: number) =>
    Array.from({ length: count }, (_, i) => {
      const place = i % 3 === 0 ? { provinceCode: '01', communeCode: '00004', postcode: '11120' } : {}
      // Every fifth names a hamlet alone: it is known by its point.
      const parts = i % 5 === 0 ? { hamlet: 'thôn Đông' } : { houseNumber: String(i + 1), street: 'Lê Lợi' }
      return draft({ ...place, parts, point: point(i * 40) })
    })

  test('the same homes that several load at once, in different orders, are each made once', async () => {
    const url = await server.newRegistry()
    const size = 40
    const drafts = homes(400)
    const orders = [drafts, drafts.toReversed(), [...drafts.slice(200), ...drafts.slice(0, 200)]]
    const stores = await Promise.all(orders.map(() => openWriter(url)))
    const statuses = await Promise.all(
      orders.map(async (order, i) => {
        const run = await openAssignRun(stores[i]!, await newJob(stores[i]!, `load ${i}`), { actor: 'test' })
        const seen = []
        for (let chunk = 0; chunk * size < order.length; chunk++) {
          const report = { firstRow: chunk * size + 1, rows: size, outBytes: 0, counts: {} }
          seen.push(...(await run.commit(rowsOf(order, chunk, size), () => report)))
        }
        return seen.map(({ status }) => status)
      }),
    )
    const counted = statuses.flat().filter((status) => status === 'assigned').length
    expect([counted, await stores[0]!.count()]).toEqual([400, 400])
    expect(await expectNoGap(stores[0]!)).toBe(400)
    await expectCounts(stores[1]!)
    for (const store of stores) await store.close()
  })

  test('numbers of events have no gap and n is given once, whoever writes and whatever is taken back', async () => {
    const url = await server.newRegistry()
    const stores = await Promise.all([1, 2, 3].map(() => openWriter(url)))
    const hanoi = { provinceCode: '01', communeCode: '00004', postcode: '11120' }
    let kept = 0
    await Promise.all(
      stores.map(async (store, i) => {
        for (let round = 0; round < 12; round++) {
          const fails = (round + i) % 4 === 0
          const writing = store.transaction(async (tx) => {
            const first = await tx.reserve(4)
            const made = [0, 1, 2, 3].map((k) => household(first + k, (k + i) % 2 ? hanoi : {}))
            await tx.write(batch(made.map((household) => ({ kind: 'insert', household }))))
            if (fails) throw new Error('taken back')
          })
          if (fails) await expect(writing).rejects.toThrow('taken back')
          else await writing
          if (!fails) kept += 4
        }
      }),
    )
    expect(await stores[0]!.count()).toBe(kept)
    expect(await expectNoGap(stores[0]!)).toBe(kept)
    for (const store of stores) await store.close()
  })

  test('two persons that change one household: the second sees what the first has made of it', async () => {
    const url = await server.newRegistry()
    const [one, two] = await Promise.all([openWriter(url), openWriter(url)])
    await one!.transaction((tx) => tx.write(batch([{ kind: 'insert', household: household(1) }])))
    const append = (store: StoreWriter, letter: string) =>
      store.transaction(async (tx) => {
        const [old] = await tx.households([1])
        const text = old!.text + letter
        const change = { kind: 'update' as const, before: { text: old!.text }, after: { text } }
        await new Promise((done) => setTimeout(done, 20))
        await tx.write(batch([{ ...change, household: { ...old!, text, updatedAt: 2000 } }]))
      })
    const letters = [...'abcdefgh']
    await Promise.all(letters.map((letter, i) => append(i % 2 ? one! : two!, letter)))
    const [after] = await one!.households([1])
    expect(after!.text).toHaveLength(household(1).text.length + letters.length)
    expect(await one!.history(1)).toHaveLength(1 + letters.length)
    await one!.close()
    await two!.close()
  })

  test('a connection that is lost in a transaction leaves nothing, and the next transaction works', async () => {
    const url = await server.newRegistry()
    const store = await openWriter(url)
    const lost = store.transaction(async (tx) => {
      await tx.write(batch([{ kind: 'insert', household: household(1) }]))
      await kill(url, 'idle in transaction')
      await tx.write(batch([{ kind: 'insert', household: household(2) }]))
    })
    await expect(lost).rejects.toThrow()
    expect(await store.count()).toBe(0)
    await store.transaction((tx) => tx.write(batch([{ kind: 'insert', household: household(1) }])))
    expect([await store.count(), await expectNoGap(store)]).toEqual([1, 1])
    await store.close()
  })

  test('a load whose connections are cut again and again loses and doubles nothing', async () => {
    const url = await server.newRegistry()
    const store = await openWriter(url)
    const [size, drafts] = [25, homes(600)]
    const job = await newJob(store, 'cut')
    let cuts = 0
    let run = await openAssignRun(store, job, { actor: 'test' })
    const cutting = (async () => {
      for (let cut = 1; cut <= 12 && run.chunks * size < drafts.length; cut++) {
        await new Promise((done) => setTimeout(done, 40 + 17 * cut))
        await kill(url)
      }
    })()
    while (run.chunks * size < drafts.length) {
      const chunk = run.chunks
      const report = { firstRow: chunk * size + 1, rows: size, outBytes: 0, counts: {} }
      try {
        await run.commit(rowsOf(drafts, chunk, size), () => report)
      } catch {
        cuts++
        // What was committed is read back: whether the last chunk was, nobody could tell.
        for (let open = true; open; )
          try {
            run = await openAssignRun(store, job, { actor: 'test' })
            open = false
          } catch {}
      }
    }
    await cutting
    // The pool hears of the last cut.
    await new Promise((done) => setTimeout(done, 200))
    expect(cuts).toBeGreaterThan(0)
    expect([await store.count(), await expectNoGap(store)]).toEqual([600, 600])
    expect((await store.job(job.id))?.rowsDone).toBe(600)
    await expectCounts(store)
    await store.close()
  })

  test('a household that moves into another province takes all that is known of it along', async () => {
    const url = await server.newRegistry()
    const store = await openWriter(url)
    const code = codeOf('71009', point())
    const home = household(1, { vpostcode: code, externalIds: [{ scheme: 'office', value: '7' }] })
    const there = { provinceCode: '01', communeCode: '00004', postcode: '11120' }
    const [, next] = [code, codeOf('11120', point())]
    const moved = { ...home, ...there, vpostcode: next, updatedAt: 3000 }
    const seen = { n: 1, actor: 'a', at: 10, found: 'right' as const, point: null }
    await store.transaction(async (tx) => {
      await tx.write(batch([{ kind: 'insert', household: home }], { listRows: [{ row: 5, n: 1 }] }))
      await tx.write(batch([], { stands: [{ key: home.key, point: null, n: 1, until: 2000 }] }))
      await tx.writeObservation(seen, false)
    })
    const before = { provinceCode: '79', communeCode: '26743', postcode: '71009', vpostcode: code }
    const after = { ...there, vpostcode: next }
    await store.transaction((tx) =>
      tx.write(batch([{ kind: 'update', household: moved, before, after }], { at: 3000 })),
    )
    expect(await store.households([1])).toEqual([moved])
    expect(await store.atCode(next, 5)).toEqual([1])
    expect(await store.atCode(code, 5)).toEqual([])
    expect(await store.oldCodes(code, 5)).toMatchObject([{ n: 1, from: 1000, until: 3000 }])
    expect(await store.sameCore(home.key, 22, 5)).toMatchObject([{ n: 1 }])
    expect(await store.byExternalId('office', '7')).toBe(1)
    expect(await store.stands(home.key, 5)).toMatchObject([{ n: 1 }])
    expect(await store.observationsOf(1)).toEqual([seen])
    expect((await store.history(1)).map(({ province, number }) => [province, number])).toEqual([
      ['79', 1],
      ['01', 1],
    ])
    const listed = { keys: [], coreLength: 22, perKey: 9, externalIds: [], list: 'list', rows: [5] }
    await store.transaction(async (tx) =>
      expect((await tx.find(listed)).listRows).toEqual([{ row: 5, n: 1 }]),
    )
    await expectCounts(store)
    for (const table of ['households', 'list_rows', 'aliases', 'stands', 'observations'])
      expect(await sql(url, `SELECT DISTINCT province FROM ${table}`)).toEqual([[1]])
    await store.close()
  })

  test('a registry from before the squares of points finds the nearest after it is brought up to date', async () => {
    const url = await server.newRegistry()
    const before = await openWriter(url)
    await before.transaction((tx) => tx.write(batch([{ kind: 'insert', household: household(1) }])))
    await before.close()
    // What the steps since then have made.
    await sql(url, 'DELETE FROM heads WHERE head >= 1000000')
    await sql(url, 'ALTER TABLE job_parts DROP COLUMN rejected, DROP COLUMN places')
    await sql(url, "UPDATE meta SET number = 2 WHERE name = 'schema'")
    await expect(openReader(url)).rejects.toThrow('brings it up to date')
    const store = await openWriter(url)
    const { lat, lon } = household(1).point!
    const near = { lat: lat + 0.001, lon, scale: scaleAt(lat), metres: 500, limit: 5 }
    expect(await store.nearest(near)).toMatchObject([{ n: 1 }])
    await store.close()
  })

  test('a reader needs a registry of this version, and the server refuses it every change', async () => {
    await expect(openReader(server.url('postgres'))).rejects.toThrow(WrongDatabase)
    const url = await server.newRegistry()
    await (await openReader(url)).close()
    await sql(url, "UPDATE meta SET number = 999 WHERE name = 'schema'")
    await expect(openReader(url)).rejects.toThrow('newer version')
    await expect(openWriter(url)).rejects.toThrow('newer version')
  })
})
