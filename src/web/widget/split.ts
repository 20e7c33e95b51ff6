import type { Validation } from 'vpostcode/client'

/** What stood in a line and is no address. For the page alone: it is neither sent with the form nor kept. */
export interface PrivatePiece {
  kind: 'phone' | 'person' | 'id' | 'note'
  text: string
}

/** Longer than eight digits on end, however grouped: a phone or a number of an identity card. */
const PHONE = /\d(?:[\s.()-]{0,2}\d){8,}/

/** Whether a text holds more than an address that somebody types: nothing to complete. */
export const mayBePrivate = (text: string): boolean => PHONE.test(text)

/** A text of several lines as one. */
export const oneLine = (text: string): string =>
  text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter(Boolean)
    .join(', ')

export function privatePieces({
  input,
  private: spans,
}: Pick<Validation, 'input' | 'private'>): PrivatePiece[] {
  return spans.map(({ kind, start, end }) => ({ kind, text: input.slice(start, end).trim() }))
}

/** The text without its private pieces, and without the signs that stood around them. */
export function withoutPrivate({ input, private: spans }: Pick<Validation, 'input' | 'private'>): string {
  let rest = ''
  let from = 0
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    rest += `${input.slice(from, Math.max(from, start))}, `
    from = Math.max(from, end)
  }
  return (rest + input.slice(from))
    .replace(/[\s.]*[,;][\s,;.:-]*/g, ', ')
    .replace(/^[\s,;.:-]+|[\s,;.:-]+$/g, '')
}
