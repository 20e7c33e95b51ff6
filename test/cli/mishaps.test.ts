import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { COMMAND, folder, vpostcode } from './command.ts'
import { manyHouseholds, sizeOf, traceOf } from './many.ts'

/** What goes wrong on machines that are full, or that several people use at once. */

const ROWS = 6000
const at = (name: string) => join(folder, name)
const lines = (name: string) => readFileSync(at(name), 'utf8').split('\n').length - 2

beforeAll(() => {
  writeFileSync(at('many.csv'), manyHouseholds(ROWS))
  writeFileSync(at('fewer.csv'), manyHouseholds(2000))
})

test('no file may grow further: it fails and says so; with room the job goes on to what an undisturbed run leaves', {
  timeout: 180_000,
}, async () => {
  const args = ['assign', 'many.csv', '--threads', '0', '--db']
  expect(vpostcode([...args, 'calm.db', '-o', 'calm.csv']).status).toBeLessThan(2)
  // The database reaches the bound before the result does, and with the second one the result.
  for (const [run, kilobytes] of [1500, 1200].entries()) {
    const db = `full${run}.db`
    const limited = `trap '' XFSZ; ulimit -f ${kilobytes}; exec "$@"`
    const command = [process.execPath, COMMAND, ...args, db, '-o', `full${run}.csv`]
    const full = spawnSync('bash', ['-c', limited, 'bash', ...command], { cwd: folder, encoding: 'utf8' })
    expect([full.status, full.stderr]).toEqual([
      3,
      expect.stringMatching(/^error: .*(?:disk|file too large)/im),
    ])
    expect(existsSync(at(`full${run}.csv`))).toBe(false)
    const jobs = JSON.parse(vpostcode(['jobs', 'show', '1', '--db', db, '--json']).stdout)
    expect(jobs).toMatchObject({ state: 'interrupted', error: expect.stringMatching(/disk|file too large/i) })
    expect(vpostcode([...args, db, '-o', `full${run}.csv`]).stderr).toMatch(/going on after row [1-9]\d*000/)
    expect(await traceOf(db, `full${run}.csv`)).toEqual(await traceOf('calm.db', 'calm.csv'))
  }
})

test('two at once: the second writer of a database or of a result is refused, the first comes to its end', {
  timeout: 180_000,
}, async () => {
  // The first has to be at work still when the second asks.
  const rows = 8 * ROWS
  writeFileSync(at('most.csv'), manyHouseholds(rows))
  for (const [kind, refusal] of [
    ['assign', /database is being written by process \d+/],
    ['convert', /Job 1 is writing .*two\.convert\.csv: give another file/],
  ] as const) {
    const args = (input: string) => [
      kind,
      input,
      '-o',
      `two.${kind}.csv`,
      '--db',
      `two.${kind}.db`,
      '--threads',
      '0',
    ]
    const first = spawn(process.execPath, [COMMAND, ...args('most.csv')], { cwd: folder, stdio: 'ignore' })
    const code = once(first, 'close')
    while (first.exitCode === null && sizeOf(`two.${kind}.csv.part`) < 100_000) await setTimeout(5)
    const second = vpostcode(args('fewer.csv'))
    expect([first.exitCode, second.status, second.stderr]).toEqual([null, 3, expect.stringMatching(refusal)])
    expect((await code)[0]).toBeLessThan(2)
    expect(lines(`two.${kind}.csv`)).toBe(rows)
  }
})

test('the file is changed between a kill and the next run: it is loaded as another one, and nothing is twice', {
  timeout: 180_000,
}, async () => {
  const args = ['assign', 'changing.csv', '--threads', '0', '--db']
  writeFileSync(at('changing.csv'), manyHouseholds(ROWS))
  const child = spawn(process.execPath, [COMMAND, ...args, 'changing.db'], { cwd: folder, stdio: 'ignore' })
  while (child.exitCode === null && sizeOf('changing.csv.result.csv.part') < 500_000) await setTimeout(5)
  child.kill('SIGKILL')
  await once(child, 'close')
  const changed = `${manyHouseholds(ROWS)}\nX1,Số 7777 phố Hàng Bạc,phường Hoàn Kiếm,,Hà Nội,21.03361,105.85161,`
  writeFileSync(at('changing.csv'), changed)
  expect(vpostcode([...args, 'changing.db']).stderr).toMatch(new RegExp(`^${ROWS + 1} rows in`, 'm'))
  expect(vpostcode([...args, 'fresh.db', '-o', 'fresh.csv']).status).toBeLessThan(2)
  const [trace, fresh] = [
    await traceOf('changing.db', 'changing.csv.result.csv'),
    await traceOf('fresh.db', 'fresh.csv'),
  ]
  expect(trace.registry).toEqual(fresh.registry)
  // The job of the first file cannot go on with the other one.
  expect(vpostcode(['jobs', 'resume', '1', '--db', 'changing.db'])).toMatchObject({ status: 3 })
})
