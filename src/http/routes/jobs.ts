import type { Job } from '../../registry/jobStore.ts'
import { sendEvents } from '../jobs/events.ts'
import { lookOf, lookSchema } from '../jobs/look.ts'
import { heldJob, jobParams, ownJob } from '../jobs/own.ts'
import { queueUpload, uploadForm } from '../jobs/queue.ts'
import { sendJobFile } from '../jobs/sendFile.ts'
import { jobSchema, rejectsFile, sightOf, viewJob } from '../jobs/view.ts'
import { numberParam, z } from '../params.ts'
import { Problem } from '../problems.ts'
import { type Context, defineRoute, type Route, SENT } from '../route.ts'

const TAG = 'jobs'

const queueJobRoute = defineRoute({
  method: 'post',
  path: '/v1/jobs',
  operationId: 'queueJob',
  access: 'bulk',
  tag: TAG,
  summary: 'A file to be worked on',
  description:
    'Form with the field `file` and what is to be done with it. Answered when the file is safely stored; the work follows. The same file, sent again for the same work while that is not over, answers the same job.',
  raw: ['multipart/form-data'],
  form: uploadForm,
  answer: jobSchema,
  status: 202,
  problems: [
    'missing-parameter',
    'unknown-job',
    'no-file',
    'unknown-parameter',
    'bad-parameter',
    'not-allowed',
    'request-timeout',
    'body-too-large',
    'unsupported-media-type',
    'unreadable-file',
    'unusable-columns',
    'too-many-at-once',
    'busy',
    'no-space',
  ],
  examples: [{ form: { kind: 'geocode', file: 'Địa chỉ\n"12 Lê Lợi, Phường Bến Thành, TPHCM"\n' } }],
  async handle(_input, context) {
    const job = await queueUpload(context)
    context.res.set('Location', `/v1/jobs/${job.id}`)
    return viewJob(job, context.bulk)
  },
})

const jobsRoute = defineRoute({
  method: 'get',
  path: '/v1/jobs',
  operationId: 'listJobs',
  access: 'jobs',
  tag: TAG,
  summary: 'The jobs of your key, latest first; for an administrator all there are',
  description: 'An administrator is told of no files, lists and errors, which can hold addresses.',
  query: z.strictObject({
    limit: numberParam({ min: 1, max: 100, integer: true })
      .optional()
      .openapi({ description: 'At most; 20 when not given' }),
    before: numberParam({ min: 1, max: 999_999_999_999, integer: true })
      .optional()
      .openapi({ description: 'Those before this job: `next` of the page before' }),
  }),
  answer: z.strictObject({
    jobs: z.array(jobSchema),
    next: z.int().nullable().openapi({ description: '`before` of the next page; null at the end' }),
  }),
  problems: ['unknown-parameter', 'bad-parameter'],
  examples: [{}, { query: { limit: '1' } }],
  async handle({ query: { limit = 20, before } }, { bulk, caller }) {
    const found = await bulk.jobs.listJobs(limit + 1, {
      ...(caller.role === 'admin' ? {} : { uploadedBy: caller.key!.line }),
      ...(before && { before }),
    })
    const jobs = found.slice(0, limit)
    return {
      jobs: jobs.map((job) => viewJob(job, bulk, sightOf(caller))),
      next: found.length > limit ? jobs.at(-1)!.id : null,
    }
  },
})

const jobRoute = defineRoute({
  method: 'get',
  path: '/v1/jobs/{id}',
  operationId: 'getJob',
  access: 'jobs',
  tag: TAG,
  summary: 'How far a job is',
  params: jobParams,
  answer: jobSchema,
  problems: ['bad-parameter', 'unknown-job'],
  examples: [{ params: { id: '1' } }],
  async handle({ params }, context) {
    return viewJob(await heldJob(params.id, context), context.bulk, sightOf(context.caller))
  },
})

const jobPreviewRoute = defineRoute({
  method: 'get',
  path: '/v1/jobs/{id}/preview',
  operationId: 'previewJob',
  access: 'bulk',
  tag: TAG,
  summary: 'What the columns of an upload are taken for, with its first rows',
  params: jobParams,
  answer: lookSchema,
  problems: ['bad-parameter', 'unknown-job', 'no-file'],
  examples: [{ params: { id: '1' } }],
  async handle({ params }, context) {
    const found = await lookOf(await ownJob(params.id, context))
    if (!found) throw new Problem('no-file')
    return found
  },
})

const jobEventsRoute = defineRoute({
  method: 'get',
  path: '/v1/jobs/{id}/events',
  operationId: 'watchJob',
  access: 'jobs',
  tag: TAG,
  summary: 'The progress of a job as server-sent events',
  description:
    'An event `progress` with the job when it has changed, at most twice a second; `end` when it is over.',
  params: jobParams,
  answer: z.string(),
  media: 'text/event-stream',
  problems: ['bad-parameter', 'unknown-job', 'too-many-at-once'],
  examples: [{ params: { id: '1' } }],
  async handle({ params }, context): Promise<typeof SENT> {
    const { id } = await heldJob(params.id, context)
    await sendEvents(id, context)
    return SENT
  },
})

/** A job whose files, if it is done, stand where it says. */
async function doneJob(id: string, context: Context): Promise<Job> {
  const job = await ownJob(id, context)
  if (job.state === 'done') await context.bulk.parts?.fetch(job)
  return job
}

/** What the files of a job have in common. */
const FILE = {
  method: 'get',
  tagged: true,
  ranges: true,
  access: 'bulk',
  tag: TAG,
  params: jobParams,
  answer: z.string(),
  media: 'text/csv',
  problems: ['bad-parameter', 'unknown-job', 'job-not-done', 'no-file', 'range-not-satisfiable'],
  examples: [{ params: { id: '1' } }],
} satisfies Partial<Route>

const jobResultRoute = defineRoute({
  ...FILE,
  path: '/v1/jobs/{id}/result',
  operationId: 'getJobResult',
  summary: 'The result of a job that is done',
  description: 'In the format asked for. With ETag; Range and If-Range are heard.',
  async handle({ params }, context): Promise<typeof SENT> {
    const job = await doneJob(params.id, context)
    await sendJobFile(job, job.output, 'result', context)
    return SENT
  },
})

const jobRejectsRoute = defineRoute({
  ...FILE,
  path: '/v1/jobs/{id}/rejects',
  operationId: 'getJobRejects',
  summary: 'The rejected rows of a job that is done, as they came in',
  description: 'To be corrected and sent again. With ETag; Range and If-Range are heard.',
  async handle({ params }, context): Promise<typeof SENT> {
    const job = await doneJob(params.id, context)
    await sendJobFile(job, rejectsFile(job), 'rejects', context)
    return SENT
  },
})

export const jobRoutes: readonly Route[] = [
  queueJobRoute,
  jobsRoute,
  jobRoute,
  jobPreviewRoute,
  jobEventsRoute,
  jobResultRoute,
  jobRejectsRoute,
]
