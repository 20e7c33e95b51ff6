import { Gap } from '../text/tokens.ts'
import type { Parts } from './parts.ts'
import { keywordAt, keywords } from './words.ts'

/** Words that begin another part, so that the name before them ends. */
const BEGINS_PART = keywords({
  đường: 0,
  phố: 0,
  'đại lộ': 0,
  'quốc lộ': 0,
  'tỉnh lộ': 0,
  'hương lộ': 0,
  ngõ: 1,
  ngỏ: 1,
  ngách: 1,
  hẻm: 1,
  hẽm: 1,
  kiệt: 1,
  tổ: 1,
  'tổ dân phố': 0,
  tdp: 0,
  'khu phố': 0,
  kp: 0,
  khóm: 0,
  thôn: 0,
  xóm: 0,
  ấp: 0,
  'chung cư': 0,
  'căn hộ': 0,
  tầng: 1,
  lầu: 1,
  số: 1,
  'số nhà': 0,
  'khu dân cư': 0,
  kdc: 0,
  'khu công nghiệp': 0,
  kcn: 0,
  'khu đô thị': 0,
})

/**
 * The end of the name that begins at token `i`: it stops at a comma, bracket or " - ", at what is taken, and at a word
 * that begins another part (some of those only in front of a number: "Lý Thường Kiệt" is whole).
 * @param most words at the most.
 */
export function phraseEnd(parts: Parts, i: number, most = 7): number {
  const { tokens } = parts.line
  let end = i
  while (parts.free(end) && end - i < most) {
    if (end > i) {
      if (tokens[end]!.gap >= Gap.dash) break
      const word = keywordAt(parts.line, end, BEGINS_PART)
      if (word && (word.kind === 0 || tokens[end + word.folds.length]?.digits) && !isLastSyllable(parts, end))
        break
    }
    end++
  }
  return end
}

/** A street's word that nothing follows belongs to the name: "Hàng Đường", "nguyen duy duong". */
function isLastSyllable(parts: Parts, i: number): boolean {
  const { fold } = parts.line.tokens[i]!
  return (fold === 'duong' || fold === 'pho') && (!parts.free(i + 1) || parts.startsSegment(i + 1))
}
