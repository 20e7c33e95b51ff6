import { fold } from '../text/tokens.ts'

/** Written with its marks, a type word is certain: "Đường" is none of the names Dương, "Phố" is not "Phó". */
const CERTAIN = /^(?:đường|phố)(?=[\s.\d])[\s.]*/i
/** Without marks or cut short it may be part of the name: "Duong Quang Ham" is Dương Quảng Hàm. */
const POSSIBLE = /^(?:duong|pho|d|dg|p) (?=.)/

/** Several spellings of one name, in folded letters. */
const SAME: [RegExp, string][] = [
  [/^so ?(?=\d)/, ''],
  [/^so (?=[a-z]{1,3}\d)/, ''],
  [/^(?:dai lo|dl) (?=[a-z]{2})/, ''],
  [/^ql ?(?=\d)/, 'quoc lo '],
  [/^quoc lo 1a$/, 'quoc lo 1'],
  [/^(?:tl|dt|tinh(?: lo)?) ?(?=\d)/, 'tinh lo '],
  [/^hl ?(?=\d)/, 'huong lo '],
  [/^ba thang hai$/, '3 2'],
  [/^ba muoi thang tu$/, '30 4'],
  [/(?<=^\d+) thang (?=\d)/, ' '],
  [/^(?:cmt ?8|cmtt|cach mang thang tam)$/, 'cach mang thang 8'],
  [/^xvnt$/, 'xo viet nghe tinh'],
]

/**
 * The keys under which a street can stand, the likeliest first: folded, without its type word ("Đường số 10" = "10",
 * "ĐT 741" = "tinh lo 741", "Đường 3 tháng 2" = "3 2"). The first is the key of a name that is well written.
 */
export function streetKeys(name: string): string[] {
  const text = name.normalize('NFC').trim()
  const bare = text.replace(CERTAIN, '')
  const folded = fold(bare)
  const keys = [sameKey(folded)]
  if (bare === text && POSSIBLE.test(folded)) keys.push(sameKey(folded.replace(POSSIBLE, '')))
  return keys
}

/** The number that stands on the street itself: "130" of "130/20", "12a" of "12A". */
export const numberKey = (number: string): string => fold(number.split('/', 1)[0]!)

function sameKey(folded: string): string {
  let key = folded
  for (const [pattern, instead] of SAME) key = key.replace(pattern, instead)
  return key
}
