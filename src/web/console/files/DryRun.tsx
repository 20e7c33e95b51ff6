import { useEffect, useState } from 'preact/hooks'
import type { Job } from 'vpostcode/client'
import { isOver, watchJob } from '../jobStream.ts'
import { Busy, Fault, Scroll } from '../parts.tsx'
import { stream } from '../session.ts'
import { text } from '../texts.ts'
import { wordsOf } from '../use.ts'
import { Counts, type Status } from './counts.tsx'
import { issueWords, useIssues } from './issues.ts'

/** Rows shown at once. */
const SHOWN = 100

type Row = Record<string, unknown>

/** The first rows as a load would take them; nothing of it is stored. */
export function DryRun({ job: first, busy, onLoad }: { job: Job; busy: boolean; onLoad: () => void }) {
  const [job, setJob] = useState(first)
  const [rows, setRows] = useState<Row[] | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const [chosen, setChosen] = useState<Status | null>(null)
  const issues = useIssues()
  useEffect(() => {
    const stop = new AbortController()
    const work = async () => {
      await watchJob(first.id, setJob, stop.signal)
      const result = await stream(`/v1/jobs/${first.id}/result`, stop.signal)
      const lines = (await result.text()).split('\n').filter(Boolean)
      setRows(lines.map((line) => JSON.parse(line) as Row))
    }
    work().catch((error) => !stop.signal.aborted && setFault(wordsOf(error)))
    return () => stop.abort()
  }, [first.id])
  const shown = (rows ?? []).filter((row) => chosen === null || statusOf(row) === chosen)
  const inputs = rows?.[0] ? inputColumns(rows[0]) : []
  return (
    <section class="stack" aria-labelledby="dry" aria-busy={rows === null}>
      <h2 id="dry">{text('dryTitle')}</h2>
      <p class="soft">{text('dryHint')}</p>
      <Counts counts={job.counts} chosen={chosen} onChoose={setChosen} />
      {job.state === 'failed' ? <Fault>{job.error}</Fault> : <Fault>{fault}</Fault>}
      {!rows && !fault && !isOver(job) && <Busy />}
      {rows && (
        <>
          <Scroll label={text('dryRows')} bounded>
            <table class="stacked">
              <thead>
                <tr>
                  <th scope="col">{text('status')}</th>
                  <th scope="col">{text('input')}</th>
                  <th scope="col">{text('commune')}</th>
                  <th scope="col">Vpostcode</th>
                  <th scope="col">{text('remarks')}</th>
                </tr>
              </thead>
              <tbody>
                {shown.slice(0, SHOWN).map((row, i) => (
                  <tr key={i}>
                    <td>
                      <span class={`tag ${statusOf(row)}`}>{text(`status_${statusOf(row)}`)}</span>
                    </td>
                    <td class="wide" data-label={text('input')}>
                      {inputs
                        .map((name) => row[name])
                        .filter((cell) => cell !== null && cell !== '')
                        .join(' · ')}
                    </td>
                    <td data-label={text('commune')}>
                      {[cell(row, 'commune_name'), cell(row, 'province_name')].filter(Boolean).join(', ')}
                    </td>
                    <td class="mono" data-label="Vpostcode">
                      {cell(row, 'vpostcode')}
                    </td>
                    <td class="wide" data-label={text('remarks')}>
                      {issueWords(cell(row, 'issues'), issues)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
          {shown.length > SHOWN && <p class="soft small">{text('moreRows', { n: shown.length - SHOWN })}</p>}
          <p class="row">
            <button type="button" class="main" disabled={busy} onClick={onLoad}>
              {text('load')}
            </button>
            <span class="soft">{text('loadHint')}</span>
          </p>
        </>
      )}
    </section>
  )
}

/** A column of ours: of a clash with one of the file the name has a prefix. */
const cell = (row: Row, name: string): string => String(row[`result_${name}`] ?? row[name] ?? '')
const statusOf = (row: Row) => cell(row, 'status') as Status

/** The columns of the file stand in front of ours. */
function inputColumns(row: Row): string[] {
  const names = Object.keys(row)
  const ours = names.includes('result_status') ? 'result_status' : 'status'
  return names.slice(0, names.indexOf(ours))
}
