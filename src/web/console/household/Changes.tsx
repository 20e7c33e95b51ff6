import { useState } from 'preact/hooks'
import type { HouseholdDetails } from 'vpostcode/client'
import { Ask } from '../parts.tsx'
import { text } from '../texts.ts'

/** Changes that are asked about first. */
type Asked = 'retire' | 'undo' | 'reinstate' | 'merge' | 'split' | 'alternative' | 'erase'

/** What a clerk can do to a household; the registry says what it does not allow. */
export function Changes({
  household,
  busy,
  onChange,
}: {
  household: HouseholdDetails
  busy: boolean
  onChange: (under: string, json: unknown, done: string, method?: 'POST' | 'PATCH') => Promise<boolean>
}) {
  const [address, setAddress] = useState(household.text)
  const [others, setOthers] = useState('')
  const [parts, setParts] = useState('')
  const [stays, setStays] = useState(false)
  const [main, setMain] = useState(household.of ?? '')
  const [reason, setReason] = useState('')
  const [asking, setAsking] = useState<Asked | null>(null)
  const historical = household.status === 'historical'
  const because = reason.trim() || text('noReason')
  const ids = others.split(/[,;\n]/).flatMap((one) => one.replace(/[\s-]/g, '') || [])
  const addresses = parts.split('\n').flatMap((one) => one.trim() || [])
  const of = main.replace(/[\s-]/g, '')
  const carryOut = (what: Asked) => {
    setAsking(null)
    if (what === 'merge')
      return void onChange('/merge', { households: ids, reason: because }, text('told_merge'))
    if (what === 'alternative')
      return void onChange('/alternative', { of: of || null, reason: because }, text('told_alternative'))
    if (what === 'split') {
      const json = { parts: addresses.map((address) => ({ address })), stays, reason: because }
      return void onChange('/split', json, text('told_split'))
    }
    void onChange(`/${what}`, { reason: because }, text(`told_${what}`))
  }
  return (
    <section class="card stack" aria-labelledby="changes">
      <h2 id="changes">{text('changes')}</h2>
      <label class="field">
        {text('reasonOf')}
        <input maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
        <span class="soft small">{text('noNames')}</span>
      </label>
      {!historical && (
        <>
          <form
            class="row"
            onSubmit={(event) => {
              event.preventDefault()
              const json = { address, ...(reason.trim() && { reason: reason.trim() }) }
              void onChange('', json, text('corrected'), 'PATCH')
            }}
          >
            <label class="field grow">
              {text('address')}
              <input
                required
                maxLength={500}
                value={address}
                onInput={(event) => setAddress(event.currentTarget.value)}
              />
            </label>
            <button type="submit" disabled={busy || address === household.text}>
              {text('correct')}
            </button>
          </form>
          <form
            class="row"
            onSubmit={(event) => {
              event.preventDefault()
              setAsking('merge')
            }}
          >
            <label class="field grow">
              {text('mergeIds')}
              <input required value={others} onInput={(event) => setOthers(event.currentTarget.value)} />
            </label>
            <button type="submit" disabled={busy || ids.length === 0}>
              {text('merge')}
            </button>
          </form>
          <details>
            <summary>{text('splitTitle')}</summary>
            <form
              class="stack"
              onSubmit={(event) => {
                event.preventDefault()
                setAsking('split')
              }}
            >
              <label class="field">
                {text('splitParts')}
                <textarea
                  required
                  rows={3}
                  value={parts}
                  onInput={(event) => setParts(event.currentTarget.value)}
                />
                <span class="soft small">{text('splitHint')}</span>
              </label>
              <label class="row">
                <input
                  type="checkbox"
                  checked={stays}
                  onChange={(event) => setStays(event.currentTarget.checked)}
                />
                {text('splitStays')}
              </label>
              <p>
                <button type="submit" disabled={busy || addresses.length === 0}>
                  {text('split')}
                </button>
              </p>
            </form>
          </details>
          <details open={household.of !== null}>
            <summary>{text('alternativeTitle')}</summary>
            <form
              class="row"
              onSubmit={(event) => {
                event.preventDefault()
                setAsking('alternative')
              }}
            >
              <label class="field grow">
                {text('mainId')}
                <input value={main} onInput={(event) => setMain(event.currentTarget.value)} />
                <span class="soft small">{text('mainHint')}</span>
              </label>
              <button type="submit" disabled={busy || of === (household.of ?? '')}>
                {text('alternative')}
              </button>
            </form>
          </details>
        </>
      )}
      <p class="row">
        {historical ? (
          <button type="button" disabled={busy} onClick={() => setAsking('reinstate')}>
            {text('reinstate')}
          </button>
        ) : (
          <>
            {household.status === 'provisional' && (
              <button
                type="button"
                disabled={busy}
                onClick={() => void onChange('/verify', {}, text('verified', { text: household.text }))}
              >
                {text('verify')}
              </button>
            )}
            <button
              type="button"
              disabled={busy}
              onClick={() => void onChange('/confirm', { reason: because }, text('confirmed'))}
            >
              {text('confirm')}
            </button>
            <button type="button" disabled={busy} onClick={() => setAsking('retire')}>
              {text('retire')}
            </button>
          </>
        )}
        <button type="button" disabled={busy} onClick={() => setAsking('undo')}>
          {text('undoLast')}
        </button>
        {household.text && (
          <button type="button" disabled={busy} onClick={() => setAsking('erase')}>
            {text('erase')}
          </button>
        )}
      </p>
      {asking && (
        <Ask
          title={text(`ask_${asking}`)}
          yes={text(asking === 'undo' ? 'undoLast' : asking)}
          onNo={() => setAsking(null)}
          onYes={() => carryOut(asking)}
        >
          <p lang="vi">{household.text}</p>
          {asking === 'merge' && <p class="mono">{ids.join(', ')}</p>}
          {asking === 'alternative' && of && <p class="mono">{of}</p>}
          {asking === 'erase' && <p class="notice bad">{text('eraseHint')}</p>}
          {asking === 'split' && (
            <ul lang="vi">
              {addresses.map((address, i) => (
                <li key={i}>{address}</li>
              ))}
            </ul>
          )}
        </Ask>
      )}
    </section>
  )
}
