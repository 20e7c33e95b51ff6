import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { mayUse } from '../../access/caller.ts'
import { isOver } from '../../bulk/control.ts'
import { FILE_KINDS } from '../../bulk/fileKinds.ts'
import { FORMATS } from '../../bulk/formats.ts'
import { fingerprintOf } from '../../bulk/job.ts'
import type { Job, NewJob } from '../../registry/jobStore.ts'
import { numberParam, readInput, z } from '../params.ts'
import { missing, Problem } from '../problems.ts'
import type { Context } from '../route.ts'
import { openShares, UNDER_WAY } from '../slots.ts'
import { badField, type Upload } from '../upload.ts'
import { lookInto } from './look.ts'
import { ownJob, type UploadNote } from './own.ts'
import { type Received, receiveFile } from './receive.ts'

/** Uploads under way of one key in one process, and its jobs that are not over. */
const uploads = openShares(UNDER_WAY.uploads)
const MOST_JOBS = 50
/** Rows that a try may ask for. */
const MOST_ROWS = 100_000

const text = (most: number) => z.string().trim().min(1).max(most)
const yes = z.enum(['true', 'false']).transform((value) => value === 'true')
const fields = {
  kind: z.enum(FILE_KINDS).openapi({
    description:
      'assign registers the households (staff keys); geocode answers what assign would; see docs/files.md',
  }),
  from: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .optional()
    .openapi({ description: 'In place of a file: the job whose upload is taken once more' }),
  list: text(200).optional().openapi({
    description:
      'The list that the rows belong to, the same across loads; the names of key and file when not given',
  }),
  map: z
    .union([text(300).transform((entry) => [entry]), z.array(text(300)).max(50)])
    .optional()
    .openapi({ description: 'What a column holds, HEADER=FIELD; may be repeated' }),
  sheet: text(100).optional().openapi({ description: 'Name or number of the sheet of a workbook' }),
  format: z.enum(FORMATS).optional().openapi({ description: 'Of the result; csv when not given' }),
  duplicates: yes.optional().openapi({
    description: 'assign: look for likely duplicates at the end',
  }),
  rows: numberParam({ min: 1, max: MOST_ROWS, integer: true })
    .optional()
    .openapi({ description: 'Only the first rows: a try, not for assign' }),
}
/** Of a file that is only looked at. */
const lookFields = { kind: fields.kind.optional(), map: fields.map, sheet: fields.sheet }
const wish = z.strictObject(fields)
type Wish = z.infer<typeof wish>
const file = z.string().openapi({ format: 'binary', description: 'CSV, XLSX or XLS' })
/** For the documentation. */
export const lookForm = z.strictObject({ file, ...lookFields }).openapi('LookForm')
export const uploadForm = z
  .strictObject({
    file: file.optional().openapi({ description: 'CSV, XLSX or XLS; or `from`' }),
    ...fields,
  })
  .openapi('Upload')

/** Receives a form with a file and puts its work into the queue; answers the job, or the unfinished one of the same work. */
export async function queueUpload(context: Context): Promise<Job> {
  const { caller, bulk, req } = context
  const { line } = caller.key!
  const leave = uploads.take(`${line}`)
  try {
    const latest = await bulk.jobs.listJobs(1_000, { uploadedBy: line })
    if (latest.filter((job) => !isOver(job)).length >= MOST_JOBS) throw new Problem('too-many-at-once')
    const received = await receiveFile(req, bulk.uploads, (upload) => earlierUpload(upload, context))
    let kept = false
    try {
      const job = await queue(received, context)
      kept = job.input === received.path
      return job
    } finally {
      if (!kept) await rm(received.folder, { recursive: true, force: true })
    }
  } finally {
    leave()
  }
}

/** The upload of an earlier job of the same key. */
async function earlierUpload({ fields }: Upload, context: Context): Promise<{ path: string; name: string }> {
  const { from } = wishOf(fields)
  if (!from) throw missing('body', 'file')
  const { kind, input, options } = await ownJob(from, context)
  if (kind === 'undo') throw new Problem('no-file')
  return { path: input, name: (options['upload'] as UploadNote).name ?? '' }
}

async function queue(received: Received, context: Context): Promise<Job> {
  const { caller, bulk, gazetteer, settings } = context
  const { kind, map = [], ...given } = wishOf(received.fields)
  if (given.from && received.there)
    throw badField('from', { en: 'is not for a form with a file', vi: 'không dùng khi có tệp' })
  if (kind === 'assign' && !mayUse(caller, 'write')) throw new Problem('not-allowed')
  if (given.rows && kind === 'assign')
    throw badField('rows', { en: 'is not for assign', vi: 'không dùng cho assign' })
  if (received.bytes === 0)
    throw new Problem('unreadable-file', { detail: { en: 'The file is empty.', vi: 'Tệp rỗng.' } })
  const { line } = caller.key!
  const upload: UploadNote = { line, name: nameOf(received.fileName) }
  const { sheet = null, format = 'csv', rows = null, duplicates = false } = given
  const list = given.list ?? `${caller.name}: ${upload.name}`
  const output = join(received.folder, `result.${format}`)
  await lookInto({ input: received.path, output, kind, map, sheet, format }, bulk)
  const options = { map, sheet, format, rows, duplicates, scope: kind === 'reverse' ? null : caller.scope }
  const wanted: NewJob = {
    kind,
    owner: caller.name!,
    fingerprint: fingerprintOf([kind, received.hash, line, list, options]),
    input: received.path,
    output,
    list,
    options: { ...options, rejects: null, profile: null, served: true, upload },
    engineVersion: settings.version,
    dataVersion: gazetteer.version,
    startedAt: Date.now(),
  }
  const job = await bulk.jobs.queueJob(wanted)
  await bulk.parts?.cut(job)
  return job
}

const wishOf = (found: ReadonlyMap<string, string[]>): Wish => readFields(wish, found)
/** The fields beside a file that is only looked at. */
export const lookWishOf = (found: ReadonlyMap<string, string[]>) =>
  readFields(z.strictObject(lookFields), found)

function readFields<T>(schema: z.ZodType<T>, found: ReadonlyMap<string, string[]>): T {
  for (const [name, values] of found)
    if (values.some((value) => value.includes('\ufffd')))
      throw badField(name, { en: 'must be UTF-8', vi: 'phải là UTF-8' })
  const given = [...found].map(([name, values]) => [name, values.length > 1 ? values : values[0]])
  return readInput(schema, Object.fromEntries(given), 'body')
}

/** What the client calls the file, as a name only. */
function nameOf(given: string): string {
  const name = given.normalize('NFC').replace(/\p{C}/gu, '').trim().slice(0, 200)
  return name || 'upload'
}
