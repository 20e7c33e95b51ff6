import { expect, test } from 'vitest'
import { cancelJob, pauseJob } from '../../src/bulk/control.ts'
import type { Job, JobStore } from '../../src/registry/jobStore.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'

const JOB = {
  kind: 'assign',
  owner: 'clerk',
  fingerprint: 'abc',
  input: 'in.csv',
  output: '/nowhere/out.csv',
  list: 'list',
  options: {},
  engineVersion: '1',
  dataVersion: '1',
  startedAt: 5,
}

/** A store whose first look at the job shows a state that has passed meanwhile. */
function late(store: JobStore, state: Job['state']): JobStore {
  let looks = 0
  return { ...store, job: async (id) => ({ ...(await store.job(id))!, ...(looks++ === 0 && { state }) }) }
}

test('a job that came to rest while it was looked at is cancelled all the same', async () => {
  const store = openWriter(':memory:')
  const job = await store.createJob(JOB)
  await store.restJob(job.id, 'paused')
  expect(await cancelJob(late(store, 'running'), job, () => {})).toBe(true)
  expect(await store.job(job.id)).toMatchObject({ state: 'cancelled' })
  await store.close()
})

test('a job that was queued again while it was looked at rests; one to be cancelled does not', async () => {
  const store = openWriter(':memory:')
  const job = await store.queueJob(JOB)
  expect(await pauseJob(late(store, 'running'), job)).toBe(true)
  expect(await store.job(job.id)).toMatchObject({ state: 'paused' })
  await store.takeJob(job.id)
  await store.requestJob(job.id, 'cancel')
  expect(await pauseJob(late(store, 'queued'), job)).toBe(false)
  expect(await store.job(job.id)).toMatchObject({ state: 'running', requested: 'cancel' })
  await store.close()
})

test('a job that was interrupted rests when it is asked to: it does not go on with the next server; why it was stays', async () => {
  const store = openWriter(':memory:')
  const job = await store.createJob(JOB)
  await store.restJob(job.id, 'interrupted', 'no space left')
  expect(await pauseJob(store, job)).toBe(true)
  expect(await store.job(job.id)).toMatchObject({ state: 'paused', error: 'no space left' })
  await store.close()
})
