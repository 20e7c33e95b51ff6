import { useState } from 'preact/hooks'
import type { Key, KeyEvent, MadeKey } from 'vpostcode/client'
import { Ask, Busy, Fault, Scroll, when } from '../parts.tsx'
import { call } from '../session.ts'
import { text } from '../texts.ts'
import { useLoad, useWork } from '../use.ts'

const ROLES = ['staff', 'courier', 'server', 'browser'] as const

/** Keys: who may ask. A secret is shown once, when it is made. */
export function Keys() {
  const { data, fault, again } = useLoad(
    (signal) =>
      Promise.all([
        call<{ keys: Key[] }>('/v1/keys', { signal }),
        call<{ events: KeyEvent[] }>('/v1/keys/events', { signal }),
      ]),
    [],
  )
  const [made, setMade] = useState<MadeKey | null>(null)
  const [asking, setAsking] = useState<{ key: Key; what: 'rotate' | 'revoke' } | null>(null)
  const { busy, fault: refused, run } = useWork()
  const carryOut = ({ key, what }: NonNullable<typeof asking>) =>
    run(async () => {
      const answer = await call<MadeKey>(`/v1/keys/${key.id}/${what}`, {
        method: 'POST',
        ...(what === 'rotate' ? { json: {} } : {}),
      })
      setMade(what === 'rotate' ? answer : null)
      again()
    })
  if (!data) return fault ? <Fault>{fault}</Fault> : <Busy />
  const [{ keys }, { events }] = data
  return (
    <div class="stack">
      <h1>{text('at_keys')}</h1>
      {made && <Secret made={made} onClose={() => setMade(null)} />}
      <Fault>{refused}</Fault>
      <NewKey
        busy={busy}
        onMake={(wish) =>
          run(async () => {
            setMade(await call<MadeKey>('/v1/keys', { json: wish }))
            again()
          })
        }
      />
      <Scroll label={text('at_keys')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text('keyName')}</th>
              <th scope="col">{text('role')}</th>
              <th scope="col">{text('state')}</th>
              <th scope="col">{text('scopeShort')}</th>
              <th scope="col">{text('usedOn')}</th>
              <th scope="col">{text('expires')}</th>
              <th scope="col">
                <span class="hidden">{text('changes')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {[...keys].reverse().map((key) => (
              <tr key={key.id}>
                <th scope="row">
                  {key.name} <span class="soft small mono">{key.prefix}…</span>
                </th>
                <td>{text(`role_${key.role}`)}</td>
                <td>{text(`key_${key.state}`)}</td>
                <td>{scopeOf(key)}</td>
                <td>{key.usedOn ?? '–'}</td>
                <td>{key.expiresAt ? when(key.expiresAt) : '–'}</td>
                <td>
                  <div class="row">
                    {key.state === 'valid' && key.role !== 'admin' && (
                      <button
                        type="button"
                        disabled={busy}
                        onClick={() => setAsking({ key, what: 'rotate' })}
                      >
                        {text('rotate')}
                      </button>
                    )}
                    {(key.state === 'valid' || key.state === 'replaced') && (
                      <button
                        type="button"
                        disabled={busy}
                        onClick={() => setAsking({ key, what: 'revoke' })}
                      >
                        {text('revoke')}
                      </button>
                    )}
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <section class="stack" aria-labelledby="log">
        <h2 id="log">{text('keyLog')}</h2>
        <ol class="history" reversed>
          {[...events].reverse().map((event) => (
            <li key={event.number}>
              {when(event.at)} · {event.actor}: {text(`keyevent_${event.kind}`)} {event.name} ({event.key})
            </li>
          ))}
        </ol>
      </section>
      {asking && (
        <Ask
          title={text(`ask_${asking.what}`, { name: asking.key.name })}
          yes={text(asking.what)}
          onNo={() => setAsking(null)}
          onYes={() => {
            const what = asking
            setAsking(null)
            void carryOut(what)
          }}
        >
          <p>{text(`hint_${asking.what}`)}</p>
        </Ask>
      )}
    </div>
  )
}

const scopeOf = ({ role, scope, origins }: Key) =>
  role === 'staff' ? (scope?.join(', ') ?? text('wholeCountry')) : origins.join(', ') || '–'

function Secret({ made, onClose }: { made: MadeKey; onClose: () => void }) {
  const [copied, setCopied] = useState(false)
  return (
    <div class="notice stack" role="alert">
      <p>{text('secretOnce', { name: made.key.name })}</p>
      <p class="mono secret">{made.secret}</p>
      <p class="row">
        <button
          type="button"
          class="main"
          onClick={() => void navigator.clipboard.writeText(made.secret).then(() => setCopied(true))}
        >
          {text(copied ? 'copied' : 'copy')}
        </button>
        <button type="button" onClick={onClose}>
          {text('close')}
        </button>
      </p>
    </div>
  )
}

function NewKey({ busy, onMake }: { busy: boolean; onMake: (wish: object) => Promise<boolean> }) {
  const [role, setRole] = useState<(typeof ROLES)[number]>('staff')
  const [name, setName] = useState('')
  const [where, setWhere] = useState('')
  const [expires, setExpires] = useState('')
  const list = where.split(/[\s,;]+/).filter(Boolean)
  const needs = role === 'staff' ? 'scope' : role === 'browser' ? 'origins' : null
  return (
    <form
      class="card row"
      onSubmit={(event) => {
        event.preventDefault()
        const wish = { role, name, ...(needs && { [needs]: list }), ...(expires && { expires }) }
        void onMake(wish).then((done) => {
          if (done) setName('')
        })
      }}
    >
      <h2 class="whole">{text('newKey')}</h2>
      <label class="field">
        {text('role')}
        <select
          value={role}
          onChange={(event) => setRole(event.currentTarget.value as (typeof ROLES)[number])}
        >
          {ROLES.map((one) => (
            <option key={one} value={one}>
              {text(`role_${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        {text('keyName')}
        <input
          required
          maxLength={60}
          autocomplete="off"
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      {needs && (
        <label class="field grow">
          {text(needs)}
          <input
            required
            value={where}
            placeholder={needs === 'scope' ? '01 26743' : 'https://shop.example'}
            onInput={(event) => setWhere(event.currentTarget.value)}
          />
        </label>
      )}
      <label class="field">
        {text('expires')}
        <input type="date" value={expires} onInput={(event) => setExpires(event.currentTarget.value)} />
      </label>
      <button type="submit" class="main" disabled={busy}>
        {text('makeKey')}
      </button>
    </form>
  )
}
