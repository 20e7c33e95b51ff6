import { fold, Gap, tokenize } from '../../text/tokens.ts'
import type { Line } from '../line.ts'
import type { Span } from '../types.ts'
import { hasTable, tableBit } from '../words.ts'
import { allMatches, cues, hasCue } from './cues.ts'

/** Whether a text is the name of a street, or of a unit. */
export interface KnownPlaces {
  street(name: string): boolean
  unit(name: string): boolean
  /** Whether a folded word is a syllable of Vietnamese names. */
  syllable(fold: string): boolean
}

const TITLE =
  '(?:[Aa]nh|ANH|[Cc]hị|CHỊ|[Cc]hi|[Cc]ô|CÔ|[Cc]hú|CHÚ|[Bb]ác|BÁC|[Ôô]ng|ÔNG|[Bb]à|BÀ|[Ee]m|EM|[Mm]rs?|MR|[Mm]s|[Bb]ạn|[Aa]\\.|[Cc]\\.)'
/** Titles that do not begin the names of streets and places as often as of people ("Bà Triệu", "Ông Ích Khiêm"). */
const PLAIN_TITLE = '(?:[Aa]nh|ANH|[Cc]hị|CHỊ|[Cc]ô|CÔ|[Cc]hú|CHÚ|[Ee]m|EM|[Mm]rs?|MR|[Mm]s|[Bb]ạn)'
const ANY_WORD = '[\\p{L}\\p{M}]+'
/** The first word of a name behind a title, in any case: no word of the sentence. */
const NAMED =
  '(?!(?:về|ve|ở|tại|tai|đến|den|tới|toi|qua|giúp|giup|với|voi|nhé|nhe|nha|ạ|số|so|hàng|hang|theo|trước|truoc|sau|ngay|gọi|goi|cho|ơi|oi|là|la|có|co|nhận|nhan|ship|giao)(?!\\p{L}))[\\p{L}\\p{M}]+'
const WORD = '\\p{Lu}[\\p{L}\\p{M}]*'
const NAME = `${WORD}(?:[ \\t]+${WORD}){0,3}`
const FAMILY =
  '(?:Nguyễn|NGUYỄN|Trần|TRẦN|Lê|LÊ|Phạm|PHẠM|Hoàng|HOÀNG|Huỳnh|HUỲNH|Phan|PHAN|Vũ|VŨ|Võ|VÕ|Đặng|ĐẶNG|Bùi|BÙI|Đỗ|ĐỖ|Hồ|HỒ|Ngô|NGÔ|Dương|DƯƠNG|Lý|LÝ|Đinh|ĐINH|Đào|ĐÀO|Mai|MAI|Trịnh|TRỊNH|Lương|LƯƠNG|Cao|CAO|Tạ|TẠ|Hà|HÀ)'
const FULL_NAME = `${FAMILY}(?:[ \\t]+${WORD}){1,3}`
const SMALL_FAMILY =
  '(?:nguyen|tran|le|pham|hoang|huynh|phan|vu|vo|dang|bui|do|ngo|duong|dinh|dao|trinh|luong|ta)'

/** The field of a form ("Tên: ..."): whatever stands in it. It ends before the next field. */
const FIELD = new RegExp(
  `(?<!\\p{L})(?:họ(?: và)? tên|ho(?: va)? ten|(?:tên|ten)(?: người nhận| nguoi nhan| khách(?: hàng)?| kh| em| mình)?|(?:người|nguoi) (?:nhận|gửi|mua|đặt|nhan|gui)|khách(?: hàng)?|kh|name|receiver)\\s*[:=]\\s*(?:(?!(?:s[đd]t|đt|dt|đc|dc|điện thoại|địa chỉ|dia chi|phone|tel|email|zalo)(?!\\p{L}))${ANY_WORD}\\.?[ \\t]*){1,5}`,
  'giu',
)
const AFTER_WORD = new RegExp(
  `(?<!\\p{L})(?:[Nn]gười (?:nhận|gửi)|NGƯỜI NHẬN|[Nn]guoi nhan|[Gg]ặp|[Ll]iên hệ|[Ll]ien he|LH|[Ll]h|[Gg]ọi(?: cho)?|hoặc|tên(?: là| em| mình)?)[ \\t.:]+(?:${TITLE}[ \\t.]+)?${NAME}`,
  'gu',
)
/** "gửi cho chị Lan", "giao anh Tuấn": the first word of the name in any case. */
const SENT_TO = new RegExp(
  `(?<!\\p{L})(?:[Gg]ửi|[Gg]iao|[Ss]hip|[Đđ]ưa|[Tt]rao)(?: hàng)?(?: cho)? ${PLAIN_TITLE}[ \\t.]+${NAMED}(?:[ \\t]+${WORD}){0,3}`,
  'gu',
)
/** "Hộ ông Nguyễn Văn Bảy", "nhà bà Tư". */
const OF_HOUSE = new RegExp(`(?<!\\p{L})(?:[Hh]ộ|[Nn]hà)\\s+${TITLE}\\s+${NAME}`, 'gu')
const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu
/** A title and a name that fill a part of the line, or stand in front of the house number: no street or unit is called so. */
const TITLE_IN_FRONT = new RegExp(
  `(?<=^\\s*|[\\n,;]\\s*|\\.\\s+| [-–] *)${PLAIN_TITLE}[ \\t.]+${NAMED}(?:[ \\t]+${WORD}){0,3}(?=\\s*(?:[-–:,;(\\n\\d]|$))`,
  'gu',
)
/** A full name in a part of its own at the beginning, with the house and its street behind it. */
const FULL_IN_FRONT = new RegExp(
  `^\\s*(?:${FAMILY}(?:[ \\t]+${WORD}){2,3})(?=\\s*[,;\\n-]\\s*(?:số\\s+)?\\d[\\p{L}\\d/]*\\s+\\p{L})`,
  'u',
)
/** A full name and at once the house with its street. */
const FULL_BEFORE_HOUSE = new RegExp(
  `(?<=^\\s*|[\\n,;]\\s*|\\d{6}[ \\t]+)(${FULL_NAME})[ \\t]+(?:số\\s+)?\\d+\\p{L}?(?:[/-]\\d+\\p{L}?)*[ \\t]+([\\p{L}\\p{M}]+(?:[ \\t]+[\\p{L}\\p{M}]+){0,3})`,
  'u',
)

const SEPARATED = '[\\s,:(-]*$'
/** In front of a phone number: with a title in any case, a full name, or what little fills the line before it. */
const BEFORE_TITLED = new RegExp(`(?<!\\p{L})${TITLE}[\\s.]+${NAMED}(?:\\s+${NAMED}){0,2}${SEPARATED}`, 'u')
const BEFORE_FULL = new RegExp(`(?:^|[,;:(\\n]\\s*)${FULL_NAME}${SEPARATED}`, 'u')
const BEFORE_SMALL = new RegExp(`(?:^|[,;:(\\n]\\s*)${SMALL_FAMILY}(?:[ \\t]+[a-z]+){1,3}${SEPARATED}`, 'iu')
const BEFORE_SHORT = new RegExp(`(?:^|\\n)[ \\t]*${ANY_WORD}(?:[ \\t]+${ANY_WORD}){0,2}${SEPARATED}`, 'u')
/** Behind one. */
const BEHIND = new RegExp(
  `^[\\s,:()-]*(?:${TITLE}[\\s.]+${NAME}|${FULL_NAME}(?=\\s*(?:[-,;)\\n]|$))|tên\\s+${NAME})`,
  'u',
)
const BEHIND_SHORT = new RegExp(`^[ \\t:()-]*${WORD}(?:[ \\t]+${WORD}){0,2}(?=\\s*(?:[)\\n\\d]|$))`, 'u')
const TITLED = new RegExp(`^[\\s,:()-]*${TITLE}[\\s.]`, 'u')

/** The beginnings of the patterns with labels. */
const LABELS = cues([
  'nguoi: nhan gui mua dat',
  'ten gap goi hoac khach kh lh name receiver',
  'lien: he',
  'ho: ten va',
  'gui giao ship dua trao: cho hang anh chi co chu em ban',
])
/** Words with their marks, and the bit of their table. */
function wordsOf(text: string) {
  const tokens = tokenize(text)
  return {
    accents: new Set(tokens.map(({ accent }) => accent)),
    bit: tableBit(tokens.map(({ fold }) => fold)),
  }
}
const TITLES = wordsOf('anh chị cô chú bác ông bà em mr mrs ms bạn')
const FAMILIES = wordsOf(FAMILY.slice(3, -1).replaceAll('|', ' '))
/** First words of what is no person beside a phone. */
const NO_PERSON = new Set(
  'shop quan nha cty cong cua sieu tap khach truong cho benh van to thon ap xom khu kho chung toa duong pho so dia dc sdt dt p q x h tp tt tx t ship giao gui don ma hang cod thu lo can phong tang block ngo ngach hem kiet viet vn hotline tel phone zalo fb stk mst cccd cmnd phuong xa huyen tinh thi lien goi nhan oi va hoac quoc km khoi doi khom lau cum ql dt tl hl k'.split(
    ' ',
  ),
)

const trimmed = (text: string) => text.replace(/^[\s,;:()-]+|[\s,;:()-]+$/gu, '')

/** People named by a label, a title or an address of electronic mail: spans of the input. */
export function findPersons(line: Line, known: KnownPlaces): Span[] {
  const { input: text, tokens } = line
  const found: Span[] = []
  const titled = hasTable(line, TITLES.bit) && tokens.some(({ accent }) => TITLES.accents.has(accent))
  const patterns = [
    ...(text.includes('@') ? [MAIL] : []),
    ...(hasCue(line, LABELS) ? [FIELD, AFTER_WORD, SENT_TO] : []),
    ...(titled ? [OF_HOUSE] : []),
  ]
  for (const pattern of patterns)
    for (const { index, 0: whole } of allMatches(text, pattern))
      found.push({ start: index, end: index + whole.trimEnd().length })
  if (titled)
    for (const { index, 0: whole } of allMatches(text, TITLE_IN_FRONT))
      if (!isPlace(whole, known) && !isShop(whole, known))
        found.push({ start: index, end: index + whole.length })
  const first = tokens[0] && FAMILIES.accents.has(tokens[0].accent) ? FULL_IN_FRONT.exec(text) : null
  if (first) found.push({ start: 0, end: first[0].length })
  const house = hasNameBeforeNumber(line) ? FULL_BEFORE_HOUSE.exec(text) : null
  // "Nguyễn Trãi 45, ..." is the street, unless another one follows the number.
  const long = house && house[1]!.split(/\s+/).length > 2 && !isPlace(house[1]!, known)
  if (house && (long || known.street(house[2]!)))
    found.push({ start: house.index, end: house.index + house[1]!.length })
  return found
}

/** A family name begins a part of the line, and a number stands behind it with one to three words between. */
function hasNameBeforeNumber({ tokens, lore }: Line): boolean {
  for (let i = 0; i < tokens.length; i++) {
    if ((lore[i]!.tables & FAMILIES.bit) === 0 || !FAMILIES.accents.has(tokens[i]!.accent)) continue
    if (i > 0 && tokens[i]!.gap < Gap.comma && !tokens[i - 1]!.digits) continue
    for (let k = i + 2; k <= i + 4 && k < tokens.length; k++) if (tokens[k]!.digits) return true
  }
  return false
}

/** The person named right in front of a number that ends at `text`'s end. */
export function personBefore(text: string, known: KnownPlaces): Span | null {
  for (const pattern of [BEFORE_TITLED, BEFORE_FULL, BEFORE_SMALL, BEFORE_SHORT]) {
    const found = pattern.exec(text)
    if (!found) continue
    const [whole] = found
    const titled = pattern === BEFORE_TITLED
    if (!titled && (isPlace(whole, known) || NO_PERSON.has(fold(trimmed(whole)).split(' ')[0]!))) continue
    return { start: found.index, end: found.index + whole.length }
  }
  return null
}

/** The person named right behind a number; spans of `text`, which begins where the number ends. */
export function personBehind(text: string, known: KnownPlaces): Span | null {
  for (const pattern of [BEHIND, BEHIND_SHORT]) {
    const found = pattern.exec(text)
    if (!found) continue
    const [whole] = found
    if (!TITLED.test(whole) && isPlace(whole, known)) continue
    if (pattern === BEHIND_SHORT && NO_PERSON.has(fold(trimmed(whole)).split(' ')[0]!)) continue
    return { start: 0, end: whole.length }
  }
  return null
}

/** "Anh Vien Swimming Pool": words that no Vietnamese name has. */
const isShop = (text: string, known: KnownPlaces) =>
  !/^\s*m(?:r|s|rs)\b/i.test(text) &&
  trimmed(text)
    .split(/[\s.]+/)
    .slice(1)
    .some((word) => !known.syllable(fold(word)))

/** "Trần Hưng Đạo Phường 5" */
const UNIT_WORD =
  /(?<![\p{L}\p{M}])(?:phường|quận|xã|huyện|thôn|ấp|xóm|tổ|khu|đường|phố|số|ngõ|hẻm|ngách|khóm|khối|đội|tỉnh|lô|km|phuong|quan|huyen|thon|xom|duong|ngo|hem|khom|p|q|f|h|x)(?![\p{L}\p{M}])/iu

/** "Trần Hưng Đạo" beside a phone number is the street, "Phan Thiết Bình Thuận" are units. */
function isPlace(text: string, known: KnownPlaces): boolean {
  const name = trimmed(text)
  if (UNIT_WORD.test(name) || known.street(name)) return true
  const words = name.split(/\s+/)
  // Whether the words from each place on are units one after the other.
  const units: boolean[] = []
  units[words.length] = true
  for (let from = words.length - 1; from >= 0; from--) {
    units[from] = false
    for (let to = from + 1; to <= words.length && !units[from]; to++)
      units[from] = units[to]! && known.unit(words.slice(from, to).join(' '))
  }
  return units[0]!
}
