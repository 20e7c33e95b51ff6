import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { COMMAND, folder, vpostcode } from './command.ts'

vi.setConfig({ testTimeout: 120_000 })

const run = (...args: string[]) => vpostcode(['keys', ...args, '--db', 'keys.db'])
/** The key that `create` or `rotate` prints: nothing else stands there. */
const made = (...args: string[]) => {
  const { status, stdout, stderr } = run(...args)
  expect([stderr, status]).toEqual([expect.stringMatching(/^key \d+ \(.*it is not shown again\n/), 0])
  expect(stdout).toMatch(/^vp_\w+_[\w-]{43}\n$/)
  return stdout.trim()
}
const listed = () => JSON.parse(run('list', '--format', 'json').stdout)

test('keys: made, listed without secrets, rotated, revoked; a server at work follows within a second', async () => {
  const key = made('create', '--role', 'server', '--name', 'carrier', '--per-minute', '50')
  const server = spawn(process.execPath, [COMMAND, 'serve', '--db', 'keys.db', '--port', '0'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], VPOSTCODE_LOG: 'silent', VPOSTCODE_PROCESSES: '2' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  try {
    const [line] = (await once(server.stderr.setEncoding('utf8'), 'data')) as [string]
    const url = /http:\S+/.exec(line)![0]
    /** The different statuses of several requests, so that both processes answer. */
    const statuses = async (key: string, n = 6) => {
      const headers = { 'X-Api-Key': key, Connection: 'close' }
      const answers = Array.from({ length: n }, () => fetch(`${url}/v1/units?limit=1`, { headers }))
      return [...new Set((await Promise.all(answers)).map(({ status }) => status))]
    }
    expect(await statuses(key)).toEqual([200])
    const second = made('rotate', '1', '--overlap', '1')
    await setTimeout(1_000)
    expect([await statuses(key), await statuses(second)]).toEqual([[200], [200]])
    expect(run('revoke', '1').status).toBe(0)
    await setTimeout(1_000)
    expect([await statuses(key), await statuses(second)]).toEqual([[401], [200]])
    const today = new Date().toISOString().slice(0, 10)
    expect(listed()).toMatchObject([
      { id: 1, name: 'carrier', state: 'revoked', replacedBy: 2, usedOn: today, perMinute: 50, scope: null },
      { id: 2, name: 'carrier', state: 'valid', replacedBy: null, usedOn: today },
    ])

    // Half of them in each process: together they know that the quota is used up.
    const small = made('create', '--role', 'server', '--name', 'small', '--per-minute', '50')
    const left = 60_000 - (Date.now() % 60_000)
    await setTimeout(left < 20_000 ? left : 1_000)
    const many = (n: number) => Promise.all(Array.from({ length: n / 5 }, () => statuses(small, 5)))
    expect((await many(50)).flat()).toEqual(Array(10).fill(200))
    await setTimeout(1_000)
    expect((await many(20)).flat()).toEqual(Array(4).fill(429))
    for (const secret of [key, second, small]) {
      expect(run('list').stdout + run('list', '--format', 'json').stdout).not.toContain(secret.slice(-30))
      for (const file of ['keys.db', 'keys.db-wal'])
        expect(readFileSync(join(folder, file)).includes(secret.slice(-30))).toBe(false)
    }
    expect(run('list').stdout).toMatch(/^carrier +2 +server +vp_server_[\w-]{8}\.\.\. +valid +50 /m)
  } finally {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
})

test('keys: what cannot be meant says why', () => {
  for (const [args, words, code] of [
    [['create', '--role', 'server'], '--name', 2],
    [['create', '--role', 'king', '--name', 'x'], 'is no role', 2],
    [['create', '--role', 'staff', '--name', 'x', '--scope', '01,99'], 'has the code 99', 2],
    [['create', '--role', 'browser', '--name', 'x'], 'needs the origins', 2],
    [['create', '--role', 'server', '--name', 'Carrier'], 'has the name "carrier"', 3],
    [['rotate', '2', '--overlap', '721'], '--overlap', 2],
    [['rotate', 'x'], 'is no number of a key', 2],
    [['rotate', '1'], 'key 1 is revoked', 3],
    [['revoke', '99'], 'there is no key 99', 3],
    [['change', '2'], 'say what is to change', 2],
    [['change', '2', '--scope', '01'], 'only a staff key', 2],
    [['change', '99', '--per-minute', '5'], 'there is no key 99', 3],
    [['list', '--format', 'xml'], '--format is', 2],
    [['events', '--format', 'json'], '--format is', 2],
    [['events', '--after', 'x'], '--after is', 2],
    [['revoke', '2', '--actor', ''], '--actor', 2],
  ] as const) {
    const { status, stderr, stdout } = run(...args)
    expect([args, status, stdout, stderr]).toEqual([args, code, '', expect.stringContaining(words)])
  }
  expect(vpostcode(['keys', 'list', '--db', 'none.db'])).toMatchObject({ status: 3 })
})

test('keys events: who did what to which key, in order, to go on from; never a key', () => {
  const own = (...args: string[]) => vpostcode(['keys', ...args, '--db', 'events.db'])
  const key = own(
    'create',
    '--role',
    'staff',
    '--name',
    'Lan',
    '--scope',
    '01',
    '--actor',
    'Hoa',
  ).stdout.trim()
  const next = own('rotate', '1', '--overlap', '0', '--actor', 'Hoa').stdout.trim()
  const changed = own('change', '2', '--scope', '79,26743', '--scope', '01', '--actor', 'Hoa')
  expect([changed.status, changed.stdout, changed.stderr]).toEqual([
    0,
    '',
    'key 2 (staff, Lan) is changed: 01 26743 79, 60000 requests a minute\n',
  ])
  expect(own('revoke', '2').status).toBe(0)
  const events = (...args: string[]) =>
    own('events', '--format', 'ndjson', ...args)
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  const what = { role: 'staff', name: 'Lan', scope: ['01'], origins: [], perMinute: 60_000, expiresAt: null }
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT/)
  expect(events()).toEqual([
    { number: 1, at: time, kind: 'create', actor: 'Hoa', key: 1, ...what, replaces: null },
    { number: 2, at: time, kind: 'rotate', actor: 'Hoa', key: 2, ...what, replaces: { key: 1, until: time } },
    {
      ...{ number: 3, at: time, kind: 'change', actor: 'Hoa', key: 2, ...what, scope: ['01', '26743', '79'] },
      replaces: null,
    },
    {
      ...{ number: 4, at: time, kind: 'revoke', actor: userInfo().username, key: 2, ...what, replaces: null },
      scope: ['01', '26743', '79'],
    },
  ])
  expect(events('--after', '3')).toEqual([events()[3]])
  const shown = own('events').stdout + own('events', '--format', 'ndjson').stdout
  expect(shown).toMatch(/ 2 +rotate +2 +staff +Lan +1 +Hoa$/m)
  for (const secret of [key, next]) expect(shown).not.toContain(secret.slice(0, 15))
})
