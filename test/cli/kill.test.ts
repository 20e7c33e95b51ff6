import { spawn } from 'node:child_process'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openReader } from '../../src/store/sqlite/open.ts'
import { traces } from '../bulk/run.ts'
import { COMMAND, folder, vpostcode } from './command.ts'

const ROWS = 24_000
const KILLS = 4

/** The made-up sample with other house numbers: about one row in six stands twice in the file. */
function manyHouseholds(): string {
  const [header, ...rows] = readFileSync('seeds/sample-households.csv', 'utf8').trimEnd().split('\n')
  const lines = [header]
  for (let i = 0; lines.length <= ROWS; i++) {
    const row = rows[i % rows.length]!
    lines.push(
      row
        .replace(/^[^,]*/, '')
        .replace(/Số (\d+)/, (_, n) => `Số ${Number(n) + (Math.floor(i / 1000) % 20)}`),
    )
  }
  return lines.join('\n')
}

const sizeOf = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0

async function traceOf(db: string, result: string) {
  const store = openReader(join(folder, db))
  const found = await traces(store, join(folder, result))
  await store.close()
  return found
}

test('kill -9 at any moment: started again until done, registry and result equal an undisturbed run', {
  timeout: 240_000,
}, async () => {
  writeFileSync(join(folder, 'many.csv'), manyHouseholds())
  const args = ['assign', 'many.csv', '--threads', '1']
  expect(vpostcode([...args, '--db', 'calm.db']).status).toBeLessThan(2)
  const calm = await traceOf('calm.db', 'many.csv.result.csv')
  const bytes = sizeOf('many.csv.result.csv')
  rmSync(join(folder, 'many.csv.result.csv'))

  let killed = 0
  let resumed = 0
  for (let run = 0; run < 40; run++) {
    const child = spawn(process.execPath, [COMMAND, ...args, '--db', 'killed.db'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const exit = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
    if (killed < KILLS) {
      // By what is written, not by the clock: a machine may be busy in one run and idle in the next.
      const enough = sizeOf('many.csv.result.csv.part') + (bytes / KILLS) * (0.1 + 0.7 * Math.random())
      while (child.exitCode === null && sizeOf('many.csv.result.csv.part') < enough) await setTimeout(5)
      await setTimeout(50 * Math.random())
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
  expect(killed).toBe(KILLS)
  expect(resumed).toBeGreaterThan(0)
  expect(await traceOf('killed.db', 'many.csv.result.csv')).toEqual(calm)
})

test('SIGTERM stops after the chunk, says how to go on, ends with 3; the next run goes on', {
  timeout: 120_000,
}, async () => {
  writeFileSync(join(folder, 'term.csv'), manyHouseholds())
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
  expect(said).toMatch(/stopped after [1-9]\d*000 rows; give the same command again/)
  expect(code).toBe(3)
  const next = vpostcode(args)
  expect(next.stderr).toMatch(/going on after row [1-9]\d*000/)
  expect(next.stderr).toMatch(new RegExp(`^${ROWS} rows in`, 'm'))
})
