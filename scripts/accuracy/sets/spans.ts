import type { Understanding } from '../../../src/match/types.ts'
import { foldKeepingMarks } from '../../../src/text/tokens.ts'
import { type Context, readJson } from '../context.ts'
import { currentOf, formerOf } from '../names.ts'

interface Row {
  input: string
  expected: { text: string; label: string }[]
}

/**
 * spans.json: parts of messy real addresses. A span is exact when one of the parts below has its text, after case, blanks,
 * punctuation and the words in front that the labels keep ("Số Nhà 5", "Đường X", "Ngõ 360") are taken off both:
 * - NUM: house number (or one of several: "132, 8"), unit
 * - ALY: the alleys, or the house number where it is an alley with the house ("Hẻm 135/37"); STR: street
 * - NHB mixes group, hamlet, lot, building and block; BLD and POI: building, block or name of the place
 * - PCD: plus code, Vpostcode, postcode
 * - WDS, DST, PRO: the name of the answer's unit of that level, former or current. A current answer has no district:
 *   there DST may be its province, as some labels put the province in both.
 * Spans that do not stand in their own text (a few labels name what a person knew) are left out.
 */
export function spans({ understand, report, gazetteer }: Context): void {
  for (const { input, expected } of readJson<Row[]>('spans.json')) {
    const answer = understand(input)
    const units = { former: formerOf(answer, gazetteer), current: currentOf(answer, gazetteer) }
    for (const { text, label } of expected) {
      if (!letters(input).includes(letters(text))) continue
      const right = isUnit(label)
        ? named(answer, units, label, text)
        : parts(answer, label).some((part) => name(part) === name(text))
      for (const figure of ['all', group(label)])
        report.score(`spans.${figure}`, right, input, `${label} ${text}`, answer)
    }
  }
}

const isUnit = (label: string) => label === 'WDS' || label === 'DST' || label === 'PRO'
const group = (label: string) =>
  isUnit(label) ? 'units' : label === 'NUM' || label === 'ALY' || label === 'STR' ? 'house' : 'place'

type Units = Record<'former' | 'current', ReturnType<typeof formerOf>>

function named(
  { former: has }: Understanding,
  { former, current }: Units,
  label: string,
  text: string,
): boolean {
  if (label === 'WDS') return former.commune(text) || current.commune(text)
  const province = former.province(text) || current.province(text)
  // Some labels put the names of a city and of its province the wrong way round: both names are the same then.
  return label === 'PRO' ? province : has?.district ? former.district(text) : province
}

function parts({ components }: Understanding, label: string): string[] {
  const { houseNumber, unit, alleys, street, group, hamlet, building, block, floor } = components
  const { name, plusCode, vpostcode, postcode } = components
  const found = {
    NUM: [houseNumber, ...(houseNumber?.split(/[,;]/) ?? []), unit],
    ALY: [
      alleys?.map(({ number }) => number).join('/'),
      ...(alleys ?? []).map(({ number }) => number),
      houseNumber,
    ],
    STR: [street],
    NHB: [...pieces(group), ...pieces(hamlet), block, building, houseNumber, name, unit, floor],
    BLD: [building, block, name],
    POI: [name, building],
    PCD: [plusCode, vpostcode, postcode],
  }[label]
  return (found ?? []).filter((part) => part !== undefined)
}

/** "tổ 5, khu 15" is one group of two parts. */
const pieces = (part: string | undefined) => (part ? [part, ...part.split(', ')] : [])

const WORDS =
  /^((số nhà|số|nhà|đường|phố|đ|ngõ|ngách|hẻm|kiệt|tổ dân phố|khu phố|tdp|kp|tổ|thôn|xóm|ấp|bản|buôn|khu|khóm|lô|phòng|căn hộ|toà nhà|tòa nhà|toà|tòa|chung cư|cc|block)(\.\s*|\s+))+(?=\S)/iu

const name = (text: string) => letters(text.trim().normalize('NFC').replace(WORDS, ''))
const letters = (text: string) => foldKeepingMarks(text).replace(/ /g, '')
