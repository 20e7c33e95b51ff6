import { fold, type Token } from '../../text/tokens.ts'
import type { Parts } from '../parts.ts'
import type { PrivateSpan, Span } from '../types.ts'
import { findNumbers } from './privateNumbers.ts'
import type { KnownWords } from './streets.ts'

const TITLE =
  '(?:[Aa]nh|ANH|[Cc]hị|CHỊ|[Cc]hi|[Cc]ô|CÔ|[Cc]hú|CHÚ|[Bb]ác|BÁC|[Ôô]ng|ÔNG|[Bb]à|BÀ|[Ee]m|EM|[Mm]rs?|MR|[Mm]s|[Aa]\\.|[Cc]\\.)'
const WORD = '\\p{Lu}[\\p{L}\\p{M}]*'
const NAME = `${WORD}(?:\\s+${WORD}){0,3}`
const FAMILY =
  '(?:Nguyễn|NGUYỄN|Trần|TRẦN|Lê|LÊ|Phạm|PHẠM|Hoàng|HOÀNG|Huỳnh|HUỲNH|Phan|PHAN|Vũ|VŨ|Võ|VÕ|Đặng|ĐẶNG|Bùi|BÙI|Đỗ|ĐỖ|Hồ|HỒ|Ngô|NGÔ|Dương|DƯƠNG|Lý|LÝ|Đinh|ĐINH|Đào|ĐÀO|Mai|MAI|Trịnh|TRỊNH|Lương|LƯƠNG|Cao|CAO|Tạ|TẠ|Hà|HÀ)'
const FULL_NAME = `${FAMILY}(?:\\s+${WORD}){1,3}`

/** A person is only taken for one beside a contact: "Bà Triệu" and "Ông Ích Khiêm" are streets. */
const PERSON_AFTER_LABEL = new RegExp(
  `(?<!\\p{L})(?:[Nn]gười nhận|NGƯỜI NHẬN|[Nn]guoi nhan|[Gg]ặp|[Ll]iên hệ|[Ll]ien he|LH|[Ll]h|[Gg]ọi(?: cho)?|hoặc)[\\s.:]+(?:${TITLE}[\\s.]+)?${NAME}`,
  'gu',
)
/** "Hộ ông Nguyễn Văn Bảy", "nhà bà Tư". */
const PERSON_OF_HOUSE = new RegExp(`(?<!\\p{L})(?:[Hh]ộ|[Nn]hà)\\s+${TITLE}\\s+${NAME}`, 'gu')
/** In front of a phone number or behind it: with a title in any case, or a full name. */
const PERSON_BEFORE = new RegExp(
  `(?:(?<!\\p{L})${TITLE}[\\s.]+[\\p{L}\\p{M}]+(?:\\s+[\\p{L}\\p{M}]+){0,2}|(?:^|[,;:(\\n]\\s*)${FULL_NAME})[\\s,:(-]*$`,
  'u',
)
const PERSON_BEHIND = new RegExp(
  `^[\\s,:)-]*(?:${TITLE}[\\s.]+${NAME}|${FULL_NAME}(?=\\s*(?:[-,;)]|$)))`,
  'u',
)
/** A full name in a comma part of its own, with the house and its street behind it. */
const PERSON_IN_FRONT = new RegExp(
  `^\\s*(?:${FAMILY}(?:\\s+${WORD}){2,3})(?=\\s*[,;-]\\s*(?:số\\s+)?\\d[\\p{L}\\d/]*\\s+\\p{L})`,
  'u',
)
/** One word of each pattern below: a text without any of them is not searched. */
const TITLED = new RegExp(`^[\\s,:)-]*${TITLE}[\\s.]`, 'u')
const SPEAKS = /người|nguoi|gặp|liên|lien|lh|gọi|hoặc|hộ|nhà|giao|ship|để|không|@/iu
const FAMILY_FOLDS = new Set(FAMILY.match(/\p{L}+/gu)!.map(fold))
const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu
const NOTE =
  /(?<!\p{L})(?:giao (?:giờ|trong|sau|trước|hàng|buổi)|gọi (?:điện )?(?:trước|khi)|ship (?:giờ|sau)|để (?:ở|trước)|không giao)(?:(?! - )[^,;()])*/giu
/** Words in front of a number that go with it. */
const LABEL =
  /(?:(?<!\p{L})(?:s[đd]t|đt|dt|tel|phone|hotline|liên hệ|lien he|lh|gọi|email|cmnd|cmt|cccd|zalo)[\s.:/-]*)+$/iu

/**
 * Phones, personal IDs, persons and delivery notes: kept out of every part, told to the caller, never stored. Read in the
 * input as it stands; the spans are spans of the input, in order.
 */
export function contacts(parts: Parts, known: Pick<KnownWords, 'street'>): PrivateSpan[] {
  const { input } = parts.line
  const spans: PrivateSpan[] = []
  const take = (kind: PrivateSpan['kind'], start: number, end: number) => {
    for (const free of without(spans, start, end)) {
      const text = input.slice(free.start, free.end)
      const from = free.start + (/[^\s,;:()-]/u.exec(text)?.index ?? text.length)
      const to = free.start + text.replace(/[\s,;:(-]+$/u, '').length
      if (to > from) spans.push({ kind, start: from, end: to })
    }
  }
  const { tokens } = parts.line
  const speaks = SPEAKS.test(input)
  for (const [kind, pattern] of speaks ? PATTERNS : [])
    for (const found of input.matchAll(pattern)) take(kind, found.index, found.index + found[0].length)
  if (hasDigits(tokens))
    for (const { kind, start, end } of findNumbers(input)) {
      const label = LABEL.exec(input.slice(0, start))
      const from = label ? label.index : start
      take(kind, from, end)
      const before = PERSON_BEFORE.exec(input.slice(0, from))
      if (before && !isStreet(before[0], known)) take('person', before.index, before.index + before[0].length)
      const behind = PERSON_BEHIND.exec(input.slice(end))
      if (behind && !isStreet(behind[0], known)) take('person', end, end + behind[0].length)
    }
  const front = tokens[0] && FAMILY_FOLDS.has(tokens[0].fold) ? PERSON_IN_FRONT.exec(input) : null
  if (front) take('person', 0, front[0].length)
  for (const span of spans) label(parts, span)
  return spans.sort((a, b) => a.start - b.start)
}

const PATTERNS: readonly (readonly [PrivateSpan['kind'], RegExp])[] = [
  ['person', MAIL],
  ['person', PERSON_OF_HOUSE],
  ['person', PERSON_AFTER_LABEL],
  ['note', NOTE],
]

/** "Trần Hưng Đạo" beside a phone number is the street; with a title in front it is a person all the same. */
const isStreet = (text: string, known: Pick<KnownWords, 'street'>) =>
  !TITLED.test(text) && known.street(text.replace(/^[\s,;:()-]+|[\s,;:()-]+$/gu, ''))

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
