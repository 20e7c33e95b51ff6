import './plates.css'
import { useEffect, useState } from 'preact/hooks'
import type { ResolvedCode } from 'vpostcode/client'
import { formatVpostcode } from '../../vpostcode/vpostcode.ts'
import { ask, Refusal, urlOf } from '../shared/api.ts'
import { Header } from '../shared/Header.tsx'
import { start } from '../shared/start.ts'
import { shared } from '../shared/texts.ts'
import { unitsLine } from '../shared/units.ts'
import { text } from './texts.ts'

/** Each asks for its code and its image: a minute's quota lets through more than twice as many. */
const MOST = 120

interface Plate {
  code: string
  formatted: string
  label: string
  place: string
}
interface Made {
  plates: Plate[]
  faults: { line: string; why: string }[]
}

/** A line: the code in any grouping, then what is to be printed with it. */
const LINE = /^\s*((?:[\dA-Za-z][\s+-]?){11}[\dA-Za-z])(?![\dA-Za-z])[\s,;]*(.*)$/

function Plates() {
  const [lines, setLines] = useState(decodeURIComponent(location.hash.slice(1)).slice(0, 20_000))
  const [size, setSize] = useState<'sheet' | 'single'>(lines.includes('\n') ? 'sheet' : 'single')
  const [made, setMade] = useState<Made | null>(null)
  const [status, setStatus] = useState('')
  const all = lines.split('\n').filter((line) => line.trim() !== '')

  const make = async () => {
    setStatus(text('working'))
    try {
      const done = await makePlates(all.slice(0, MOST))
      setMade(done)
      setStatus(text('ready', { n: done.plates.length }))
    } catch (error) {
      setStatus(error instanceof Refusal ? error.message : shared('failed'))
    }
  }
  useEffect(() => {
    if (all.length > 0) make()
  }, [])

  return (
    <>
      <div class="screen">
        <Header current="plates" />
      </div>
      <main id="main" tabIndex={-1}>
        <form
          class="screen"
          onSubmit={(event) => {
            event.preventDefault()
            make()
          }}
        >
          <h1>{text('title')}</h1>
          <p class="soft" id="how">
            {text('intro', { most: MOST })}
          </p>
          <label for="codes">{text('codes')}</label>
          <textarea
            id="codes"
            rows={5}
            spellcheck={false}
            aria-describedby="how"
            placeholder={'71009 QMCX R8V  12 Lê Lợi'}
            value={lines}
            onInput={({ currentTarget }) => setLines(currentTarget.value)}
          />
          <fieldset>
            <legend>{text('size')}</legend>
            {(['single', 'sheet'] as const).map((one) => (
              <label key={one}>
                <input type="radio" name="size" checked={size === one} onChange={() => setSize(one)} />
                {text(one)}
              </label>
            ))}
          </fieldset>
          <div class="actions">
            <button type="submit">{text('make')}</button>
            <button
              type="button"
              class="main"
              disabled={!made || made.plates.length === 0}
              onClick={() => print()}
            >
              {text('print')}
            </button>
            <span role="status">{status}</span>
          </div>
          {all.length > MOST && <p class="notice">{text('tooMany', { n: all.length, most: MOST })}</p>}
          {made && made.faults.length > 0 && (
            <div class="notice bad">
              <p>{text('refused', { n: made.faults.length })}</p>
              <ul>
                {made.faults.map(({ line, why }) => (
                  <li key={line}>
                    <b>{line}</b>: {why}
                  </li>
                ))}
              </ul>
            </div>
          )}
        </form>
        {made && (
          <section class={`plates ${size}`} aria-label={text('plates')}>
            {made.plates.map((plate) => (
              <PlateView key={`${plate.code} ${plate.label}`} {...plate} />
            ))}
          </section>
        )}
      </main>
    </>
  )
}

function PlateView({ code, formatted, label, place }: Plate) {
  return (
    <article class="plate">
      <div>
        {label && <p class="label">{label}</p>}
        <p class="code">
          {formatted.split(' ').map((group) => (
            <span key={group}>{group} </span>
          ))}
        </p>
        <p class="place">{place}</p>
      </div>
      <figure>
        <img
          src={urlOf(`/v1/vpostcodes/${code}/qr.svg`, { size: 512 }).href}
          alt={`${text('qr')} ${formatted}`}
        />
        <figcaption>{text('scan')}</figcaption>
      </figure>
    </article>
  )
}

/** Asks for each line what its code is. Those that name no place are told of; of a superseded one the code of today is printed. */
async function makePlates(lines: string[]): Promise<Made> {
  const made: Made = { plates: [], faults: [] }
  for (const line of lines) {
    const [, code = line.trim().slice(0, 64), label = ''] = LINE.exec(line) ?? []
    const found = await ask<ResolvedCode>(`/v1/vpostcodes/${encodeURIComponent(code)}`)
    const now = found.superseded.find(({ current }) => current)?.current
    if (found.status === 'mistyped' || !found.vpostcode) {
      made.faults.push({ line, why: text(found.reason ?? 'wrong-length') })
      continue
    }
    const place = unitsLine(found.commune, found.province)
    const one = now && found.status === 'superseded' ? now : found.vpostcode
    made.plates.push({ code: one, formatted: formatVpostcode(one), label: label.trim().slice(0, 80), place })
  }
  return made
}

start(<Plates />, text('page'))
