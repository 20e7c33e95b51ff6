import type { ReviewCase } from 'vpostcode/client'
import { text } from '../texts.ts'

/** Parts that are shown by one colour; all others have that of "other". */
const GROUP: Record<string, string> = {
  houseNumber: 'house',
  unit: 'house',
  floor: 'house',
  block: 'house',
  building: 'house',
  name: 'house',
  alley: 'alley',
  street: 'street',
  group: 'hamlet',
  hamlet: 'hamlet',
  units: 'units',
  unexplained: 'unexplained',
}
const groupOf = (part: string) => GROUP[part] ?? 'other'

/** An address with the parts that were understood in it, coloured in place; each tells its name too. */
export function Spans({ spans, of }: { spans: ReviewCase['spans']; of: string }) {
  const pieces: { part: string | null; text: string; at: number }[] = []
  let at = 0
  for (const { part, start, end } of spans) {
    if (start < at) continue
    if (start > at) pieces.push({ part: null, text: of.slice(at, start), at })
    pieces.push({ part, text: of.slice(start, end), at: start })
    at = end
  }
  if (at < of.length) pieces.push({ part: null, text: of.slice(at), at })
  const groups = [...new Set(spans.map(({ part }) => groupOf(part)))]
  return (
    <div class="spans">
      <p class="address" lang="vi">
        {pieces.map((piece) =>
          piece.part === null ? (
            piece.text
          ) : (
            <mark key={piece.at} class={groupOf(piece.part)}>
              {piece.text}
            </mark>
          ),
        )}
      </p>
      <p class="legend small" aria-hidden="true">
        {groups.map((group) => (
          <span key={group}>
            <mark class={group}>{text(`part_${group}` as 'part_house')}</mark>
          </span>
        ))}
      </p>
      <p class="hidden">
        {spans
          .map(({ part, text: words }) => `${words}: ${text(`part_${groupOf(part)}` as 'part_house')}`)
          .join('; ')}
      </p>
    </div>
  )
}
