import { isOver } from '../bulk/control.ts'
import { queueFile } from '../bulk/openFile.ts'
import { cutFile } from '../bulk/parts.ts'
import type { Job } from '../registry/jobStore.ts'
import { DONE_WITH_REJECTED, FAILED } from './exit.ts'
import { circumstances, type FileWork, QUIET } from './fileJob.ts'
import { untilSignal } from './files.ts'
import { jobLine, rejectsLine, resultLine } from './jobTexts.ts'
import { writeResult } from './partResult.ts'
import { workOnParts } from './partWorker.ts'
import { openWriter } from './serverStore.ts'

type ServerStore = Awaited<ReturnType<typeof openWriter>>
/** A job and the file of its rejected rows, if there is one. */
interface Ended {
  job: Job
  rejects: string | null
}

/**
 * Cuts the file into parts that stand in the database, does parts beside any other workers until the job is over, and writes the
 * result. Stopped, it leaves the job to the others; the same command finds it again.
 */
export async function fileOnServer(work: FileWork): Promise<Ended> {
  const store = await openWriter(work.db)
  try {
    const options = { ...circumstances(), ...work }
    // One that was stopped goes on; its parts are there.
    const queued = await queueFile(work.kind, { ...options, jobs: store, ...QUIET })
    await cutFile(queued.id, work.kind, options, store)
    console.error(
      `${work.input} -> ${queued.output}\njob ${queued.id}: workers do it in parts, this process too`,
    )
    return await untilOver(queued.id, work.db, store)
  } finally {
    await store.close()
  }
}

/**
 * Goes on with a job that rests and whose parts stand in the database: neither its file nor the machine that has it is needed. Null
 * when there are no parts yet.
 */
export async function resumeInParts({ id, kind }: Job, db: string): Promise<Ended | null> {
  const store = await openWriter(db)
  try {
    // An undo is cut by workers.
    if (kind !== 'undo' && !(await store.about(id))) return null
    await store.restJob(id, 'queued')
    return await untilOver(id, db, store)
  } finally {
    await store.close()
  }
}

/** Says on standard error what became of a job in parts, and sets the exit code. */
export function tellEnd({ job, rejects }: Ended): void {
  console.error(job.error ? `${jobLine(job)}\n${job.error}` : jobLine(job))
  if (job.state !== 'done') {
    process.exitCode = FAILED
    return
  }
  console.error(resultLine(job.output))
  if (rejects) console.error(rejectsLine(rejects))
  if (job.options['duplicates'])
    console.error('likely duplicates in the communes of its rows wait in `review list`')
  if (job.counts.rejected) process.exitCode = DONE_WITH_REJECTED
}

/** Does parts until the job is over or rests, or this process is stopped; writes its result. */
export async function untilOver(id: number, db: string, store: ServerStore): Promise<Ended> {
  const job = async () => (await store.job(id))!
  await untilSignal(async ({ onProgress, stop, say }) => {
    let over = false
    const look = async () => {
      const now = await job()
      onProgress({ rows: now.rowsDone, bytes: now.done, bytesTotal: now.total })
      over = isOver(now) || now.state === 'paused'
    }
    await workOnParts({
      db,
      store,
      log: { info: () => {}, warn: (what: object) => say(JSON.stringify(what)) },
      stopped: () => over || Boolean(stop()),
      onPart: look,
      onLook: look,
    })
  })
  const ended = await job()
  const written = ended.state === 'done' ? await writeResult(store, ended) : null
  return { job: ended, rejects: written?.rejects ?? null }
}
