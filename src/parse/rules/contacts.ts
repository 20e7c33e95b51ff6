import type { Parts } from '../parts.ts'
import type { PrivateSpan } from '../types.ts'

/** A phone number: 0 and nine digits, or +84 and nine; blanks, dots and hyphens between. */
const PHONE = /(?<![\p{L}\d/])(?:\+?84|0)(?:[ .-]?\d){9}(?![\d/])/gu
/** A personal ID number: twelve digits that begin with 0. */
const PERSONAL_ID = /(?<![\p{L}\d])0\d{11}(?!\d)/gu
/** Words in front of a number or a name that go with it. */
const LABEL = /(?:(?:s[đd]t|đt|tel|phone|hotline|liên hệ|lh|gọi|cmnd|cccd)[\s.:]*)+$/iu
const TITLE = '(?:anh|chị|cô|chú|bác|ông|bà|mr|ms|mrs|a|c)'
const NAME = `\\p{Lu}[\\p{L}\\p{M}]*(?:\\s+\\p{Lu}[\\p{L}\\p{M}]*){0,3}`
/** A person is only taken for one beside a phone number or a word of contact: "Bà Triệu" and "Ông Ích Khiêm" are streets. */
const PERSON_AFTER_LABEL = new RegExp(
  `(?:người nhận|gặp|liên hệ|lh|gọi(?: cho)?)[\\s.:]+(?:${TITLE}[\\s.]+)?${NAME}`,
  'giu',
)
const PERSON_BEFORE_PHONE = new RegExp(`${TITLE}[\\s.]+${NAME}[\\s,:-]*$`, 'iu')
const NOTE =
  /(?:giao (?:giờ|trong|sau|trước|hàng|buổi)|gọi (?:trước|khi)|ship (?:giờ|sau)|để (?:ở|trước)|không giao)[^,;]*/giu

/** Phones, personal IDs, persons and delivery notes: kept out of every part, told to the caller, never stored. */
export function contacts(parts: Parts): PrivateSpan[] {
  const { text } = parts.line
  const spans: PrivateSpan[] = []
  const take = (kind: PrivateSpan['kind'], start: number, end: number) => {
    if (spans.some((span) => start < span.end && span.start < end)) return
    spans.push({ kind, start, end })
  }
  for (const [kind, pattern] of [
    ['id', PERSONAL_ID],
    ['phone', PHONE],
  ] as const)
    for (const found of text.matchAll(pattern)) {
      const label = LABEL.exec(text.slice(0, found.index))
      const start = label ? label.index : found.index
      const person = PERSON_BEFORE_PHONE.exec(text.slice(0, start))
      if (person) take('person', person.index, person.index + person[0].trimEnd().length)
      take(kind, start, found.index + found[0].length)
    }
  for (const found of text.matchAll(PERSON_AFTER_LABEL))
    take('person', found.index, found.index + found[0].length)
  for (const found of text.matchAll(NOTE)) take('note', found.index, found.index + found[0].length)
  for (const span of spans) label(parts, span)
  return spans.sort((a, b) => a.start - b.start)
}

function label(parts: Parts, { start, end }: PrivateSpan): void {
  const { tokens } = parts.line
  let from = 0
  while (from < tokens.length && tokens[from]!.start < start) from++
  let to = from
  while (to < tokens.length && tokens[to]!.end <= end) to++
  if (to > from) parts.add('private', from, to)
}
