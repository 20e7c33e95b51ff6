import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { formatVpostcode } from '../../vpostcode/vpostcode.ts'
import { urlOf } from '../shared/api.ts'
import { coordinatesText, metresText } from '../shared/numbers.ts'
import type { Answer, Choice } from './answer.ts'
import { type LookupText, text } from './texts.ts'

/** Lines of former units shown before "and n more". */
const MOST_FORMER = 3

/** One answer. */
export function Card({ answer, onChoice }: { answer: Answer; onChoice(choice: Choice): void }) {
  const { heading, notice, vpostcode, noCode, grade, choices, remarks = [] } = answer
  return (
    <article class="card answer" aria-labelledby="answer">
      <div class="top">
        <h2 id="answer" tabIndex={-1}>
          {heading}
        </h2>
        {grade && <p class={`grade ${grade}`}>{text(`grade ${grade}`)}</p>}
      </div>
      {notice && <p class={notice.bad ? 'notice bad' : 'notice'}>{notice.text}</p>}
      {choices && choices.list.length > 0 && <Choices {...choices} onChoice={onChoice} />}
      {vpostcode ? <Code code={vpostcode} /> : noCode && <p class="notice">{noCode}</p>}
      <Facts answer={answer} />
      {remarks.length > 0 && (
        <ul class="remarks small">
          {remarks.map((remark) => (
            <li key={remark}>{remark}</li>
          ))}
        </ul>
      )}
    </article>
  )
}

function Choices({
  title,
  list,
  onChoice,
}: {
  title: string
  list: Choice[]
  onChoice(choice: Choice): void
}) {
  return (
    <section class="choices" aria-label={title}>
      <p>{title}</p>
      {list.map((choice) => (
        <button key={choice.label} type="button" onClick={() => onChoice(choice)}>
          <span>{choice.label}</span>
          {choice.detail && <span class="soft small">{choice.detail}</span>}
        </button>
      ))}
    </section>
  )
}

function Code({ code }: { code: string }) {
  const [told, tell] = useState('')
  const [withQr, showQr] = useState(false)
  const page = urlOf(`/v/${code}`).href
  const copy = async (what: string, done: string) => {
    await navigator.clipboard.writeText(what)
    tell(done)
    setTimeout(() => tell(''), 3_000)
  }
  const share = async () => {
    if (!navigator.share) return copy(page, text('linkCopied'))
    // Who closes the list of apps shares nothing.
    await navigator.share({ title: formatVpostcode(code), url: page }).catch(() => {})
  }
  return (
    <section aria-label={text('vpostcode')}>
      <p class="soft small">{text('vpostcode')}</p>
      <p class="code">
        {formatVpostcode(code)
          .split(' ')
          .map((group) => (
            <span key={group}>{group} </span>
          ))}
      </p>
      <div class="actions">
        <button type="button" onClick={() => copy(code, text('copied'))}>
          {text('copy')}
        </button>
        <button type="button" onClick={share}>
          {text('share')}
        </button>
        <button type="button" aria-expanded={withQr} onClick={() => showQr(!withQr)}>
          {text('qr')}
        </button>
        <a class="button" href={page}>
          {text('open')}
        </a>
        <a class="button" href={`${urlOf('/plates')}#${code}`}>
          {text('plate')}
        </a>
        <span role="status" class="soft">
          {told}
        </span>
      </div>
      {withQr && (
        <img
          class="qr"
          src={urlOf(`/v1/vpostcodes/${code}/qr.svg`, { size: 224 }).href}
          alt={text('qrAlt', { code: formatVpostcode(code) })}
          width={224}
          height={224}
        />
      )}
    </section>
  )
}

function Facts({ answer }: { answer: Answer }) {
  const { postcode, current, former = [], plusCode, point, household } = answer
  const rest = former.length - MOST_FORMER
  return (
    <dl class="facts">
      <Fact name={text('postcode')}>{postcode}</Fact>
      <Fact name={text('current')}>{current}</Fact>
      <Fact name={text(former.length > 1 ? 'formerOneOf' : 'former')}>
        {former.length > 0 && (
          <>
            {former.slice(0, rest > 1 ? MOST_FORMER : undefined).map((line) => (
              <span key={line} class="line">
                {line}
              </span>
            ))}
            {rest > 1 && (
              <details>
                <summary>{text('moreUnits', { n: rest })}</summary>
                {former.slice(MOST_FORMER).map((line) => (
                  <span key={line} class="line">
                    {line}
                  </span>
                ))}
              </details>
            )}
          </>
        )}
      </Fact>
      <Fact name={text('household')}>
        {household &&
          [household.id, household.status && text(`status ${household.status}` as LookupText)]
            .filter(Boolean)
            .join(' · ')}
      </Fact>
      <Fact name={text('exactness')}>{point && exactness(point)}</Fact>
      <Fact name={text('plusCode')}>{plusCode}</Fact>
      <Fact name={text('coordinates')}>{point && coordinatesText(point.lat, point.lon)}</Fact>
    </dl>
  )
}

function exactness({ precision = 'point', accuracy }: NonNullable<Answer['point']>): string {
  const what = text(`precision ${precision}` as LookupText)
  return accuracy ? text('within', { what, metres: metresText(accuracy) }) : what
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  if (!children) return null
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
