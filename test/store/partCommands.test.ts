import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { COMMAND, folder, vpostcode } from '../cli/command.ts'
import { manyHouseholds } from '../cli/many.ts'
import { describePostgres, type PostgresServer, startServer } from './postgresServer.ts'

describePostgres('postgres, jobs by command', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server?.stop())

  test('a load is paused, resumed where its file is not, and taken back; another one is cancelled', async () => {
    const db = await server.newRegistry()
    const [file, away] = [join(folder, 'many.csv'), join(folder, 'away.csv')]
    writeFileSync(file, manyHouseholds(12_000))
    const jobs = (...args: string[]) => vpostcode(['jobs', ...args, '--db', db])
    /** Loads the file; answers its exit code, when `verb` was given to the job as soon as some of its rows were done. */
    const loadUntil = async (job: string, verb: string) => {
      const child = spawn(process.execPath, [COMMAND, 'assign', file, '--db', db, '--list', job], {
        cwd: folder,
        env: { PATH: process.env['PATH'] },
      })
      const closed = once(child, 'close')
      child.stderr.resume()
      const rows = () => JSON.parse(jobs('show', job, '--json').stdout || '{"rows":0}').rows
      while (rows() === 0) expect(child.exitCode).toBe(null)
      expect(jobs(verb, job).status).toBe(0)
      return (await closed)[0]
    }

    expect(await loadUntil('1', 'pause')).toBe(3)
    renameSync(file, away)
    expect(existsSync(`${file}.result.csv`)).toBe(false)
    const resumed = jobs('resume', '1')
    expect(resumed.stderr).toMatch(/job 1: assign .*, done, 12000 rows/)
    expect(readFileSync(`${file}.result.csv`, 'utf8').trimEnd().split('\n')).toHaveLength(12_001)
    expect(jobs('resume', '1').stderr).toMatch(/job 1 is done/)

    const undone = jobs('undo', '1')
    expect([undone.status, undone.stderr]).toEqual([
      0,
      expect.stringMatching(/job 2: workers take job 1 back/),
    ])
    expect(JSON.parse(undone.stdout)).toMatchObject({ job: 2, ending: 'done', left: 0 })

    renameSync(away, file)
    expect(await loadUntil('3', 'cancel')).toBe(3)
    expect(jobs('show', '3').stdout).toMatch(/cancelled/)
    expect(jobs('resume', '3').stderr).toMatch(/job 3 is cancelled/)
  }, 400_000)
})
