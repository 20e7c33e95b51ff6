import type { Job } from 'vpostcode/client'
import { Fault, Scroll, when } from '../parts.tsx'
import { call } from '../session.ts'
import { text } from '../texts.ts'
import { useLoad } from '../use.ts'

/** What was handed in before, latest first. */
export function OwnJobs() {
  const { data, fault } = useLoad((signal) => call<{ jobs: Job[] }>('/v1/jobs', { signal }), [])
  if (fault) return <Fault>{fault}</Fault>
  const jobs = (data?.jobs ?? []).filter(({ kind, firstRows }) => firstRows === null && kind !== 'geocode')
  if (jobs.length === 0) return null
  return (
    <section class="stack" aria-labelledby="earlier">
      <h2 id="earlier">{text('earlier')}</h2>
      <Scroll label={text('earlier')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text('file')}</th>
              <th scope="col">{text('state')}</th>
              <th scope="col" class="number">
                {text('rows')}
              </th>
              <th scope="col">{text('begun')}</th>
            </tr>
          </thead>
          <tbody>
            {jobs.map((job) => (
              <tr key={job.id}>
                <td>
                  <a href={`#/files/${job.id}`}>
                    {job.kind === 'undo'
                      ? text('undoTitle', { id: job.undoes ?? '' })
                      : (job.file ?? `${job.id}`)}
                  </a>
                </td>
                <td>{text(`state_${job.state}`)}</td>
                <td class="number">{job.rows}</td>
                <td>{when(job.startedAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  )
}
