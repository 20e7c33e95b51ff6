import { useState } from 'preact/hooks'
import type { HouseholdDetails } from 'vpostcode/client'
import { Ask } from '../parts.tsx'
import { text } from '../texts.ts'

/** Changes that need a reason and are asked about first. */
const ASKED = ['retire', 'undo', 'reinstate', 'merge'] as const
type Asked = (typeof ASKED)[number]

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
  const [reason, setReason] = useState('')
  const [asking, setAsking] = useState<Asked | null>(null)
  const historical = household.status === 'historical'
  const because = reason.trim() || text('noReason')
  const ids = others.split(/[,;\n]/).flatMap((one) => one.replace(/[\s-]/g, '') || [])
  const carryOut = (what: Asked) => {
    setAsking(null)
    if (what === 'merge')
      return void onChange('/merge', { households: ids, reason: because }, text('told_merge'))
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
        </Ask>
      )}
    </section>
  )
}
