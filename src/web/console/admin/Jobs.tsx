import { useEffect } from 'preact/hooks'
import type { Job } from 'vpostcode/client'
import { isOver } from '../jobStream.ts'
import { Busy, count, Fault, Scroll, when } from '../parts.tsx'
import { call } from '../session.ts'
import { text } from '../texts.ts'
import { useLoad, useWork } from '../use.ts'

/** Milliseconds between two looks. */
const EVERY = 5_000

/** The work of all keys, for administrators: how far, by whom; no files. */
export function Jobs() {
  const { data, fault, again } = useLoad(
    (signal) => call<{ jobs: Job[] }>('/v1/jobs', { signal, query: { limit: 100 } }),
    [],
  )
  const { busy, fault: refused, run } = useWork()
  useEffect(() => {
    const timer = setInterval(again, EVERY)
    return () => clearInterval(timer)
  }, [])
  const change = (id: number, verb: string) =>
    void run(async () => {
      await call(`/v1/jobs/${id}/${verb}`, { method: 'POST' })
      again()
    })
  if (!data) return fault ? <Fault>{fault}</Fault> : <Busy />
  return (
    <div class="stack">
      <h1>{text('at_jobs')}</h1>
      <Fault>{refused}</Fault>
      {data.jobs.length === 0 && <p class="card">{text('noJobs')}</p>}
      {data.jobs.length > 0 && (
        <Scroll label={text('at_jobs')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{text('number')}</th>
                <th scope="col">{text('kind')}</th>
                <th scope="col">{text('owner')}</th>
                <th scope="col">{text('state')}</th>
                <th scope="col" class="number">
                  {text('rows')}
                </th>
                <th scope="col">{text('begun')}</th>
                <th scope="col">
                  <span class="hidden">{text('changes')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.jobs.map((job) => (
                <tr key={job.id}>
                  <th scope="row">{job.id}</th>
                  <td>{text(`kind_${job.kind}`)}</td>
                  <td>{job.owner}</td>
                  <td>
                    {text(`state_${job.state}`)} {isOver(job) ? '' : `${job.percent ?? 0} %`}
                  </td>
                  <td class="number">{count(job.rows)}</td>
                  <td>{when(job.startedAt)}</td>
                  <td>
                    <div class="row">
                      {!isOver(job) && (
                        <>
                          <button
                            type="button"
                            disabled={busy}
                            onClick={() => change(job.id, job.state === 'paused' ? 'resume' : 'pause')}
                          >
                            {text(job.state === 'paused' ? 'resume' : 'pause')}
                          </button>
                          <button type="button" disabled={busy} onClick={() => change(job.id, 'cancel')}>
                            {text('cancel')}
                          </button>
                        </>
                      )}
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </div>
  )
}
