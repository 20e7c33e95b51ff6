import { useState } from 'preact/hooks'
import type { FullHousehold, HouseholdDetails } from 'vpostcode/client'
import { PlaceMap } from '../PlaceMap.tsx'
import { Busy, Fault, grouped } from '../parts.tsx'
import { call, callWhole } from '../session.ts'
import { text } from '../texts.ts'
import { useKeys, useLoad, useWork } from '../use.ts'
import { QueueHead } from './QueueHead.tsx'

/**
 * Verification by a second person: one household after the other, each looked at. The registry refuses who entered address and
 * point; there is no button for many at once.
 */
export function Verify() {
  const [commune, setCommune] = useState('')
  const [done, setDone] = useState<ReadonlySet<string>>(new Set())
  const [at, setAt] = useState(0)
  const [told, setTold] = useState('')
  const { busy, fault: refused, run, clear } = useWork()
  const asked = /^\d{5}$/.test(commune) ? { commune } : {}
  const { data, fault } = useLoad(
    (signal) =>
      call<{ households: FullHousehold[] }>('/v1/households', {
        signal,
        query: { ...asked, status: 'provisional', limit: 100 },
      }),
    [commune],
  )
  const waiting = (data?.households ?? []).filter(
    ({ id, point, review }) => point && review.length === 0 && !done.has(id),
  )
  const shown = waiting[Math.min(at, waiting.length - 1)]
  const go = (to: number) => {
    clear()
    setAt(Math.max(0, Math.min(to, waiting.length - 1)))
  }
  const verify = () =>
    shown &&
    run(async () => {
      const { etag } = await callWhole<HouseholdDetails>(`/v1/households/${shown.id}`)
      await call(`/v1/households/${shown.id}/verify`, { json: {}, ifMatch: etag })
      setDone((before) => new Set([...before, shown.id]))
      setTold(text('verified', { text: shown.text }))
    })
  useKeys((key) => {
    if (key === 'j' || key === 'ArrowDown') go(at + 1)
    else if (key === 'k' || key === 'ArrowUp') go(at - 1)
    else if (key === 'v') void verify()
    else if (key === 'o' && shown) location.hash = `#/household/${shown.id}`
    else return false
    return true
  })
  return (
    <div class="stack">
      <QueueHead title={text('at_verify')} />
      <p class="soft">{text('verifyHint')}</p>
      <label class="field short">
        {text('communeCode')}
        <input
          value={commune}
          inputMode="numeric"
          maxLength={5}
          placeholder="00070"
          onInput={(event) => setCommune(event.currentTarget.value.trim())}
        />
      </label>
      <p role="status" class="soft">
        {told || (data ? text('wait', { n: waiting.length }) : '')}
      </p>
      <Fault>{fault ?? refused}</Fault>
      {!data && !fault && <Busy />}
      {data && !shown && <p class="card">{text('nothingToVerify')}</p>}
      {shown && (
        <article class="card stack" aria-labelledby="verify">
          <h2 id="verify" class="address" lang="vi">
            {shown.text}
          </h2>
          <p class="soft">
            {grouped(shown.id)} · {shown.commune?.fullName} · {shown.formatted ?? text('noCode')} ·{' '}
            {text(`source_${shown.point.source}`)}, ± {Math.round(shown.point.accuracy)} m
          </p>
          <PlaceMap pins={[{ ...shown.point, label: '●', colour: '#a3201b' }]} />
          <p class="row">
            <button type="button" class="main" disabled={busy} onClick={() => void verify()}>
              {text('verify')} <kbd>v</kbd>
            </button>
            <button type="button" disabled={busy} onClick={() => go(at + 1)}>
              {text('skip')} <kbd>j</kbd>
            </button>
            <a href={`#/household/${shown.id}`}>{text('openHousehold')}</a>
          </p>
        </article>
      )}
    </div>
  )
}
