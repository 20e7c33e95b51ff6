import { useState } from 'preact/hooks'
import type { FullHousehold } from 'vpostcode/client'
import { Fault, grouped } from '../parts.tsx'
import { call } from '../session.ts'
import { text } from '../texts.ts'
import { useWork } from '../use.ts'

/** Households by id, code, the office's number or address. */
export function Find() {
  const [asked, setAsked] = useState('')
  const [found, setFound] = useState<FullHousehold[] | null>(null)
  const { busy, fault, run } = useWork()
  const submit = (event: Event) => {
    event.preventDefault()
    const plain = asked.replace(/[\s-]/g, '')
    if (/^\d{12}$/.test(plain) && /^[1-9]\d{4}[01]/.test(plain)) {
      location.hash = `#/household/${plain}`
      return
    }
    void run(async () => {
      const ask = async (query: Record<string, string>) =>
        (await call<{ households: FullHousehold[] }>('/v1/households', { query })).households
      const code = /^\d{5}[23456789CFGHJMPQRVWX]{7}$/i.test(plain) ? await ask({ vpostcode: plain }) : []
      const numbered = code.length > 0 ? code : await ask({ externalId: asked.trim() })
      setFound(numbered.length > 0 ? numbered : await ask({ address: asked }))
    })
  }
  return (
    <div class="stack">
      <h1>{text('at_household')}</h1>
      <form class="row" onSubmit={submit}>
        <label class="field grow">
          {text('findHousehold')}
          <input
            type="search"
            required
            maxLength={500}
            value={asked}
            onInput={(event) => setAsked(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="main" disabled={busy}>
          {text('find')}
        </button>
      </form>
      <Fault>{fault}</Fault>
      {found && (
        <p role="status" class="soft">
          {text('foundHouseholds', { n: found.length })}
        </p>
      )}
      <ul class="plainlist">
        {found?.map((one) => (
          <li key={one.id} class="card">
            <a href={`#/household/${one.id}`} lang="vi">
              {one.text}
            </a>
            <p class="soft small">
              {grouped(one.id)} · {one.formatted ?? text('noCode')} · {text(`household_${one.status}`)}
            </p>
          </li>
        ))}
      </ul>
    </div>
  )
}
