import request from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CopyState } from '../../src/bulk/subscribe/state.ts'
import { createApp } from '../../src/http/app.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import { readyz } from '../../src/http/routes/health.ts'
import { gazetteer, openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

/** What /readyz and /metrics tell of a copy whose source was heard so. */
async function told(heard: CopyState['heard'] | null) {
  const state: CopyState | null = heard && {
    ...{ source: 'https://vpostcode.example', registry: 'f'.repeat(32), province: null, set: '2026-11-22' },
    ...{ engineVersion: '1', dataVersion: '1', loading: null, cursor: 'x', ends: {}, heard },
  }
  const copy = () => (state ? JSON.stringify(state) : '')
  const app = createApp({
    ...api.deps,
    copy,
    metrics: createMetrics(gazetteer, { ...api.store, copy }, 'main'),
  })
  const { body, status } = await request(app).get('/readyz')
  expect(status).toBe(200)
  expect(readyz.answer.safeParse(body).error).toBeUndefined()
  const { text } = await request(app).get('/metrics')
  const value = (name: string) => Number(new RegExp(`^vpostcode_copy_lag_${name} (.*)$`, 'm').exec(text)?.[1])
  return { copy: body.copy, seconds: value('seconds'), changes: value('changes') }
}

test('a server of a copy tells how far it is behind: since it was heard last, and what was not carried out then', async () => {
  const at = Date.now() - 3_600_000
  const { copy, seconds, changes } = await told({ at, behind: 12, seconds: 90 })
  expect(copy).toEqual({ heardAt: new Date(at).toISOString(), changes: 12, seconds: expect.any(Number) })
  for (const told of [copy.seconds, seconds]) {
    expect(told).toBeGreaterThanOrEqual(3_690)
    expect(told).toBeLessThan(3_750)
  }
  expect(changes).toBe(12)
  // The clock of the machine was put back.
  expect((await told({ at: Date.now() + 60_000, behind: 0, seconds: 0 })).seconds).toBe(0)
})

test('a copy that nothing was loaded into yet is ready, and a registry of its own tells no lag', async () => {
  expect((await told(null)).copy).toBeUndefined()
  expect((await request(api.app).get('/readyz')).body).not.toHaveProperty('copy')
  expect((await request(api.app).get('/metrics')).text).not.toContain('vpostcode_copy')
})
