import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder, vpostcode } from './command.ts'

/** Runs `npm start`'s script until it serves; answers what it said and stops it. */
async function start(db: string): Promise<{ said: string; answers: number[] }> {
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    env: { PATH: process.env['PATH'], PORT: '0', VPOSTCODE_DB: db, VPOSTCODE_LOG: 'silent' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const urls = await new Promise<string[]>((resolve, reject) => {
    const hear = (text: string): void => {
      said += text
      const found = said.match(/http:\S+\/v1\S+(?=\n)/g) ?? []
      if (found.length >= 3) resolve(found)
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    child.once('close', () => reject(new Error(said)))
  })
  const answers = await Promise.all(urls.map(async (url) => (await fetch(url)).status))
  child.removeAllListeners('close')
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGTERM')
  await closed
  return { said, answers }
}

test('npm start: a new database gets the sample through assign, the URLs it prints answer', {
  timeout: 60_000,
}, async () => {
  const db = join(folder, 'start', 'vpostcode.db')
  const first = await start(db)
  expect(first.said).toMatch(/loading the sample, 1,000 made-up households/)
  expect(first.said).toMatch(/^1000 rows in/m)
  expect(first.answers).toEqual([200, 200, 200])
  expect(vpostcode(['status', '--db', db]).stdout).toMatch(
    /job 1: assign .*sample-households.csv.* done, 1000 rows/,
  )
  const second = await start(db)
  expect(second.said).not.toMatch(/loading/)
  expect(second.answers).toEqual([200, 200, 200])
})

test('npm start on a port that is taken says so in one line', { timeout: 60_000 }, async () => {
  const other = createServer().listen(0)
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const db = join(folder, 'start', 'vpostcode.db')
  const { status, stderr } = spawnSync(process.execPath, ['scripts/start.mjs'], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], PORT: String(port), VPOSTCODE_DB: db, VPOSTCODE_LOG: 'silent' },
  })
  other.close()
  expect([status, stderr]).toEqual([3, `error: port ${port} is taken: set PORT to another one\n`])
})

test('the build puts the command where npx looks in a clone', () => {
  const { stdout, status } = spawnSync(join('node_modules', '.bin', 'vpostcode'), ['--version'], {
    encoding: 'utf8',
  })
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)])
})
