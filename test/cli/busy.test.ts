import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterEach, expect, test, vi } from 'vitest'
import { Failure } from '../../src/cli/exit.ts'
import { openBeside } from '../../src/cli/store.ts'
import { folder } from './command.ts'

afterEach(() => void vi.useRealTimers())

test('who waits too long for a turn to write is told so, whatever is to be written; later it can be', async () => {
  const path = join(folder, 'busy.db')
  const store = await openBeside(path)
  const job = {
    ...{ kind: 'convert', owner: 'clerk', fingerprint: '', input: '', output: '', list: '', options: {} },
    ...{ engineVersion: '', dataVersion: '', startedAt: 1 },
  }
  const other = new Database(path)
  other.exec('BEGIN IMMEDIATE')
  vi.useFakeTimers({ toFake: ['Date'] })
  for (const write of [() => store.queueJob(job), () => store.transaction(async () => {})]) {
    const told = expect(write()).rejects.toThrow(Failure)
    await setTimeout(50)
    vi.setSystemTime(Date.now() + 31_000)
    await told
  }
  other.close()
  expect(await store.queueJob(job)).toMatchObject({ state: 'queued' })
  await store.close()
})
