import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, test } from 'vitest'
import { scaleAt } from '../../src/geo/flatEarth.ts'
import { openAssignRun } from '../../src/registry/assignRun.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import type { StoreWriter } from '../../src/registry/store.ts'
import { lineOf } from '../../src/registry/streetLine.ts'
import { WriterBusy } from '../../src/store/sqlite/lease.ts'
import { MIGRATIONS } from '../../src/store/sqlite/migrations.ts'
import {
  EmptyDatabase,
  openBeside,
  openKeys,
  openReader,
  openWriter,
  WrongDatabase,
} from '../../src/store/sqlite/open.ts'
import { expectCounts } from '../registry/counts.ts'
import { draft, hamlet, point } from '../registry/helpers.ts'
import { batch, household, keyContract, storeContract } from './contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-store-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let count = 0
const newPath = () => join(folder, `${count++}.db`)

storeContract('sqlite in memory', () => openWriter(':memory:'))
storeContract('sqlite in a file', () => openWriter(newPath()))
keyContract('sqlite', async () => {
  const path = newPath()
  await openWriter(path).close()
  return { store: openKeys(path), again: () => openKeys(path) }
})

const one = (n: number) => batch([{ kind: 'insert', household: household(n) }])

describe('readers', () => {
  test('see each commit at once and nothing before it', async () => {
    const path = newPath()
    const writer = openWriter(path)
    const reader = openReader(path)
    await writer.transaction(async (tx) => {
      await tx.write(one(1))
      expect(await reader.count()).toBe(0)
      expect(await writer.count()).toBe(0)
    })
    expect(await reader.count()).toBe(1)
    expect(await writer.count()).toBe(1)
    expect(Buffer.from(reader.secret)).toEqual(Buffer.from(writer.secret))
    await reader.close()
    await writer.close()
  })

  test('read after the writer is gone', async () => {
    const path = newPath()
    const writer = openWriter(path)
    await writer.transaction((tx) => tx.write(one(1)))
    await writer.close()
    const reader = openReader(path)
    expect(await reader.count()).toBe(1)
    await reader.close()
  })

  test('an id stays the same when the database is opened again', async () => {
    const path = newPath()
    const writer = openWriter(path)
    await writer.transaction((tx) => tx.write(one(1)))
    const id = openRegistry(writer).ids.idOf(1)
    await writer.close()
    const reader = openReader(path)
    expect(await openRegistry(reader).household(id)).toMatchObject({ id, parts: { houseNumber: '1' } })
    await reader.close()
  })
})

describe('the writer', () => {
  test('is one: a second is told who holds the database', async () => {
    const path = newPath()
    const writer = openWriter(path)
    expect(() => openWriter(path)).toThrow(WriterBusy)
    expect(() => openWriter(path)).toThrow(`process ${process.pid} on ${hostname()}`)
    await writer.close()
    await openWriter(path).close()
  })

  const setHolder = (path: string, change: string) => {
    const db = new Database(path)
    db.exec(`UPDATE lease SET ${change}`)
    db.close()
  }
  const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid

  test.each([
    ['a process that is gone', () => `pid = ${deadPid()}`],
    ['a process before us with our number', () => 'process_started = process_started - 60000'],
    ['a silent host', () => "host = 'elsewhere', heartbeat = heartbeat - 61000"],
    [
      'another host whose last sign is of tomorrow',
      () => "host = 'elsewhere', heartbeat = heartbeat + 86400000",
    ],
    ['a silent process', () => `pid = ${process.ppid}, heartbeat = heartbeat - 61000`],
  ])('takes over from %s, which then writes no more', async (_, change) => {
    const path = newPath()
    const stale = openWriter(path)
    setHolder(path, change())
    const writer = openWriter(path)
    await writer.transaction((tx) => tx.write(one(1)))
    await expect(stale.transaction((tx) => tx.write(one(2)))).rejects.toThrow(WriterBusy)
    await stale.close()
    // Closing the stale one does not free what is not its own.
    expect(() => openWriter(path)).toThrow(WriterBusy)
    expect(await writer.count()).toBe(1)
    await writer.close()
  })

  test.each([
    ['another live process', () => `pid = ${process.ppid}`],
    ['another host', () => "host = 'elsewhere'"],
  ])('waits for %s', async (_, change) => {
    const path = newPath()
    const holder = openWriter(path)
    setHolder(path, change())
    expect(() => openWriter(path)).toThrow(WriterBusy)
    await holder.close()
  })

  test('leaves a write-ahead log, so that readers and the writer do not wait for each other', async () => {
    const path = newPath()
    await openWriter(path).close()
    const db = new Database(path)
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    db.close()
  })
})

describe('a person beside the writer', () => {
  test('changes take their turn between the transactions of the one that holds the lease; both see all', async () => {
    const path = newPath()
    expect(() => openBeside(path)).toThrow()
    const writer = openWriter(path)
    const beside = openBeside(path)
    const register = (store: StoreWriter, changes: number) =>
      Promise.all(
        Array.from({ length: changes }, () =>
          store.transaction(async (tx) => {
            const n = await tx.reserve(1)
            // Others get a turn while the transaction is open, and have to wait.
            await setTimeout(2)
            await tx.write(batch([{ kind: 'insert', household: household(n) }]))
          }),
        ),
      )
    await Promise.all([register(writer, 40), register(beside, 20)])
    expect([await writer.count(), await beside.count()]).toEqual([60, 60])
    const events = await beside.events('79', 0, 100)
    expect(events.map(({ number }) => number)).toEqual(events.map((_, i) => i + 1))
    await beside.close()
    // It held no lease that it could have given back.
    await register(writer, 1)
    await writer.close()
  })

  test('a failed change leaves nothing behind', async () => {
    const path = newPath()
    const writer = openWriter(path)
    const beside = openBeside(path)
    const failing = beside.transaction(async (tx) => {
      await tx.write(batch([{ kind: 'insert', household: household(1) }]))
      throw new Error('refused')
    })
    await expect(failing).rejects.toThrow('refused')
    await writer.transaction((tx) => tx.write(batch([{ kind: 'insert', household: household(1) }])))
    expect(await beside.count()).toBe(1)
    await beside.close()
    await writer.close()
  })
})

describe('a file that is no registry of ours', () => {
  test('another database, another format, a newer version', async () => {
    const other = newPath()
    const db = new Database(other)
    db.exec('CREATE TABLE t (a)')
    db.close()
    expect(() => openWriter(other)).toThrow(WrongDatabase)
    expect(() => openReader(other)).toThrow(WrongDatabase)

    const text = newPath()
    writeFileSync(text, 'address;lat;lon\n'.repeat(100))
    expect(() => openWriter(text)).toThrow('file is not a database')

    const empty = newPath()
    writeFileSync(empty, '')
    expect(() => openReader(empty)).toThrow(EmptyDatabase)

    const newer = newPath()
    await openWriter(newer).close()
    const raised = new Database(newer)
    raised.pragma('user_version = 999')
    raised.close()
    expect(() => openWriter(newer)).toThrow(/newer version/)
    expect(() => openReader(newer)).toThrow(/newer version/)
    expect(() => openReader(newPath())).toThrow()
  })
})

describe('a database of an earlier version', () => {
  test('keeps its households, counts and findings when it is brought up to date', async () => {
    const path = newPath()
    const old = new Database(path)
    // Before samples were checked.
    for (const step of MIGRATIONS.slice(0, 7)) old.exec(step)
    old.prepare("INSERT INTO meta VALUES ('secret', ?)").run(Buffer.alloc(32, 7))
    old.exec(`INSERT INTO names VALUES (1, 'v')`)
    const add = old.prepare(
      `INSERT INTO households (n, status, key, key_version, text, parts, province, commune, postcode, grade, confidence, engine, data, created_at)
       VALUES (?, 0, ?, 1, ?, '{}', 79, 26743, 71009, 0, 1000, 1, 1, 1000)`,
    )
    for (const n of [1, 2]) add.run(n, Buffer.alloc(19, n), `${n} Lê Lợi`)
    old.exec(
      `UPDATE households SET parts = '{"h":"2","s":"Lê Lợi"}', lat = 10.77, lon = 106.7, source = 1, accuracy = 5 WHERE n = 2`,
    )
    old.exec(`INSERT INTO doubts VALUES (1, 2, 0, 900, 'same-text', 3, 79, 26743, 5), (1, 0, 1, 500, 'far', 80, 79, 26743, 5);
      INSERT INTO coverage VALUES (79, 26743, 20000, 2, 0, 2, 0, 0), (79, -1, 20000, 2, 0, 2, 0, 0)`)
    old.pragma('user_version = 7')
    old.close()

    expect(() => openReader(path)).toThrow('has schema 7')
    const writer = openWriter(path)
    const fill = () => writer.transaction((tx) => tx.writeLines(lineOf, 1))
    expect([await fill(), await fill(), await fill(), await fill()]).toEqual([true, true, false, false])
    await writer.close()
    const reader = openReader(path)
    expect(await reader.along('26743', [{ lines: [0, 2 ** 53], downwards: false }], 9)).toMatchObject([
      { n: 2 },
    ])
    const near = { lat: 10.77, lon: 106.7, scale: scaleAt(10.77), metres: 1, limit: 9 }
    expect(await reader.nearest(near)).toMatchObject([{ n: 2 }])
    expect((await reader.households([1, 2])).map(({ text }) => text)).toEqual(['1 Lê Lợi', '2 Lê Lợi'])
    expect(await reader.doubts(null, 9)).toMatchObject([
      { kind: 'duplicate', n: 1, other: 2, score: 0.9, metres: 3, foundAt: 5 },
      { kind: 'numbering', n: 1, other: null, score: 0.5 },
    ])
    await expectCounts(reader)
    await reader.close()
  })

  test('gives each job that was asked for over HTTP to the line of keys whose it was', async () => {
    const path = newPath()
    const old = new Database(path)
    const before = MIGRATIONS.findIndex((step) => step.includes('$.upload.line'))
    for (const step of MIGRATIONS.slice(0, before)) old.exec(step)
    const key = old.prepare(
      `INSERT INTO keys (prefix, hash, role, name, origins, per_minute, created_at, replaced_by) VALUES ('', ?, 'server', ?, '[]', 1, ?, ?)`,
    )
    // Key 1 was rotated into 2; 3 is a new key of the same name, 4 somebody else's.
    for (const [i, [name, at, replacedBy]] of (
      [
        ['a', 10, 2],
        ['a', 20, null],
        ['a', 50, null],
        ['b', 60, null],
      ] as const
    ).entries())
      key.run(Buffer.from([i]), name, at, replacedBy)
    const job = old.prepare(
      `INSERT INTO jobs (kind, owner, fingerprint, input, output, list, options, engine_version, data_version, started_at, state)
       VALUES ('convert', ?, '', '', '', '', ?, '', '', ?, 'done')`,
    )
    const upload = JSON.stringify({ upload: { name: 'x' } })
    for (const [owner, options, at] of [
      ['a', upload, 15],
      ['a', upload, 25],
      ['a', upload, 55],
      ['a', '{}', 56],
      ['c', upload, 57],
    ] as const)
      job.run(owner, options, at)
    old.pragma(`user_version = ${before}`)
    old.close()

    await openWriter(path).close()
    const reader = openReader(path)
    const idsOf = async (line: number) => (await reader.listJobs(9, { uploadedBy: line })).map(({ id }) => id)
    expect([await idsOf(1), await idsOf(3), await idsOf(4)]).toEqual([[2, 1], [3], []])
    expect((await reader.job(1))!.options['upload']).toEqual({ name: 'x', line: 1 })
    expect((await reader.job(4))!.options).toEqual({})
    await reader.close()
  })
})

describe('a load that is stopped', () => {
  const drafts = Array.from({ length: 90 }, (_, i) =>
    i % 3 === 0
      ? hamlet({ point: point(i) })
      : draft({ parts: { houseNumber: String(i % 20), street: 'X' }, point: point() }),
  )
  const rows = drafts.map((draft, i) => ({ draft, row: i + 1 }))
  const job = {
    kind: 'assign',
    owner: 'tester',
    fingerprint: 'f',
    input: 'i',
    output: 'o',
    list: 'l',
    options: {},
    engineVersion: '1',
    dataVersion: '1',
    startedAt: 1,
  }
  const report = (firstRow: number) => () => ({ firstRow, rows: 10, outBytes: firstRow, counts: {} })

  async function load(path: string, stops: Set<number>) {
    let store = openWriter(path)
    let run = await openAssignRun(store, await store.createJob(job), { actor: 'test' })
    const statuses: string[] = []
    while (run.chunks < 9) {
      const from = run.chunks * 10
      if (stops.delete(run.chunks)) {
        // The result file cannot be written: nothing of the chunk may stay. Then the process starts anew.
        const failing = run.commit(rows.slice(from, from + 10), () => {
          throw new Error('disk full')
        })
        await expect(failing).rejects.toThrow('disk full')
        await store.close()
        store = openWriter(path)
        run = await openAssignRun(store, (await store.findUnfinished('f'))!, { actor: 'test' })
        continue
      }
      const outcomes = await run.commit(rows.slice(from, from + 10), report(from + 1))
      statuses.push(...outcomes.map(({ status }) => status))
    }
    const households = await store.households(Array.from({ length: 90 }, (_, i) => i + 1))
    const untimed = households.map(({ createdAt: _c, updatedAt: _u, ...rest }) => rest)
    await store.close()
    return { statuses, untimed }
  }

  test('ends like one that was not', async () => {
    const undisturbed = await load(newPath(), new Set())
    expect(undisturbed.statuses).toContain('duplicate')
    expect(await load(newPath(), new Set([0, 1, 4, 8]))).toEqual(undisturbed)
  })
})
