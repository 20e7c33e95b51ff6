import { existsSync, readdirSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { inScope, type Scope } from '../../access/caller.ts'
import { cancelJob, isOver, isResting, pauseJob } from '../../bulk/control.ts'
import { fingerprintOf } from '../../bulk/job.ts'
import type { Job, JobStore } from '../../registry/jobStore.ts'
import { folderOf, heldJob, jobParams, ownJob, type UploadNote } from '../jobs/own.ts'
import { newFolder } from '../jobs/receive.ts'
import { jobSchema, sightOf, viewJob } from '../jobs/view.ts'
import { z } from '../params.ts'
import { Problem } from '../problems.ts'
import { type Context, defineRoute, type Route } from '../route.ts'

const COMMON = {
  tag: 'jobs',
  params: jobParams,
  problems: ['bad-parameter', 'unknown-job', 'job-state', 'busy'],
} satisfies Partial<Route>

/** The job as it is now; what was asked of a process at work may still stand in `requested`. */
async function viewNow({ id }: Job, { bulk, caller }: Context) {
  return viewJob((await bulk.jobs.job(id))!, bulk, sightOf(caller))
}

/** A geocode that rests keeps a rehearsal beside its unfinished result. */
function discardBeside({ output }: Job): void {
  const folder = folderOf({ output })
  // On a server another node can have it.
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder))
    if (name.startsWith(`${basename(output)}.part`)) rmSync(join(folder, name), { force: true })
}

/** What becomes of a job at once or after the rows under way. `change` answers false where its state does not allow it. */
const changeRoute = (
  verb: 'pause' | 'resume' | 'cancel',
  summary: string,
  change: (job: Job, jobs: JobStore) => Promise<boolean>,
): Route =>
  defineRoute({
    ...COMMON,
    method: 'post',
    path: `/v1/jobs/{id}/${verb}`,
    operationId: `${verb}Job`,
    access: 'jobs',
    summary,
    answer: jobSchema,
    status: 202,
    examples: [{ params: { id: '2' } }],
    async handle({ params }, context) {
      const job = await heldJob(params.id, context)
      if (!(await change(job, context.bulk.jobs))) throw new Problem('job-state')
      return viewNow(job, context)
    },
  })

const pauseJobRoute = changeRoute('pause', 'Have a job rest after the rows under way', (job, jobs) =>
  pauseJob(jobs, job),
)

const resumeJobRoute = changeRoute(
  'resume',
  'Go on with a job that rests',
  async (job, jobs) => isResting(job) && jobs.restJob(job.id, 'queued'),
)

const cancelJobRoute = changeRoute('cancel', 'End a job; what it registered stays', async (job, jobs) => {
  if (isOver(job)) return false
  await cancelJob(jobs, job, () => discardBeside(job))
  return true
})

const undoJobRoute = defineRoute({
  ...COMMON,
  method: 'post',
  path: '/v1/jobs/{id}/undo',
  operationId: 'undoJob',
  access: 'write',
  summary: 'Take back what a job registered, but for households that were changed since',
  description:
    'Puts a job of its own into the queue; its result lists the households that are left, and why.',
  answer: jobSchema,
  status: 202,
  problems: [...COMMON.problems, 'outside-scope'],
  examples: [{ params: { id: '1' } }],
  async handle({ params }, context) {
    const job = await ownJob(params.id, context)
    if (job.kind !== 'assign' || !isOver(job)) throw new Problem('job-state')
    const undo = await queueUndo(job, context)
    context.res.set('Location', `/v1/jobs/${undo.id}`)
    return viewNow(undo, context)
  },
})

async function queueUndo(job: Job, { caller, bulk, gazetteer, settings }: Context): Promise<Job> {
  const scope = (job.options['scope'] ?? null) as Scope
  // The key may have lost communes since.
  if (!holds(caller.scope, scope)) throw new Problem('outside-scope')
  const folder = await newFolder(bulk.uploads)
  const { line } = caller.key!
  const upload: UploadNote = { line, name: null }
  const undo = await bulk.jobs.queueJob({
    kind: 'undo',
    owner: caller.name!,
    fingerprint: fingerprintOf(['undo', job.id, line]),
    input: `job ${job.id}`,
    output: join(folder, 'result.csv'),
    list: '',
    options: { job: job.id, served: true, upload, scope },
    engineVersion: settings.version,
    dataVersion: gazetteer.version,
    startedAt: Date.now(),
  })
  if (folderOf(undo) !== folder) await rm(folder, { recursive: true })
  return undo
}

/** Whether a scope holds all of another one. A commune alone does not tell its province, so it must be named itself. */
const holds = (outer: Scope, inner: Scope): boolean =>
  outer === null || inner?.every((code) => inScope(outer, code, code)) === true

const deleteJobRoute = defineRoute({
  ...COMMON,
  method: 'delete',
  path: '/v1/jobs/{id}',
  operationId: 'deleteJobFiles',
  access: 'bulk',
  summary: 'Remove upload, result and rejected rows of a job',
  description:
    'One that waits or rests is cancelled. What it registered stays, and the job itself can still be read.',
  answer: z.string(),
  status: 204,
  examples: [{ params: { id: '1' } }],
  async handle({ params }, context) {
    const job = await ownJob(params.id, context)
    const { jobs } = context.bulk
    if (!(await cancelJob(jobs, job, () => {}))) throw new Problem('job-state')
    await rm(folderOf(job), { recursive: true, force: true })
    await jobs.dropJob(job.id)
    return ''
  },
})

export const jobChangeRoutes: readonly Route[] = [
  pauseJobRoute,
  resumeJobRoute,
  cancelJobRoute,
  undoJobRoute,
  deleteJobRoute,
]
