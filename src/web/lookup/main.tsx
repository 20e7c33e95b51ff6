import './lookup.css'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Refusal } from '../shared/api.ts'
import { Header } from '../shared/Header.tsx'
import { start } from '../shared/start.ts'
import { shared } from '../shared/texts.ts'
import type { Answer } from './answer.ts'
import { Card } from './Card.tsx'
import { answerPoint } from './codes.ts'
import { MapPanel } from './MapPanel.tsx'
import { answer as answerQuestion } from './question.ts'
import { Search } from './Search.tsx'
import { text } from './texts.ts'

const EXAMPLES = ['12 Lê Lợi, Phường Bến Nghé, Quận 1, TP.HCM', '71009 QMCX R8V', '21.0310, 105.8492']

function Lookup() {
  const [value, setValue] = useState('')
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [fault, setFault] = useState('')
  const [busy, setBusy] = useState(false)
  const latest = useRef(0)

  /** Shows what is asked for, unless something else was asked for meanwhile. */
  const show = async (asked: Promise<Answer>, isClick = false) => {
    const mine = ++latest.current
    setBusy(true)
    setFault('')
    try {
      const found = await asked
      if (mine !== latest.current) return
      setAnswer(found)
      // Who clicks the map goes on looking at it.
      if (!isClick) setTimeout(() => document.getElementById('answer')?.focus({ preventScroll: false }))
    } catch (error) {
      if (mine !== latest.current) return
      setAnswer(null)
      setFault(error instanceof Refusal ? error.message : shared('failed'))
    } finally {
      if (mine === latest.current) setBusy(false)
    }
  }
  /** Into the box and into the address of the page, so that the way back leads here. */
  const keep = (question: string) => {
    setValue(question)
    // Behind the sign of a fragment: it is not sent to the server.
    const hash = `#q=${encodeURIComponent(question)}`
    if (location.hash !== hash) history.pushState(null, '', hash)
  }
  const onAsk = (question: string) => {
    keep(question)
    show(answerQuestion(question))
  }
  const onPoint = (point: { lat: number; lon: number }) => {
    keep(`${point.lat.toFixed(6)}, ${point.lon.toFixed(6)}`)
    show(answerPoint(point), true)
  }
  const onHere = () => {
    const failed = () => setFault(text('hereFailed'))
    if (!navigator.geolocation) return failed()
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude: lat, longitude: lon } }) => onPoint({ lat, lon }),
      failed,
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    )
  }
  useEffect(() => {
    const read = () => {
      const question = new URLSearchParams(location.hash.slice(1)).get('q')?.slice(0, 500)
      setValue(question ?? '')
      if (question) show(answerQuestion(question))
      else setAnswer(null)
    }
    if (location.hash.length > 1) read()
    addEventListener('popstate', read)
    return () => removeEventListener('popstate', read)
  }, [])

  return (
    <>
      <Header current="" />
      <main id="main" tabIndex={-1}>
        <h1>{text('title')}</h1>
        <p class="intro soft">{text('intro')}</p>
        <Search value={value} setValue={setValue} onAsk={onAsk} />
        <div class="aids">
          <button type="button" onClick={onHere}>
            {text('here')}
          </button>
          {!answer && (
            <>
              <span class="soft small">{text('examples')}:</span>
              {EXAMPLES.map((example) => (
                <button key={example} type="button" class="quiet" onClick={() => onAsk(example)}>
                  {example}
                </button>
              ))}
            </>
          )}
        </div>
        <p class="hidden" role="status">
          {busy ? text('working') : ''}
        </p>
        <div class="result" aria-busy={busy}>
          {fault ? (
            <p class="notice bad" role="alert">
              {fault}
            </p>
          ) : (
            answer && (
              <Card
                key={answer.heading}
                answer={answer}
                onChoice={(choice) => {
                  setValue(choice.text)
                  show(choice.ask())
                }}
              />
            )
          )}
          <MapPanel answer={answer} onPoint={onPoint} />
        </div>
      </main>
    </>
  )
}

start(<Lookup />, text('page'))
