import { useState } from 'preact/hooks'
import type { HouseholdDetails, HouseholdEvent } from 'vpostcode/client'
import type { LatLon } from '../../shared/map/map.ts'
import { unitsLine } from '../../shared/units.ts'
import { issueWords, useIssues } from '../files/issues.ts'
import { type Pin, PlaceMap } from '../PlaceMap.tsx'
import { Busy, Fault, grouped, when } from '../parts.tsx'
import { call, callWhole } from '../session.ts'
import { text } from '../texts.ts'
import { useLoad, useWork } from '../use.ts'
import { Changes } from './Changes.tsx'
import { PointForm } from './PointForm.tsx'

/** All that is known of a household, what happened to it, and what can be done. */
export function HouseholdPage({ id }: { id: string }) {
  const { data, fault, again } = useLoad(
    async (signal) => {
      const [whole, history] = await Promise.all([
        callWhole<HouseholdDetails>(`/v1/households/${id}`, { signal }),
        call<{ total: number; events: HouseholdEvent[] }>(`/v1/households/${id}/history`, { signal }),
      ])
      return { whole, history }
    },
    [id],
  )
  const [told, setTold] = useState('')
  const [place, setPlace] = useState<LatLon | null>(null)
  const { busy, fault: refused, run } = useWork()
  const issues = useIssues()
  if (!data)
    return (
      <>
        <Back />
        {fault ? <Fault>{fault}</Fault> : <Busy />}
      </>
    )
  const { data: household, etag } = data.whole

  /** Sends a change of this version of the household; when somebody was faster it is shown as it is now. */
  const change = (under: string, json: unknown, done: string, method: 'POST' | 'PATCH' = 'POST') =>
    run(async () => {
      try {
        await call(`/v1/households/${id}${under}`, { method, json, ifMatch: etag })
        setTold(done)
        setPlace(null)
      } finally {
        again()
      }
    })

  const pins: Pin[] = [
    ...(household.point ? [{ ...household.point, label: '●', colour: '#a3201b' }] : []),
    ...(household.access ? [{ ...household.access, label: '⇥', colour: '#51605a' }] : []),
    ...(place ? [{ ...place, label: '+', colour: '#1558d6' }] : []),
  ]
  return (
    <div class="stack">
      <Back />
      <h1 class="address" lang="vi">
        {household.text || text('erased')}
      </h1>
      <p role="status" class="soft">
        {told}
      </p>
      <Fault>{refused}</Fault>
      <div class="desk even">
        <section class="card stack" aria-labelledby="facts">
          <h2 id="facts">{text('facts')}</h2>
          <dl class="facts">
            <Fact name={text('householdId')} mono>
              {grouped(household.id)}
            </Fact>
            <Fact name="Vpostcode" mono>
              {household.formatted ?? text('noCode')}
            </Fact>
            <Fact name={text('status')}>{text(`household_${household.status}`)}</Fact>
            <Fact name={text('commune')}>{unitsLine(household.commune, household.province)}</Fact>
            {household.point && (
              <Fact name={text('point')}>
                {household.point.lat}, {household.point.lon} ({text(`source_${household.point.source}`)}, ±{' '}
                {Math.round(household.point.accuracy)} m)
              </Fact>
            )}
            {household.access && (
              <Fact name={text('accessTitle')}>
                {household.access.lat}, {household.access.lon}
              </Fact>
            )}
            {household.externalIds.length > 0 && (
              <Fact name={text('numbers')}>
                {household.externalIds.map(({ scheme, value }) => `${scheme}: ${value}`).join('; ')}
              </Fact>
            )}
            {household.lists.length > 0 && <Fact name={text('lists')}>{household.lists.join('; ')}</Fact>}
            {household.review.length > 0 && (
              <Fact name={text('waitsFor')}>
                <a href={`#/review/${id}`}>{issueWords(household.review.join(';'), issues)}</a>
              </Fact>
            )}
            {household.of && (
              <Fact name={text('alternativeOf')}>
                <a href={`#/household/${household.of}`}>{grouped(household.of)}</a>
              </Fact>
            )}
            {household.successors.length > 0 && (
              <Fact name={text('successors')}>
                {household.successors.map((other) => (
                  <a key={other} href={`#/household/${other}`}>
                    {grouped(other)}
                  </a>
                ))}
              </Fact>
            )}
          </dl>
        </section>
        <section class="card stack" aria-labelledby="place">
          <h2 id="place">{text('pointTitle')}</h2>
          <PlaceMap pins={pins} onPoint={setPlace} />
          <PointForm
            place={place ?? household.point}
            busy={busy}
            onPlace={setPlace}
            hasAccess={household.access !== null}
            onAccess={(access) =>
              void change('/move', { access }, text(access ? 'accessStored' : 'accessDropped'))
            }
            onMove={(point) => void change('/move', { point }, text('moved'))}
          />
        </section>
      </div>
      <Changes key={etag} household={household} busy={busy} onChange={change} />
      <History events={data.history.events} total={data.history.total} own={id} />
    </div>
  )
}

const Fact = ({
  name,
  children,
  mono,
}: {
  name: string
  children: preact.ComponentChildren
  mono?: boolean
}) => (
  <div>
    <dt>{name}</dt>
    <dd class={mono ? 'mono' : ''}>{children}</dd>
  </div>
)

const Back = () => (
  <p>
    <a href="#/household">{text('backToFind')}</a>
  </p>
)

/** What happened, latest first; the households that were part of it lead to their pages. */
function History({ events, total, own }: { events: HouseholdEvent[]; total: number; own: string }) {
  return (
    <section class="stack" aria-labelledby="history">
      <h2 id="history">{text('history', { n: total })}</h2>
      <ol class="history">
        {[...events].reverse().map((event) => (
          <li key={`${event.province}-${event.number}`}>
            <p>
              <strong>{text(`event_${event.kind}`)}</strong>{' '}
              <span class="soft">
                {when(event.at)} · {event.actor}
                {event.job === null ? '' : ` · ${text('job', { id: event.job })}`}
              </span>
            </p>
            {event.reason && <p>{event.reason}</p>}
            {event.evidence && <p class="soft small">{text(`evidence_${event.evidence}`)}</p>}
            {event.changed.length > 0 && event.household && (
              <p class="soft small" lang="vi">
                {event.household.text}
                {event.household.formatted ? ` · ${event.household.formatted}` : ''}
              </p>
            )}
            {event.related.filter((id) => id !== own).length > 0 && (
              <p class="small">
                {text('together')}{' '}
                {event.related
                  .filter((id) => id !== own)
                  .map((id) => (
                    <a key={id} href={`#/household/${id}`}>
                      {grouped(id)}
                    </a>
                  ))}
              </p>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
