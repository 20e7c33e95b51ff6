import { BASE, MARK } from '../../text/letters.ts'
import type { Line } from '../line.ts'
import type { Span } from '../types.ts'
import { allMatches, cues, hasCue } from './cues.ts'

/** What stands in front of an amount of money. */
const MONEY =
  '(?:thu(?: ho| tien| khach)?|cod|tong(?: tien| cong| don)?|tien hang|phi ship|cuoc|gia|ship|coc|con lai)'
const AMOUNT = '(?:\\d[\\d.,]*\\s*(?:k|d|dong|vnd|tr(?:ieu)?\\d*|ngan|nghin)|\\d{1,3}(?:[.,]\\d{3})+)'
/** Beginnings of a delivery note, in letters without marks. */
const CUES = [
  'giao(?: hang)? (?:gio|trong|sau|truoc|buoi|sang|chieu|toi|trua|nhanh|gap|vao|luc|cuoi tuan|hoa toc|giup|tan (?:noi|nha|cua)|thu \\d|chu nhat)',
  'goi (?:dien )?(?:truoc|khi|luc)',
  '(?:nhan tin|alo|lien he|bao) truoc',
  'ship (?:gio|sau|truoc|sang|chieu|toi|nhanh|gap|hoa toc)',
  'de (?:o|truoc|ngoai) (?:bao ve|le tan|cong|cua|nha|quay)',
  'gui (?:bao ve|le tan|hang xom)',
  'khong (?:giao|goi|cho (?:xem|thu|kiem))',
  '(?:cho|duoc)(?: khach)? (?:xem|kiem|thu|dong kiem)(?: tra)?(?: hang)?',
  'hang (?:de (?:vo|be|hong)|cong kenh|gap)',
  '(?:xin )?nhe tay',
  '(?:da (?:ck|chuyen khoan|thanh toan|coc)|free ?ship|mien (?:phi )?ship)',
  '(?:sau|truoc|luc) \\d{1,2}(?:h|g| gio)',
  '\\d{1,2}(?:h|g| gio)(?:\\d\\d)? (?:sang|trua|chieu|toi)',
  `${MONEY}\\s*[:=]?\\s*${AMOUNT}`,
  '\\d{1,3}(?:[.,]\\d{3})+\\s*(?:d|dong|vnd)',
]
/** A note goes on to a comma, bracket, dash or new line, and ends before a house number and what begins another part. */
const REST =
  '(?:(?! - |(?!\\d{1,2} ?(?:h|g|gio|p|phut|am|pm)\\d{0,2}(?![a-z\\d]))\\d+(?:[^\\d\\s]*/|\\d*[a-z]?\\s+(?!gio|phut|ngay|lan|kg|nguoi|don|thung)[a-z])|(?<![a-z])(?:phuong|quan|huyen|xa|thi tran|tinh|tp|duong|so nha|ngo|hem|thon|ap|xom|p\\.|q\\.|sdt|dt|dc|dia chi|ten)(?![a-z]))[^,;()\\n])*'
const NOTE = new RegExp(`(?<![a-z\\d])(?:${CUES.join('|')})(?![a-z\\d])${REST}`, 'g')
/** "Ghi chú: ..." is a note to the end of its line. */
const LABELLED = /(?<![a-z])(?:ghi chu|luu y|chu y|note)\s*[:=](?:(?! - )[^;\n])*/g
/** Of a person; other links say nothing of one. */
const LINK = /(?:https?:\/\/)?(?:www\.)?(?:fb|facebook|m|zalo)\.(?:com|me)\/\S+/g
/** The beginnings of all patterns. */
const CUE_WORDS = cues([
  'giao: gio trong sau truoc buoi sang chieu toi trua nhanh gap vao luc cuoi hoa giup tan thu chu hang',
  'goi: dien truoc khi luc',
  'nhan alo lien bao: tin he truoc',
  'ship: gio sau truoc sang chieu toi nhanh gap hoa #',
  'de: o truoc ngoai',
  'gui: bao le hang',
  'khong: giao goi cho',
  'cho duoc: xem kiem thu dong khach',
  'hang: de cong gap',
  'nhe: tay',
  'da: ck chuyen thanh coc',
  'free mien: ship phi',
  'freeship',
  'thu tong tien cuoc gia coc phi con: # ho tien khach cong don hang ship lai',
  'cod',
  'sau truoc luc: #',
  '#: h g gio d dong vnd',
  'ghi luu chu: chu y',
  'note',
  'fb facebook zalo m: com me',
])

/** Delivery notes, amounts of money and links to people: spans of the input. */
export function findNotes(line: Line): Span[] {
  if (!hasCue(line, CUE_WORDS)) return []
  const { bare, origin } = bareLetters(line.input)
  const found: Span[] = []
  for (const pattern of [LABELLED, NOTE, LINK])
    for (const { index, 0: whole } of allMatches(bare, pattern)) {
      const end = index + whole.trimEnd().length
      found.push({ start: origin[index]!, end: origin[end]! })
    }
  return found
}

/** The text in small letters without marks, and for each of its places (and its end) the place in the text. */
function bareLetters(text: string): { bare: string; origin: Int32Array } {
  let bare = ''
  const origin = new Int32Array(text.length + 1)
  for (let i = 0; i < text.length; i++) {
    const base = BASE[text.charCodeAt(i)]!
    if (base === MARK) continue
    origin[bare.length] = i
    bare += base === 0 ? text[i] : String.fromCharCode(base)
  }
  origin[bare.length] = text.length
  return { bare, origin }
}
