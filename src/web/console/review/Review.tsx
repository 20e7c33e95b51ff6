import { useEffect, useState } from 'preact/hooks'
import type { ReviewEntry } from 'vpostcode/client'
import { issueWords, useIssues } from '../files/issues.ts'
import { Busy, Fault } from '../parts.tsx'
import { call } from '../session.ts'
import { text } from '../texts.ts'
import { useKeys, useLoad } from '../use.ts'
import { Case } from './Case.tsx'
import { QueueHead } from './QueueHead.tsx'
import { Together } from './Together.tsx'

/** Cases of the list at first, more each time that is asked for, and at most: what the server gives at once. */
const STEP = 100
const MOST = 500

/** What waits for a decision: the list, and the case that is open. */
export function Review({ id }: { id: string | null }) {
  const [place, setPlace] = useState('')
  const [reason, setReason] = useState('')
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set())
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [limit, setLimit] = useState(STEP)
  const [told, setTold] = useState<string | null>(null)
  const issues = useIssues()
  const asked = /^\d{5}$/.test(place) ? { commune: place } : /^\d{2}$/.test(place) ? { province: place } : {}
  const { data, fault, busy, again } = useLoad(
    (signal) =>
      call<{ entries: ReviewEntry[]; more: boolean }>('/v1/review', {
        signal,
        query: { ...asked, reason: reason || undefined, limit },
      }),
    [JSON.stringify(asked), reason, limit],
  )
  const entries = (data?.entries ?? []).filter(({ household }) => !gone.has(household.id))
  const at = entries.findIndex(({ household }) => household.id === id)
  const go = (to: number) => {
    const entry = entries[Math.max(0, Math.min(to, entries.length - 1))]
    if (entry) location.hash = `#/review/${entry.household.id}`
  }
  const openId = id ?? entries[0]?.household.id ?? null

  // A list that was worked off is asked for anew.
  useEffect(() => {
    if (data?.more && entries.length === 0) again()
  }, [entries.length])
  useEffect(() => {
    document.querySelector('.queue [aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [openId])

  useKeys((key) => {
    if (key === 'j' || key === 'ArrowDown') go(Math.max(at, 0) + 1)
    else if (key === 'k' || key === 'ArrowUp') go(Math.max(at, 0) - 1)
    else return false
    return true
  })

  const decided = (done: string, what: string) => {
    setTold(what)
    const next = entries[at + 1] ?? entries[at - 1]
    setGone((before) => new Set([...before, done]))
    location.hash = next ? `#/review/${next.household.id}` : '#/review'
  }

  const undone = (before: string) => {
    setTold(text('told_undo'))
    setGone((all) => new Set([...all].filter((one) => one !== before)))
    location.hash = `#/review/${before}`
  }

  const reasons = [...new Set((data?.entries ?? []).flatMap((entry) => reasonsOf(entry)))]
  return (
    <div class="stack">
      <QueueHead title={text('at_review')} />
      <p class="row">
        <label class="field">
          {text('place')}
          <input
            value={place}
            inputMode="numeric"
            maxLength={5}
            placeholder="01 / 00070"
            onInput={(event) => setPlace(event.currentTarget.value.trim())}
          />
        </label>
        <label class="field">
          {text('reason')}
          <select value={reason} onChange={(event) => setReason(event.currentTarget.value)}>
            <option value="">{text('allReasons')}</option>
            {[...new Set([...reasons, ...(reason ? [reason] : [])])].map((code) => (
              <option key={code} value={code}>
                {reasonWords(code, issues)}
              </option>
            ))}
          </select>
        </label>
      </p>
      <p role="status" class="soft">
        {told ?? (busy ? text('loading') : text(data?.more ? 'waitMore' : 'wait', { n: entries.length }))}
      </p>
      <Fault>{fault}</Fault>
      <Together
        chosen={chosen}
        onDecided={(done) => setGone((before) => new Set([...before, done]))}
        onEnd={(what) => {
          setTold(what)
          setChosen(new Set())
          location.hash = '#/review'
        }}
      />
      {data === null && busy && <Busy />}
      {data && entries.length === 0 && !busy && <p class="card">{text('nothingWaits')}</p>}
      <div class="desk">
        <ul class="queue" aria-label={text('queue')}>
          {entries.map(({ household, ...entry }) => (
            <li key={household.id}>
              <input
                type="checkbox"
                aria-label={text('choose', { text: household.text })}
                checked={chosen.has(household.id)}
                onChange={(event) => {
                  const next = new Set(chosen)
                  if (event.currentTarget.checked) next.add(household.id)
                  else next.delete(household.id)
                  setChosen(next)
                }}
              />
              <a
                href={`#/review/${household.id}`}
                aria-current={household.id === openId ? 'true' : undefined}
              >
                <span lang="vi">{household.text}</span>
                <span class="soft small">
                  {reasonsOf({ household, ...entry })
                    .map((code) => reasonWords(code, issues))
                    .join('; ')}
                </span>
              </a>
            </li>
          ))}
          {data?.more && limit < MOST && (
            <li>
              <button type="button" class="quiet" disabled={busy} onClick={() => setLimit(limit + STEP)}>
                {text('moreCases')}
              </button>
            </li>
          )}
          {data?.more && limit >= MOST && <li class="soft small">{text('mostCases', { n: MOST })}</li>}
        </ul>
        {openId && <Case key={openId} id={openId} onDecided={decided} onUndone={undone} />}
      </div>
    </div>
  )
}

const KINDS = ['duplicate', 'numbering', 'check', 'observed'] as const
const reasonsOf = ({ reasons, doubts }: ReviewEntry): string[] =>
  reasons.length > 0 ? reasons : doubts.map(({ kind }) => kind)

function reasonWords(code: string, issues: ReadonlyMap<string, string>): string {
  const kind = KINDS.find((one) => one === code)
  return kind ? text(`doubt_${kind}`) : issueWords(code, issues)
}
