import type { Token } from '../../text/tokens.ts'
import type { Parts } from '../parts.ts'
import type { PrivateSpan, Span } from '../types.ts'
import { findNotes } from './notes.ts'
import { findPersons, type KnownPlaces, personBefore, personBehind } from './persons.ts'
import { findNumbers, type PrivateNumber } from './privateNumbers.ts'

/** Words in front of a number that go with it. */
const LABEL =
  /(?:(?<!\p{L})(?:s[đd]t|đt|dt|[đd]\/t|tel|phone|mobile|hotline|(?:số )?điện thoại|(?:so )?dien thoai|di động|dđ|liên hệ|lien he|lh|gọi|email|cmnd|cmt|cccd|căn cước|can cuoc|zalo|viber|hoặc|hoac|và|stk|số tài khoản|mst|mã số thuế|hộ chiếu|passport)[\s.:/-]*)+$/iu

const ACCOUNT = /stk|khoản|mst|thuế/iu

/**
 * Phones, personal IDs, persons and delivery notes: kept out of every part, told to the caller, never stored. Read in the
 * input as it stands; the spans are spans of the input, in order.
 */
export function contacts(parts: Parts, known: KnownPlaces): PrivateSpan[] {
  const { input, tokens } = parts.line
  const spans: PrivateSpan[] = []
  const take = (kind: PrivateSpan['kind'], start: number, end: number) => {
    for (const free of without(spans, start, end)) {
      const text = input.slice(free.start, free.end)
      const from = free.start + (/[^\s,;:()-]/u.exec(text)?.index ?? text.length)
      const to = free.start + text.replace(/[\s,;:(-]+$/u, '').length
      if (to > from) spans.push({ kind, start: from, end: to })
    }
  }
  for (const { start, end } of findPersons(parts.line, known)) take('person', start, end)
  const numbers = hasDigits(tokens) ? findNumbers(input).map((number) => withLabel(number, input)) : []
  for (const { kind, from, end } of numbers) take(kind, from, end)
  for (const { start, end } of findNotes(parts.line)) take('note', start, end)
  for (const { from, end, account } of numbers) {
    const before = personBefore(input.slice(0, from), known)
    if (before) take('person', before.start, before.end)
    // Behind an account stands its bank.
    const behind = account ? null : personBehind(input.slice(end), known)
    if (behind) take('person', end, end + behind.end)
  }
  for (const span of spans) label(parts, span)
  return spans.sort((a, b) => a.start - b.start)
}

function withLabel({ kind, start, end }: PrivateNumber, input: string) {
  const label = LABEL.exec(input.slice(0, start))
  return { kind, from: label?.index ?? start, end, account: label !== null && ACCOUNT.test(label[0]) }
}

/** What of a span is not yet taken: nothing private is lost where two rules meet, and nothing is told twice. */
function without(spans: readonly Span[], start: number, end: number): Span[] {
  let free: Span[] = [{ start, end }]
  for (const taken of spans)
    free = free.flatMap((span) =>
      taken.end <= span.start || taken.start >= span.end
        ? [span]
        : [
            { start: span.start, end: taken.start },
            { start: taken.end, end: span.end },
          ].filter((piece) => piece.end > piece.start),
    )
  return free
}

/** No phone number or personal ID has fewer than nine digits. */
function hasDigits(tokens: readonly Token[]): boolean {
  let digits = 0
  for (const token of tokens) if (token.digits) digits += token.end - token.start
  return digits >= 9
}

function label(parts: Parts, { start, end }: PrivateSpan): void {
  const { tokens, origin } = parts.line
  const place = (at: number) => (origin ? origin[at]! : at)
  let from = 0
  while (from < tokens.length && place(tokens[from]!.end - 1) < start) from++
  let to = from
  while (to < tokens.length && place(tokens[to]!.start) < end) to++
  if (to > from) parts.add('private', from, to)
}
