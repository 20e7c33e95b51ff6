import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { SearchResult } from 'vpostcode/client'
import { ask } from '../shared/api.ts'
import { kindOf } from './question.ts'
import { text } from './texts.ts'

/** Milliseconds without a key before offers are asked for. */
const PAUSE = 120
const MOST = 6

interface Offer {
  id: string
  label: string
  former: string
}

/** The box: a combobox by the ARIA pattern with a list of offers. Enter takes the chosen offer, else what was typed. */
export function Search({ value, setValue, onAsk }: Props) {
  const [offers, setOffers] = useState<Offer[]>([])
  const [chosen, setChosen] = useState(-1)
  const input = useRef<HTMLInputElement>(null)
  const typed = useRef(false)
  const list = useId()

  useEffect(() => {
    if (!typed.current || value.trim() === '' || kindOf(value) !== 'address') return setOffers([])
    const abort = new AbortController()
    const timer = setTimeout(async () => {
      if (!typed.current) return
      // In the body: what people type does not belong into URLs, which proxies keep.
      const json = { q: value.slice(0, 500), autocomplete: true, limit: MOST }
      // Without offers the box works as well.
      const found = await ask<SearchResult>('/v1/search', { json, signal: abort.signal }).catch(() => null)
      if (!found || !typed.current) return
      setOffers(
        found.features.map(({ properties: { id, label, oldcity } }) => ({
          id,
          label,
          former: oldcity && !label.includes(oldcity) ? oldcity : '',
        })),
      )
      setChosen(-1)
    }, PAUSE)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [value])

  const close = () => {
    typed.current = false
    setOffers([])
    setChosen(-1)
  }
  const take = (question: string) => {
    setValue(question)
    close()
    if (question.trim() !== '') onAsk(question.trim())
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (move && offers.length > 0) {
      event.preventDefault()
      // One place more than offers: what was typed.
      setChosen(((chosen + 1 + move + offers.length + 1) % (offers.length + 1)) - 1)
    } else if (event.key === 'Escape') {
      if (offers.length > 0) close()
      else setValue('')
      event.preventDefault()
    }
  }
  return (
    <search>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault()
          take(offers[chosen]?.label ?? value)
        }}
      >
        <div class="box">
          <label class="hidden" for={`${list}-box`}>
            {text('box')}
          </label>
          <input
            id={`${list}-box`}
            ref={input}
            type="text"
            role="combobox"
            aria-autocomplete="list"
            aria-expanded={offers.length > 0}
            aria-controls={list}
            aria-activedescendant={chosen >= 0 ? `${list}-${chosen}` : undefined}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            enterkeyhint="search"
            maxLength={500}
            placeholder="12 Hàng Trống, Hoàn Kiếm, Hà Nội"
            value={value}
            onInput={({ currentTarget }) => {
              typed.current = true
              setValue(currentTarget.value)
            }}
            onKeyDown={onKeyDown}
            onBlur={close}
          />
          {value !== '' && (
            <button
              type="button"
              class="quiet clear"
              aria-label={text('clear')}
              onClick={() => {
                setValue('')
                close()
                input.current?.focus()
              }}
            >
              ×
            </button>
          )}
          <div
            id={list}
            class="offers"
            role="listbox"
            aria-label={text('offerList')}
            hidden={offers.length === 0}
          >
            {offers.map(({ id, label, former }, i) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: by keys the box chooses, which keeps the focus
              <div
                key={`${id} ${label}`}
                id={`${list}-${i}`}
                role="option"
                tabIndex={-1}
                aria-selected={i === chosen}
                // Before the box loses the focus and closes the list.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => take(label)}
              >
                {label}
                {former && <span class="soft small"> ({former})</span>}
              </div>
            ))}
          </div>
        </div>
        <button type="submit" class="main">
          {text('find')}
        </button>
        <p class="hidden" role="status">
          {offers.length > 0 ? text('offers', { n: offers.length }) : ''}
        </p>
      </form>
    </search>
  )
}

interface Props {
  value: string
  setValue(value: string): void
  onAsk(question: string): void
}
