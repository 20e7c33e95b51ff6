import { useEffect, useState } from 'preact/hooks'
import type { Job } from 'vpostcode/client'
import { isOver, watchJob } from '../jobStream.ts'
import { Ask, Busy, count, Fault, when } from '../parts.tsx'
import { call, download } from '../session.ts'
import { text } from '../texts.ts'
import { useLoad, useWork, wordsOf } from '../use.ts'
import { Counts, UndoCounts } from './counts.tsx'

/** A load at work and what it leaves: counts, files, the way back. */
export function Progress({ id }: { id: number }) {
  const [job, setJob] = useState<Job | null>(null)
  const [lost, setLost] = useState<string | null>(null)
  const [asking, setAsking] = useState<'undo' | 'cancel' | null>(null)
  const [round, setRound] = useState(0)
  const { busy, fault, run } = useWork()
  const over = job !== null && isOver(job)
  const { data: undo } = useLoad(
    (signal) => (over && job.kind === 'assign' ? undoOf(id, signal) : Promise.resolve(null)),
    [id, over],
  )
  useEffect(() => {
    const stop = new AbortController()
    watchJob(id, setJob, stop.signal).catch((error) => !stop.signal.aborted && setLost(wordsOf(error)))
    return () => stop.abort()
  }, [id, round])

  const change = (verb: string) =>
    run(async () => {
      const answer = await call<Job>(`/v1/jobs/${id}/${verb}`, { method: 'POST' })
      if (verb === 'undo') location.hash = `#/files/${answer.id}`
      else {
        setJob(answer)
        setRound((n) => n + 1)
      }
    })

  if (!job)
    return (
      <>
        <Back />
        {lost ? <Fault>{lost}</Fault> : <Busy />}
      </>
    )
  const undone = undo?.state === 'done'
  const loaded = over && job.kind === 'assign' && !undone
  const name = job.file ?? text('job', { id })
  return (
    <div class="stack">
      <Back />
      <h1>{job.kind === 'undo' ? text('undoTitle', { id: job.undoes ?? '' }) : name}</h1>
      <p class="soft">
        {text('job', { id })} · {text(`state_${job.state}`)} · {when(job.startedAt)}
      </p>
      <div class="card stack">
        <label class="field">
          <span class="row">
            <strong>{text('rowsDone', { n: count(job.rows) })}</strong>
            <span class="grow" />
            <span>{job.percent ?? 0} %</span>
          </span>
          <progress max={100} value={over && job.state === 'done' ? 100 : (job.percent ?? 0)} />
        </label>
        <p class="soft small" role="status">
          {job.state === 'running' && job.rowsPerSecond
            ? text('pace', { n: count(job.rowsPerSecond), s: count(job.secondsLeft ?? 0) })
            : text(`state_${job.state}`)}
        </p>
        {undo && (
          <p class="notice">
            <a href={`#/files/${undo.id}`}>
              {undone
                ? text('undone', { when: when(undo.finishedAt!), id: undo.id })
                : text('beingUndone', { id: undo.id, state: text(`state_${undo.state}`) })}
            </a>
          </p>
        )}
        {undone && <p class="soft small">{text('countsBefore')}</p>}
        {job.kind === 'undo' ? <UndoCounts counts={job.counts} /> : <Counts counts={job.counts} />}
      </div>
      <Fault>{job.state === 'failed' || job.state === 'interrupted' ? job.error : null}</Fault>
      <Fault>{fault ?? lost}</Fault>
      <p class="row">
        {!over && job.state !== 'paused' && (
          <button type="button" disabled={busy} onClick={() => void change('pause')}>
            {text('pause')}
          </button>
        )}
        {(job.state === 'paused' || job.state === 'interrupted') && (
          <button type="button" class="main" disabled={busy} onClick={() => void change('resume')}>
            {text('resume')}
          </button>
        )}
        {!over && (
          <button type="button" disabled={busy} onClick={() => setAsking('cancel')}>
            {text('cancel')}
          </button>
        )}
        {job.links.result && (
          <button
            type="button"
            class="main"
            disabled={busy}
            onClick={() => void run(() => download(job.links.result!, `${name}.result.csv`))}
          >
            {text('getResult')}
          </button>
        )}
        {job.links.rejects && (
          <button
            type="button"
            disabled={busy}
            onClick={() => void run(() => download(job.links.rejects!, rejectsName(name)))}
          >
            {text('getRejects')}
          </button>
        )}
        {loaded && !(undo && !isOver(undo)) && (
          <button type="button" disabled={busy} onClick={() => setAsking('undo')}>
            {text('undoLoad')}
          </button>
        )}
      </p>
      {loaded && (job.counts.review ?? 0) > 0 && (
        <p>
          <a href="#/review">{text('toReview', { n: count(job.counts.review!) })}</a>
        </p>
      )}
      {loaded && (job.counts.visit ?? 0) > 0 && (
        <p>
          <a href="#/coverage">{text('toVisits', { n: count(job.counts.visit!) })}</a>
        </p>
      )}
      {job.keptUntil && <p class="soft small">{text('keptUntil', { when: when(job.keptUntil) })}</p>}
      {asking && (
        <Ask
          title={text(asking === 'undo' ? 'undoAsk' : 'cancelAsk')}
          yes={text(asking === 'undo' ? 'undoLoad' : 'cancel')}
          onNo={() => setAsking(null)}
          onYes={() => {
            setAsking(null)
            void change(asking)
          }}
        >
          <p>{text(asking === 'undo' ? 'undoHint' : 'cancelHint')}</p>
        </Ask>
      )}
    </div>
  )
}

/** The latest job that takes a load back; it is younger than the load. */
async function undoOf(load: number, signal: AbortSignal): Promise<Job | null> {
  for (let before: number | null | undefined; before !== null && (before ?? Infinity) > load; ) {
    const page: { jobs: Job[]; next: number | null } = await call('/v1/jobs', {
      signal,
      query: { limit: 100, before },
    })
    const found = page.jobs.find(({ undoes }) => undoes === load)
    if (found) return found
    before = page.next
  }
  return null
}

const rejectsName = (name: string) => name.replace(/(\.\w+)?$/, '.rejects$1')

const Back = () => (
  <p>
    <a href="#/files">{text('backToFiles')}</a>
  </p>
)
