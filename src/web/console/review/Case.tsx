import { useState } from 'preact/hooks'
import type { HouseholdChange, ReviewCase } from 'vpostcode/client'
import { Refusal } from '../../shared/api.ts'
import type { LatLon } from '../../shared/map/map.ts'
import { issueWords, useIssues } from '../files/issues.ts'
import { type Pin, PlaceMap } from '../PlaceMap.tsx'
import { Ask, Busy, Fault, grouped, when } from '../parts.tsx'
import { call, callWhole } from '../session.ts'
import { text } from '../texts.ts'
import { useKeys, useLoad, useWork } from '../use.ts'
import { Spans } from './Spans.tsx'

/** The decision made last, which `u` takes back. */
let last: { id: string; etag: string | undefined } | null = null

type Decision = Record<string, unknown> & { decision: string }

/** One household in doubt, and what can be decided about it. */
export function Case({
  id,
  onDecided,
  onUndone,
}: {
  id: string
  onDecided: (id: string, told: string) => void
  onUndone: (id: string) => void
}) {
  const { data, fault, again } = useLoad(
    (signal) => callWhole<ReviewCase>(`/v1/households/${id}/review`, { signal }),
    [id],
  )
  const { busy, fault: refused, run } = useWork()
  const [asking, setAsking] = useState<Decision | null>(null)
  const [point, setPoint] = useState<LatLon | null>(null)
  const [other, setOther] = useState<string | null>(null)
  const issues = useIssues()
  const found = data?.data
  const alike = found?.alike ?? []
  const held = other ?? alike[0]?.id ?? null

  const decide = (decision: Decision, told: string) =>
    run(async () => {
      try {
        const { etag } = await callWhole<HouseholdChange>(`/v1/households/${id}/decide`, {
          json: decision,
          ifMatch: data!.etag,
        })
        last = { id, etag }
        onDecided(id, told)
      } catch (error) {
        // Somebody was faster: the case is shown as it is now.
        if (error instanceof Refusal && error.code === 'changed-meanwhile') again()
        throw error
      }
    })

  const undo = () =>
    run(async () => {
      if (!last) throw new Error(text('nothingToUndo'))
      const { id: before, etag } = last
      await call(`/v1/households/${before}/undo`, { json: { reason: text('undoReason') }, ifMatch: etag })
      last = null
      onUndone(before)
      if (before === id) again()
    })

  useKeys((key) => {
    if (busy || asking) return false
    // The decision before can be taken back while this case is still on its way.
    if (key === 'u') {
      void undo()
      return true
    }
    if (!found) return false
    const candidate = found.candidates[Number(key) - 1]
    if (candidate) void decide({ decision: 'commune', commune: candidate.communeCode }, candidate.communeName)
    else if (key === 'm' && held) setAsking({ decision: 'merge', into: held })
    else if (key === 'd' && held) void decide({ decision: 'distinct', others: [held] }, text('told_distinct'))
    else if (key === 'e') void decide({ decision: 'keep' }, text('told_keep'))
    else if (key === 'x') setAsking({ decision: 'reject' })
    else if (key === 'o') location.hash = `#/household/${id}`
    else return false
    return true
  })

  if (!found) return <div class="case card">{fault ? <Fault>{fault}</Fault> : <Busy />}</div>
  const { household, candidates, doubts, spans, observations, checks } = found
  const pins: Pin[] = [
    ...(point ? [{ ...point, label: '+', colour: '#1558d6' }] : []),
    ...(household.point ? [{ ...household.point, label: '●', colour: '#a3201b' }] : []),
    ...candidates.map(({ lat, lon }, i) => ({ lat, lon, label: `${i + 1}` })),
    ...alike.flatMap((one, i) => (one.point ? [{ ...one.point, label: letter(i), colour: '#51605a' }] : [])),
  ]
  return (
    <article class="case card stack" aria-labelledby="case">
      <h2 id="case" class="small soft">
        {grouped(household.id)} · {text(`household_${household.status}`)}
      </h2>
      <Spans spans={spans} of={household.text} />
      <ul class="reasons">
        {found.reasons.map((code) => (
          <li key={code}>{issueWords(code, issues)}</li>
        ))}
        {doubts.map((doubt) => (
          <li key={`${doubt.kind}${doubt.other}`}>
            {text(`doubt_${doubt.kind}`)} ({Math.round(doubt.score * 100)} %
            {doubt.metres === null ? '' : `, ${Math.round(doubt.metres)} m`})
          </li>
        ))}
      </ul>
      <Fault>{refused}</Fault>
      {candidates.length > 0 && (
        <section aria-labelledby="candidates">
          <h3 id="candidates">{text('candidates')}</h3>
          <ol class="candidates">
            {candidates.map(({ communeCode, communeName, provinceName, confidence }, i) => (
              <li key={communeCode}>
                <button
                  type="button"
                  disabled={busy}
                  onClick={() => void decide({ decision: 'commune', commune: communeCode }, communeName)}
                >
                  <kbd>{i + 1}</kbd>
                  <span class="grow">
                    {communeName}, {provinceName}
                  </span>
                  <span class="soft">
                    {confidence === null ? text('onlyPoint') : `${Math.round(confidence * 100)} %`}
                  </span>
                </button>
              </li>
            ))}
          </ol>
        </section>
      )}
      {alike.length > 0 && (
        <section aria-labelledby="alike">
          <h3 id="alike">{text('alike')}</h3>
          <ul class="alike">
            {alike.map((one, i) => (
              <li key={one.id}>
                <label>
                  <input
                    type="radio"
                    name="alike"
                    checked={one.id === held}
                    onChange={() => setOther(one.id)}
                  />
                  <span>
                    <strong>{letter(i)}</strong> <span lang="vi">{one.text}</span>{' '}
                    <span class="soft small">
                      {grouped(one.id)} · {one.formatted ?? text('noCode')}
                    </span>
                  </span>
                </label>
              </li>
            ))}
          </ul>
          <p class="row">
            <button
              type="button"
              disabled={busy}
              onClick={() => setAsking({ decision: 'merge', into: held! })}
            >
              {text('mergeInto')} <kbd>m</kbd>
            </button>
            <button
              type="button"
              disabled={busy}
              onClick={() => void decide({ decision: 'distinct', others: [held!] }, text('told_distinct'))}
            >
              {text('distinct')} <kbd>d</kbd>
            </button>
          </p>
        </section>
      )}
      <PlaceMap pins={pins} onPoint={setPoint} />
      <p class="soft small">{text('mapPoint')}</p>
      {point && (
        <p class="row">
          <button
            type="button"
            class="main"
            disabled={busy}
            onClick={() =>
              void decide({ decision: 'point', point: { ...point, accuracy: 15 } }, text('told_point'))
            }
          >
            {text('standsHere', { lat: point.lat.toFixed(6), lon: point.lon.toFixed(6) })}
          </button>
        </p>
      )}
      <p class="row">
        <button
          type="button"
          disabled={busy}
          onClick={() => void decide({ decision: 'keep' }, text('told_keep'))}
        >
          {text('keep')} <kbd>e</kbd>
        </button>
        <button type="button" disabled={busy} onClick={() => setAsking({ decision: 'reject' })}>
          {text('reject')} <kbd>x</kbd>
        </button>
        <button type="button" class="quiet" disabled={busy} onClick={() => void undo()}>
          {text('undo')} <kbd>u</kbd>
        </button>
        <a href={`#/household/${household.id}`}>{text('openHousehold')}</a>
      </p>
      {(observations.length > 0 || checks.length > 0) && (
        <section aria-labelledby="seen">
          <h3 id="seen">{text('seen')}</h3>
          <ul>
            {observations.map(({ at, actor, found }) => (
              <li key={`${at}${actor}`}>
                {when(at)}, {actor}: {text(`found_${found}`)}
              </li>
            ))}
            {checks.map(({ at, actor, verdict }) => (
              <li key={`${at}${actor}`}>
                {when(at)}, {actor}: {text(`verdict_${verdict}`)}
              </li>
            ))}
          </ul>
        </section>
      )}
      {asking && (
        <Ask
          title={text(asking.decision === 'merge' ? 'mergeAsk' : 'rejectAsk')}
          yes={text(asking.decision === 'merge' ? 'mergeInto' : 'reject')}
          onNo={() => setAsking(null)}
          onYes={() => {
            const decision = asking
            setAsking(null)
            void decide(decision, text(decision.decision === 'merge' ? 'told_merge' : 'told_reject'))
          }}
        >
          <p lang="vi">{household.text}</p>
          {asking.decision === 'merge' && (
            <p lang="vi">{alike.find((one) => one.id === asking['into'])?.text}</p>
          )}
        </Ask>
      )}
    </article>
  )
}

const letter = (i: number) => String.fromCharCode(65 + i)
