import type { ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKey, startService } from '../../scripts/bench/service.ts'
import type { JobView } from '../../src/http/jobs/view.ts'
import { COMMAND, folder } from '../cli/command.ts'
import { manyHouseholds } from '../cli/many.ts'
import { describePostgres, type PostgresServer, startServer } from './postgresServer.ts'

/** Two nodes with folders of their own: one takes a file in, the other is asked everything else. */

describePostgres('postgres, jobs at another node', () => {
  let server: PostgresServer
  const nodes = new Set<ChildProcess>()
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(async () => {
    for (const node of nodes) node.kill('SIGKILL')
    await server?.stop()
  })

  test('a load is paused, resumed, paused, cancelled and taken back at a node that does not have its file', async () => {
    const db = await server.newRegistry()
    const key = createKey(COMMAND, db, 'staff', { cwd: folder })
    const start = async (name: string) => {
      const cwd = join(folder, name)
      mkdirSync(cwd)
      const env = { PATH: process.env['PATH'], VPOSTCODE_LOG: 'silent', VPOSTCODE_PROCESSES: '1' }
      const uploads = join(cwd, 'uploads')
      const { url, child } = await startService(COMMAND, db, {
        cwd,
        env: { ...env, VPOSTCODE_UPLOADS: uploads },
      })
      nodes.add(child)
      return (path: string, init: RequestInit = {}) =>
        fetch(url + path, { ...init, headers: { 'X-Api-Key': key } })
    }
    const [taker, other] = [await start('taker'), await start('other')]
    const body = new FormData()
    body.append('kind', 'assign')
    body.append('file', new Blob([manyHouseholds(12_000)]), 'many.csv')
    const sent = await taker('/v1/jobs', { method: 'POST', body })
    expect(sent.status).toBe(202)
    const { id } = (await sent.json()) as JobView

    const seen = async (job: number) => (await (await other(`/v1/jobs/${job}`)).json()) as JobView
    const until = async (job: number, is: (job: JobView) => boolean) => {
      for (;;) {
        const now = await seen(job)
        if (is(now)) return now
        expect(now.state).not.toBe('failed')
        await setTimeout(50)
      }
    }
    const ask = async (verb: string, job = id) => {
      const { status } = await other(`/v1/jobs/${job}/${verb}`, { method: 'POST' })
      expect([verb, status]).toEqual([verb, 202])
    }
    const sum = ({ counts }: JobView) => Object.values(counts).reduce((all, count) => all! + count!, 0)

    await until(id, ({ rows }) => rows >= 1_000)
    await ask('pause')
    const paused = await until(id, ({ state }) => state === 'paused')
    expect(sum(paused)).toBe(paused.rows)
    await setTimeout(1_500)
    expect(await seen(id)).toEqual(paused)
    await ask('resume')
    await until(id, ({ rows }) => rows > paused.rows)
    await ask('pause')
    const rested = await until(id, ({ state }) => state === 'paused')
    expect(rested.rows).toBeLessThan(12_000)
    expect(sum(rested)).toBe(rested.rows)
    await ask('cancel')
    expect(await seen(id)).toMatchObject({ state: 'cancelled', rows: rested.rows })
    expect((await other(`/v1/jobs/${id}/result`)).status).toBe(409)

    const undo = (await (await other(`/v1/jobs/${id}/undo`, { method: 'POST' })).json()) as JobView
    const undone = await until(undo.id, ({ state }) => state === 'done')
    expect(undone.counts.updated).toBeGreaterThan(1_000)
    const results = await Promise.all([taker, other].map((node) => node(`/v1/jobs/${undo.id}/result`)))
    expect(results.map(({ status }) => status)).toEqual([200, 200])
    const [one, two] = await Promise.all(results.map((result) => result.text()))
    expect(one).toMatch(/^household_id,because/)
    expect(two).toBe(one)
  }, 400_000)
})
