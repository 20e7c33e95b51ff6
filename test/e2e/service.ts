import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { COMMAND, vpostcode } from '../cli/command.ts'

/** The built service over a new database with the sample households. */
export interface Service {
  url: string
  /** A folder of its own. */
  folder: string
  /** A server key. */
  key: string
  stop(): Promise<void>
}

export async function startService(): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'vpostcode-e2e-'))
  const db = ['--db', join(folder, 'e2e.db')]
  const sample = join(process.cwd(), 'seeds/sample-households.csv')
  vpostcode(['assign', sample, '-o', join(folder, 'result.csv'), '--threads', '0', ...db])
  // Before the service starts, which follows new keys within a second only.
  const key = vpostcode(['keys', 'create', '--role', 'server', '--name', 'shop', ...db]).stdout.trim()
  const child = spawn(process.execPath, [COMMAND, 'serve', '--port', '0', ...db], {
    env: { PATH: process.env['PATH'], VPOSTCODE_LOG: 'error', VPOSTCODE_PROCESSES: '2' },
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  while (!said.includes('listening on')) {
    if (child.exitCode !== null) throw new Error(said)
    await setTimeout(20)
  }
  return {
    url: /http:\S+/.exec(said)![0],
    folder,
    key,
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'close')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
