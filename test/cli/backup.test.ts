import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { beforeAll, expect, test, vi } from 'vitest'
import { registerMillions } from '../../scripts/bench/millions.ts'
import { load } from '../../src/gazetteer/load.ts'
import { prepareEntry } from '../../src/pipeline.ts'
import { type Life, openLife } from '../../src/registry/life.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import { differences, replay } from '../../src/registry/replay.ts'
import { MIGRATIONS } from '../../src/store/sqlite/migrations.ts'
import { openBeside, openReader, openWriter } from '../../src/store/sqlite/open.ts'
import { COMMAND, folder, vpostcode } from './command.ts'
import { manyHouseholds } from './many.ts'

// Each command is a process; the larger registry takes seconds to make.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const at = (name: string) => join(folder, name)
const json = (args: string[]) => {
  const { stdout, stderr, status } = vpostcode(args)
  expect([args, status, stderr]).toEqual([args, 0, stderr])
  return JSON.parse(stdout)
}
/** What a refused command says. */
const refusal = (args: string[], code = 3) => {
  const { stderr, status } = vpostcode(args)
  expect([args, status, stderr]).toEqual([args, code, stderr])
  return stderr
}
const parts = () => readdirSync(folder).filter((name) => name.includes('.part'))
const HOUSE = (n: number) => `${n} Hàng Trống, phường Hoàn Kiếm, Hà Nội`
/** What persons do, in this process: a command takes a second or two to start. */
async function living<T>(db: string, work: (life: Life) => Promise<T>): Promise<T> {
  const store = openBeside(at(db))
  try {
    return await work(openLife({ store, gazetteer: load(), engineVersion: '1' }))
  } finally {
    await store.close()
  }
}
const by = { actor: 'mai', reason: 'asked for' }
const register = (db: string, number: number): Promise<string> =>
  living(db, async (life) => {
    const point = { lat: 21.0305, lon: 105.8505, source: 'given' as const, accuracy: 5 }
    const { draft } = prepareEntry({ address: HOUSE(number) }, point, load())
    return (await life.register(by, { draft: draft! }))[0]!.id
  })
const erase = (db: string, id: string) => living(db, (life) => life.erase(by, id))
const setMain = (db: string, id: string, of: string | null) => living(db, (life) => life.setMain(by, id, of))
async function show(path: string, id: string) {
  const store = openReader(path)
  try {
    return await openRegistry(store).household(id)
  } finally {
    await store.close()
  }
}

beforeAll(() => {
  const rows = [1, 2, 3].map((n) => `"${HOUSE(n)}",21.030${n},105.850${n}`)
  writeFileSync(at('small.csv'), ['address,lat,lon', ...rows].join('\n'))
  expect(vpostcode(['assign', 'small.csv', '--db', 'small.db', '--threads', '0']).status).toBe(0)
})

test('beside a load: what was acknowledged before it began is in it, it is of one moment, and its events give its households', async () => {
  writeFileSync(at('many.csv'), manyHouseholds(45_000))
  const load = spawn(process.execPath, [COMMAND, 'assign', 'many.csv', '--db', 'busy.db', '--threads', '1'], {
    cwd: folder,
    stdio: 'ignore',
  })
  const end = once(load, 'close')
  const loaded = async () => {
    if (!existsSync(at('busy.db'))) return 0
    const store = openReader(at('busy.db'))
    const count = await store.count()
    await store.close()
    return count
  }
  let before = 0
  while (before < 3_000) {
    await setTimeout(20)
    before = await loaded().catch(() => 0)
  }
  // With its own eyes: the load goes on.
  const { households, events } = json(['backup', 'busy.backup', '--db', 'busy.db'])
  expect(load.exitCode).toBe(null)
  const after = await loaded()
  await end
  expect(await loaded()).toBeGreaterThan(households)
  expect(households).toBeGreaterThanOrEqual(before)
  expect(households).toBeLessThanOrEqual(after)
  expect(events).toBeGreaterThanOrEqual(households)

  expect(statSync(at('busy.backup')).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder).filter((name) => name.startsWith('busy.backup'))).toEqual(['busy.backup'])
  const copy = openReader(at('busy.backup'))
  expect(await copy.count()).toBe(households)
  const again = openWriter(':memory:')
  expect(await replay(copy, again)).toEqual({ events, gaps: [] })
  expect(await differences(copy, again)).toEqual([])
  await again.close()
  await copy.close()
})

test('killed in the middle it leaves nothing under its name, and the next one clears up', async () => {
  await registerMillions(at('large.db'), 60_000)
  let killed = 0
  for (let run = 0; run < 6; run++) {
    const child = spawn(process.execPath, [COMMAND, 'backup', 'large.backup', '--db', 'large.db'], {
      cwd: folder,
      stdio: 'ignore',
    })
    const end = once(child, 'close')
    while (parts().length === 0 && child.exitCode === null) await setTimeout(1)
    await setTimeout(run * 20)
    child.kill('SIGKILL')
    const [, signal] = await end
    if (signal !== 'SIGKILL') break
    // Killed after it got its name: then it is whole.
    if (existsSync(at('large.backup'))) break
    expect(parts().length).toBeGreaterThan(0)
    killed++
  }
  expect(killed).toBeGreaterThan(0)
  rmSync(at('large.backup'), { force: true })
  expect(json(['backup', 'large.backup', '--db', 'large.db'])).toMatchObject({ households: 60_000 })
  expect(parts()).toEqual([])
})

test('a restore that is killed leaves what was there, or all of the backup; the next one ends it', async () => {
  json(['backup', 'k.backup', '--db', 'large.db'])
  cpSync(at('k.backup'), at('k.db'))
  await register('k.db', 1)
  const [before, args] = [60_001, ['restore', 'k.backup', '--db', 'k.db', '--replace']]
  let killed = 0
  for (let run = 0; run < 6; run++) {
    const child = spawn(process.execPath, [COMMAND, ...args], { cwd: folder, stdio: 'ignore' })
    const end = once(child, 'close')
    while (parts().length === 0 && child.exitCode === null) await setTimeout(1)
    await setTimeout(run * 60)
    child.kill('SIGKILL')
    const [, signal] = await end
    const store = openReader(at('k.db'))
    const now = await store.count()
    await store.close()
    if (now !== before) break
    expect(signal).toBe('SIGKILL')
    killed++
  }
  expect(killed).toBeGreaterThan(0)
  json(args)
  expect(parts()).toEqual([])
  const store = openReader(at('k.db'))
  expect(await store.count()).toBe(60_000)
  await store.close()
})

test('a database of an older program is backed up as it is, and brought up to date when it is restored', () => {
  const old = new Database(at('old.db'))
  const steps = MIGRATIONS.slice(0, -2)
  for (const step of steps) old.exec(step)
  old.prepare("INSERT INTO meta VALUES ('secret', ?)").run(randomBytes(32))
  old.pragma(`user_version = ${steps.length}`)
  old.close()
  expect(json(['backup', 'old.backup', '--db', 'old.db'])).toMatchObject({
    schema: steps.length,
    households: 0,
  })
  writeFileSync(at('nobody'), '')
  json(['restore', 'old.backup', '--db', 'up.db', '--erased-after', 'nobody'])
  const up = new Database(at('up.db'), { readonly: true })
  expect(up.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length)
  up.close()
})

test('SIGTERM stops it, and nothing is left', async () => {
  const args = [COMMAND, 'backup', 'never.backup', '--db', 'large.db']
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  child.stderr.once('data', () => child.kill('SIGTERM'))
  const [code] = await once(child, 'close')
  expect([code, parts(), existsSync(at('never.backup'))]).toEqual([3, [], false])
})

test('a backup refuses what cannot be meant, says what is wrong, and leaves nothing', () => {
  const db = ['--db', 'small.db']
  expect(refusal(['backup', 'small.db', ...db], 2)).toMatch(/is the database itself/)
  writeFileSync(at('there'), 'x')
  expect(refusal(['backup', 'there', ...db])).toMatch(/there is there already/)
  expect(readFileSync(at('there'), 'utf8')).toBe('x')
  expect(refusal(['backup', 'no/such/folder', ...db])).toMatch(/folder .* is not there/)
  expect(refusal(['backup', 'b', '--db', 'absent.db'])).toMatch(/absent.db is not there/)
  expect(refusal(['backup', 'b', '--db', 'small.csv'])).toMatch(/not a database|damaged/)
  writeFileSync(at('empty.db'), '')
  expect(refusal(['backup', 'b', '--db', 'empty.db'])).toMatch(/empty file/)
  const limited = `trap '' XFSZ; ulimit -f 4000; exec "$@"`
  const command = [process.execPath, COMMAND, 'backup', 'b', '--db', 'large.db']
  const full = spawnSync('bash', ['-c', limited, 'bash', ...command], { cwd: folder, encoding: 'utf8' })
  expect([full.status, full.stderr]).toEqual([
    3,
    expect.stringMatching(/^error: .*(?:disk|file too large)/im),
  ])
  expect([existsSync(at('b')), parts()]).toEqual([false, []])
})

test('a damaged database or backup is found out, and nothing is put in its place', () => {
  json(['backup', 'good.backup', '--db', 'large.db'])
  copyFileSync(at('good.backup'), at('cut.backup'))
  truncateSync(at('cut.backup'), 3_000_000)
  copyFileSync(at('good.backup'), at('hit.backup'))
  const file = openSync(at('hit.backup'), 'r+')
  // Pages of households, somewhere in the middle.
  for (let page = 500; page < 520; page++) writeSync(file, Buffer.alloc(1_000, 0xab), 0, 1_000, page * 4096)
  closeSync(file)
  writeFileSync(at('none'), '')
  for (const name of ['cut.backup', 'hit.backup']) {
    const said = refusal(['restore', name, '--db', 'new.db', '--erased-after', 'none'])
    expect(said).toMatch(/is damaged, nothing was written/)
    expect(refusal(['backup', 'b', '--db', name])).toMatch(/is damaged, nothing was written/)
  }
  expect([existsSync(at('new.db')), existsSync(at('b')), parts()]).toEqual([false, false, []])
})

test('restored in place of the database: the erasures since the backup are done again, keys and ids given stay given', async () => {
  cpSync(at('small.db'), at('a.db'))
  const [kept, gone, main] = [
    await register('a.db', 11),
    await register('a.db', 12),
    await register('a.db', 13),
  ] as const
  const second = await register('a.db', 14)
  await setMain('a.db', second, main)
  vpostcode(['keys', 'create', '--role', 'server', '--name', 'one', '--db', 'a.db'])
  const backup = json(['backup', 'a.backup', '--db', 'a.db'])
  expect(backup).toMatchObject({ households: 7, events: 8 })

  const later = await register('a.db', 15)
  await erase('a.db', gone)
  await erase('a.db', later)
  await setMain('a.db', second, null)
  await erase('a.db', main)
  vpostcode(['keys', 'revoke', '1', '--db', 'a.db'])
  vpostcode(['keys', 'create', '--role', 'server', '--name', 'two', '--db', 'a.db'])

  expect(refusal(['restore', 'a.backup', '--db', 'a.db'])).toMatch(/a\.db is there: --replace puts it aside/)
  const done = json(['restore', 'a.backup', '--db', 'a.db', '--replace', '--actor', 'lan'])
  expect(done).toMatchObject({
    erasedAgain: 2,
    erasedElsewhere: 1,
    keys: 'replaced database',
    backup: { households: 7, events: 8 },
  })
  expect(statSync(at('a.db')).mode & 0o777).toBe(0o600)
  for (const id of [gone, main])
    expect(await show(at('a.db'), id)).toMatchObject({
      text: '',
      parts: {},
      status: 'historical',
      point: null,
    })
  expect(await show(at('a.db'), kept)).toMatchObject({ parts: { houseNumber: '11' }, status: 'provisional' })
  expect(await show(at('a.db'), second)).toMatchObject({ parts: { houseNumber: '14' }, of: null })
  // Nothing of the addresses is left in the file; the backup itself still has them.
  expect(readFileSync(at('a.backup')).includes('12 Hàng Trống')).toBe(true)
  expect(readFileSync(at('a.db')).includes('12 Hàng Trống')).toBe(false)
  const { events } = json(['households', 'history', gone, '--db', 'a.db'])
  expect(events.at(-1)).toMatchObject({
    kind: 'erase',
    actor: 'lan',
    reason: expect.stringMatching(/backup/),
  })
  const keys = json(['keys', 'list', '--format', 'json', '--db', 'a.db'])
  expect(keys.map(({ name, state }: { name: string; state: string }) => [name, state])).toEqual(
    expect.arrayContaining([
      ['one', 'revoked'],
      ['two', 'valid'],
    ]),
  )
  expect(await register('a.db', 16)).not.toBe(later)
  expect(await show(at('a.db'), later)).toBe(null)
  // What was there is whole under its other name.
  expect(await show(done.putAside, later)).toMatchObject({ status: 'historical' })
  expect(done.putAside).toMatch(/a\.db\.replaced-\d{8}T\d{9}$/)

  const store = openReader(at('a.db'))
  const again = openWriter(':memory:')
  expect((await replay(store, again)).gaps).toEqual([])
  expect(await differences(store, again)).toEqual([])
  await again.close()
  await store.close()
})

test('restored where no database is, or one that cannot be read: the list of the erased is asked for, and followed', async () => {
  cpSync(at('small.db'), at('b.db'))
  const [one, two] = [await register('b.db', 21), await register('b.db', 22)]
  json(['backup', 'b.backup', '--db', 'b.db'])
  const later = await register('b.db', 23)
  expect(refusal(['restore', 'b.backup', '--db', 'c/fresh.db'], 2)).toMatch(/give --erased-after FILE/)
  writeFileSync(at('wrong'), `${one}\n123\n`)
  const wrong = ['restore', 'b.backup', '--db', 'c/fresh.db', '--erased-after', 'wrong']
  expect(refusal(wrong, 2)).toMatch(/line 2 is no id of a household/)
  expect(refusal([...wrong.slice(0, -1), 'absent'], 2)).toMatch(/absent: not there/)
  expect(existsSync(at('c/fresh.db'))).toBe(false)

  writeFileSync(at('list'), `# asked for in May\n${one.replace(/(.{4})/g, '$1 ')}\n\n${later}\n`)
  const list = ['--erased-after', 'list']
  expect(json(['restore', 'b.backup', '--db', 'c/fresh.db', ...list])).toMatchObject({
    erasedAgain: 1,
    erasedElsewhere: 1,
    keys: 'backup',
    putAside: null,
  })
  expect((await show(at('c/fresh.db'), one))!.text).toBe('')
  expect((await show(at('c/fresh.db'), two))!.text).toMatch(/^22 /)
  // Nobody knows which ids were given since.
  expect(await register('c/fresh.db', 24)).not.toBe(later)

  // A server that found none has made an empty one.
  vpostcode(['keys', 'list', '--db', 'd.db'])
  vpostcode(['keys', 'create', '--role', 'server', '--name', 'x', '--db', 'd.db'])
  expect(refusal(['restore', 'b.backup', '--db', 'd.db', '--replace'], 2)).toMatch(/give --erased-after/)
  writeFileSync(at('d.db'), 'this is no database, but once it was one'.repeat(200))
  expect(refusal(['restore', 'b.backup', '--db', 'd.db', '--replace'], 2)).toMatch(/cannot be read/)
  const aside = json(['restore', 'b.backup', '--db', 'd.db', '--replace', ...list]).putAside
  expect(readFileSync(aside, 'utf8')).toMatch(/once it was one/)
  expect((await show(at('d.db'), two))!.text).toMatch(/^22 /)
})

test('a restore refuses another registry, another kind of database, a newer one, and one that is in use', async () => {
  const [to, replace] = [['--db', 'e.db'], '--replace']
  cpSync(at('small.db'), at('e.db'))
  json(['backup', 'e.backup', ...to])
  expect(refusal(['restore', 'e.db', ...to], 2)).toMatch(/is the database itself/)
  expect(refusal(['restore', 'absent', ...to, replace])).toMatch(/absent is not there/)
  expect(vpostcode(['assign', 'small.csv', '-o', 'f.csv', '--db', 'f.db', '--threads', '0']).status).toBe(0)
  expect(refusal(['restore', 'e.backup', '--db', 'f.db', replace])).toMatch(/another registry/)
  const foreign = new Database(at('foreign.db'))
  foreign.exec('CREATE TABLE t (x)')
  foreign.close()
  expect(refusal(['restore', 'foreign.db', ...to, replace])).toMatch(/database of something else/)
  expect(refusal(['restore', 'e.backup', '--db', 'foreign.db', replace])).toMatch(
    /database of something else/,
  )
  copyFileSync(at('e.backup'), at('newer.backup'))
  const newer = new Database(at('newer.backup'))
  newer.pragma('user_version = 999')
  newer.close()
  expect(refusal(['restore', 'newer.backup', ...to, replace])).toMatch(/made by a newer version/)

  const writer = openWriter(at('e.db'))
  expect(refusal(['restore', 'e.backup', ...to, replace])).toMatch(/is being written by process/)
  await writer.close()
  const reader = openReader(at('e.db'))
  expect(await reader.count()).toBe(3)
  expect(refusal(['restore', 'e.backup', ...to, replace])).toMatch(
    /a process has .*e\.db open: stop it first/,
  )
  await reader.close()
  expect(readdirSync(folder).filter((name) => name.startsWith('e.db.replaced'))).toEqual([])
  expect(json(['restore', 'e.backup', ...to, replace])).toMatchObject({ backup: { households: 3 } })
})

test('jobs: those that had not ended have failed in the restored registry, files sent over HTTP are of no job', async () => {
  cpSync(at('small.db'), at('g.db'))
  const store = openWriter(at('g.db'))
  const work = { kind: 'assign', owner: 'x', input: 'i', list: 'l', engineVersion: '1', dataVersion: '1' }
  const job = (fingerprint: string, upload?: object) =>
    store.queueJob({
      ...work,
      ...{
        fingerprint,
        output: `/elsewhere/${fingerprint}/o`,
        startedAt: 1,
        options: upload ? { upload } : {},
      },
    })
  await job('waiting')
  await job('sent', { line: 1 })
  await store.close()
  json(['backup', 'g.backup', '--db', 'g.db'])
  json(['restore', 'g.backup', '--db', 'g.db', '--replace'])
  const after = openReader(at('g.db'))
  const jobs = await after.listJobs(9)
  await after.close()
  expect(
    jobs.map(({ state, error, options }) => [state, error?.slice(0, 8) ?? null, options['upload']]),
  ).toEqual([
    ['failed', 'a backup', undefined],
    ['failed', 'a backup', undefined],
    ['done', null, undefined],
  ])
})

/** A server and what it says at GET /v1/changes. */
async function serving(db: string, key: string) {
  const child: ChildProcess = spawn(process.execPath, [COMMAND, 'serve', '--port', '0', '--db', db], {
    cwd: folder,
    env: { PATH: process.env['PATH'], VPOSTCODE_LOG: 'error', VPOSTCODE_PROCESSES: '1' },
  })
  let said = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text) => (said += text))
  while (!said.includes('listening on')) {
    if (child.exitCode !== null) throw new Error(said)
    await setTimeout(20)
  }
  const url = /http:\S+/.exec(said)![0]
  return {
    changes: async (since: string) => {
      const answer = await fetch(`${url}/v1/changes?since=${since}`, {
        headers: { 'X-Api-Key': key, Connection: 'close' },
      })
      return {
        status: answer.status,
        ...((await answer.json()) as { next: string; code: string; changes: [] }),
      }
    },
    stop: async () => {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'close')
    },
  }
}

test('served, backed up, restored, served: the feed goes on from before the backup, and never from what is gone', async () => {
  cpSync(at('small.db'), at('h.db'))
  const key = vpostcode(['keys', 'create', '--role', 'server', '--name', 'x', '--db', 'h.db']).stdout.trim()
  const first = await serving('h.db', key)
  const early = (await first.changes('now')).next
  await register('h.db', 31)
  json(['backup', 'h.backup', '--db', 'h.db'])
  const atBackup = (await first.changes('now')).next
  await register('h.db', 32)
  const late = (await first.changes(early)).next
  const lateNow = (await first.changes('now')).next
  expect(refusal(['restore', 'h.backup', '--db', 'h.db', '--replace'])).toMatch(/is being written by process/)
  await first.stop()
  json(['restore', 'h.backup', '--db', 'h.db', '--replace'])

  const second = await serving('h.db', key)
  try {
    for (const gone of [late, lateNow])
      expect(await second.changes(gone)).toMatchObject({ status: 400, code: 'bad-cursor' })
    // As many events again, and more.
    await register('h.db', 33)
    await register('h.db', 34)
    for (const gone of [late, lateNow])
      expect(await second.changes(gone)).toMatchObject({ status: 400, code: 'bad-cursor' })
    expect((await second.changes(early)).changes).toHaveLength(3)
    expect((await second.changes(atBackup)).changes).toHaveLength(2)
  } finally {
    await second.stop()
  }
})
