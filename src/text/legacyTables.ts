/**
 * The three 8-bit encodings in which Vietnamese was written before Unicode, as they look when their bytes are read as
 * Windows-1252. From the public code charts: TCVN 5712:1993 VN3 ("ABC", fonts .VnTime), VNI for Windows (fonts VNI-Times) and
 * Windows-1258.
 */
export interface CharacterSet {
  /** One letter each: what it looks like and what it is. */
  readonly letters: ReadonlyMap<string, string>
  /** Every unit of the encoding that is not ASCII; a text whose other letters are ASCII is spelled in it. */
  readonly unit: RegExp
  /** What no misspelling of Unicode Vietnamese has in a word. */
  readonly telling: RegExp
}

/** TCVN3: one byte a letter. Capitals with tones have none: fonts like .VnTimeH draw the small ones as capitals. */
const TCVN3_LETTERS = new Map<string, string>()
const runs: [first: number, letters: string][] = [
  [0xa1, 'ĂÂÊÔƠƯĐăâêôơưđ'],
  [0xb5, 'àảãáạ'],
  [0xbb, 'ằẳẵắ'],
  [0xc6, 'ặầẩẫấậè'],
  [0xce, 'ẻẽéẹềểễếệìỉ'],
  [0xdc, 'ĩíịò'],
  [0xe1, 'ỏõóọồổỗốộờởỡớợù'],
  [0xf1, 'ủũúụừửữứựỳỷỹýỵ'],
]
for (const [first, letters] of runs)
  for (const [i, letter] of [...letters].entries()) TCVN3_LETTERS.set(String.fromCharCode(first + i), letter)
// A micro sign becomes a Greek mu when a program composes "compatible" characters.
TCVN3_LETTERS.set('\u03bc', 'à')

/** VNI: a vowel and a letter behind it that stands for its marks; a few letters alone. */
const VNI_LETTERS = new Map(
  Object.entries({ ñ: 'đ', ô: 'ơ', ö: 'ư', í: 'í', ì: 'ì', æ: 'ỉ', ó: 'ĩ', ò: 'ị', î: 'ỵ' }),
)
const VNI_TONES: Record<string, string> = { ù: '\u0301', ø: '\u0300', û: '\u0309', õ: '\u0303', ï: '\u0323' }
const CIRCUMFLEX = '\u0302'
const BREVE = '\u0306'
const VNI_CIRCUMFLEX: Record<string, string> = {
  â: '',
  á: '\u0301',
  à: '\u0300',
  å: '\u0309',
  ã: '\u0303',
  ä: '\u0323',
}
const VNI_BREVE: Record<string, string> = {
  ê: '',
  é: '\u0301',
  è: '\u0300',
  ú: '\u0309',
  ü: '\u0303',
  ë: '\u0323',
}
const pairs = (bases: string, signs: Record<string, string>, quality: string) => {
  for (const base of bases)
    for (const [sign, tone] of Object.entries(signs))
      VNI_LETTERS.set(base + sign, ((VNI_LETTERS.get(base) ?? base) + quality + tone).normalize('NFC'))
}
pairs('aeouyôö', VNI_TONES, '')
pairs('aeo', VNI_CIRCUMFLEX, CIRCUMFLEX)
pairs('a', VNI_BREVE, BREVE)
for (const [look, letter] of [...VNI_LETTERS]) {
  const capital = letter.toUpperCase()
  VNI_LETTERS.set(look.toUpperCase(), capital)
  // "Uû": a capital with a small sign.
  if (look.length > 1) VNI_LETTERS.set(look[0]!.toUpperCase() + look[1]!, capital)
}

/** Windows-1258: the tone is a character of its own behind its vowel. */
const CP1258_LETTERS = new Map<string, string>()
const CP1258_SINGLE: Record<string, string> = {
  Ã: 'Ă',
  ã: 'ă',
  Õ: 'Ơ',
  õ: 'ơ',
  Ý: 'Ư',
  ý: 'ư',
  Ð: 'Đ',
  ð: 'đ',
}
const CP1258_TONES: Record<string, string> = {
  Ì: '\u0300',
  Ò: '\u0309',
  Þ: '\u0303',
  ì: '\u0301',
  ò: '\u0323',
}
for (const vowel of 'aâãeêioôõuýyAÂÃEÊIOÔÕUÝY')
  for (const [sign, tone] of Object.entries(CP1258_TONES))
    CP1258_LETTERS.set(vowel + sign, ((CP1258_SINGLE[vowel] ?? vowel) + tone).normalize('NFC'))
for (const [look, letter] of Object.entries(CP1258_SINGLE)) CP1258_LETTERS.set(look, letter)
for (const same of 'àáâèéêíóôùúÀÁÂÈÉÊÍÓÔÙÚ') CP1258_LETTERS.set(same, same)

/** Longer looks first, so that a pair is not read as its first letter. */
function set(letters: ReadonlyMap<string, string>, telling: RegExp): CharacterSet {
  const looks = [...letters.keys()].sort((a, b) => b.length - a.length)
  return { letters, unit: new RegExp(looks.join('|'), 'g'), telling }
}

export const CHARACTER_SETS = {
  tcvn3: set(TCVN3_LETTERS, /[^\0-\x7fàáâãèéêìíòóôõùúýÀÁÂÈÉÊÌÍÒÓÔÙÚÝÐ]|[a-z][À-Þ]|\w[À-Þ][a-z]/),
  vni: set(VNI_LETTERS, /[aeoy][âáàåãäêéèúùõ]|u[ùøûõï]|[öøûïäåëüñ]/i),
  'windows-1258': set(CP1258_LETTERS, /[A-Za-zâãêôõýÂÃÊÔÕÝ][ÞÌÒ]|[âãêôõýÂÃÊÔÕÝ][ìò]|[aeiouy][ìò](?=[cmnpt])/),
} as const
export type CharacterSetName = keyof typeof CHARACTER_SETS
