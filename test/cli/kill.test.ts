import { spawn } from 'node:child_process'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { randomOf } from '../../scripts/bench/random.ts'
import { openReader } from '../../src/store/sqlite/open.ts'
import { COMMAND, folder, vpostcode } from './command.ts'
import { manyHouseholds, manyInBook, sizeOf, traceOf } from './many.ts'

const ROWS = 24_000

/**
 * Runs a command again and again until it ends by itself, killed `kills` times at moments spread over its result of about
 * `bytes`, at `least` so often when it can end before, the last time when the file `last` appears. Answers how often a run said that it goes on where the one before was.
 */
async function killing(
  args: string[],
  result: string,
  bytes: number,
  kills: number,
  least = kills,
  last?: string,
): Promise<number> {
  const random = randomOf(kills)
  let killed = 0
  let resumed = 0
  for (let run = 0; run <= kills; run++) {
    const child = spawn(process.execPath, [COMMAND, ...args], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const exit = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
    if (killed < kills) {
      // By what is written, not by the clock: a machine may be busy in one run and idle in the next.
      const enough = sizeOf(`${result}.part`) + (bytes / kills) * 0.9 * random()
      const there = () =>
        last !== undefined && killed === kills - 1
          ? existsSync(join(folder, last))
          : sizeOf(`${result}.part`) >= enough
      while (child.exitCode === null && !there()) await setTimeout(2)
      if (last === undefined || killed < kills - 1) await setTimeout(50 * random())
      if (child.exitCode === null) {
        child.kill('SIGKILL')
        killed++
      }
    }
    const code = await exit
    if (/going on after row \d+/.test(said)) resumed++
    if (code !== null) {
      expect(code, said).toBeLessThan(2)
      break
    }
  }
  expect(killed).toBeGreaterThanOrEqual(least)
  return resumed
}

test('assign: killed at 20 random moments and started again until done, registry and result equal an undisturbed run', {
  timeout: 900_000,
}, async () => {
  writeFileSync(join(folder, 'many.csv'), manyHouseholds(ROWS))
  const args = ['assign', 'many.csv', '--threads', '1']
  expect(vpostcode([...args, '--db', 'calm.db']).status).toBeLessThan(2)
  const calm = await traceOf('calm.db', 'many.csv.result.csv')
  const bytes = sizeOf('many.csv.result.csv')
  rmSync(join(folder, 'many.csv.result.csv'))
  expect(await killing([...args, '--db', 'killed.db'], 'many.csv.result.csv', bytes, 20)).toBeGreaterThan(5)
  expect(await traceOf('killed.db', 'many.csv.result.csv')).toEqual(calm)
})

test('assign of a workbook to a workbook: killed at random moments, also while the result is written, it ends as undisturbed', {
  timeout: 600_000,
}, async () => {
  const at = (name: string) => join(folder, name)
  await manyInBook(at('many.xlsx'), ROWS / 4)
  const args = ['assign', 'many.xlsx', '--threads', '1', '-o']
  // The unfinished result of the workbook is CSV.
  expect(vpostcode([...args, 'sized.csv', '--db', 'sized.db']).status).toBeLessThan(2)
  expect(vpostcode([...args, 'calm.xlsx', '--db', 'calm-book.db']).status).toBeLessThan(2)
  const book = [...args, 'killed.xlsx', '--db', 'killed-book.db']
  const resumed = await killing(book, 'killed.xlsx', sizeOf('sized.csv'), 6, 6, 'killed.xlsx.part.rendered')
  expect(resumed).toBeGreaterThan(2)
  expect(await traceOf('killed-book.db', 'killed.xlsx')).toEqual(await traceOf('calm-book.db', 'calm.xlsx'))
  expect(['.part', '.part.rendered'].filter((end) => existsSync(at(`killed.xlsx${end}`)))).toEqual([])
})

test('geocode and export: killed at random moments and started again, the results equal those of undisturbed runs', {
  timeout: 600_000,
}, async () => {
  const at = (name: string) => join(folder, name)
  // Half of the households are known: the answers depend on what the registry and the rows before say.
  writeFileSync(at('half.csv'), manyHouseholds(ROWS / 2))
  writeFileSync(at('twice.csv'), manyHouseholds(ROWS))
  expect(vpostcode(['assign', 'half.csv', '--db', 'half.db']).status).toBeLessThan(2)
  const geocode = ['geocode', 'twice.csv', '--threads', '1', '--db', 'half.db']
  expect(vpostcode(geocode).status).toBeLessThan(2)
  renameSync(at('twice.csv.result.csv'), at('calm.csv'))
  expect(await killing(geocode, 'twice.csv.result.csv', sizeOf('calm.csv'), 6)).toBeGreaterThan(1)
  expect(readFileSync(at('twice.csv.result.csv'), 'utf8')).toBe(readFileSync(at('calm.csv'), 'utf8'))
  expect([sizeOf('twice.csv.result.csv.part'), sizeOf('twice.csv.result.csv.part.db')]).toEqual([0, 0])

  const exported = ['export', '-o', 'all.csv', '--db', 'half.db']
  expect(vpostcode(exported).status).toBe(0)
  renameSync(at('all.csv'), at('calm-export.csv'))
  // An export begins anew each time and takes a moment: on an idle machine a run ends before it is killed.
  await killing(exported, 'all.csv', sizeOf('calm-export.csv'), 3, 1)
  expect(readFileSync(at('all.csv'), 'utf8')).toBe(readFileSync(at('calm-export.csv'), 'utf8'))

  const store = openReader(at('half.db'))
  const states = (await store.listJobs(99)).map(({ kind, state }) => `${kind} ${state}`)
  await store.close()
  expect(states.filter((state) => state === 'geocode done')).toHaveLength(2)
  // A kill can come before the job begins.
  expect(states.filter((state) => state === 'export interrupted').length).toBeGreaterThan(0)
})

test('SIGTERM stops after the chunk, says how to go on, ends with 3; the next run goes on', {
  timeout: 120_000,
}, async () => {
  writeFileSync(join(folder, 'term.csv'), manyHouseholds(ROWS))
  const args = ['assign', 'term.csv', '--db', 'term.db', '--threads', '0']
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    // The columns are shown when the work begins.
    if (said === '') setTimeout(500).then(() => child.kill('SIGTERM'))
    said += text
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect(said).toMatch(/stopped after [1-9]\d*000 rows; to go on give the same command again/)
  expect(code).toBe(3)
  const next = vpostcode(args)
  expect(next.stderr).toMatch(/going on after row [1-9]\d*000/)
  expect(next.stderr).toMatch(new RegExp(`^${ROWS} rows in`, 'm'))
})
