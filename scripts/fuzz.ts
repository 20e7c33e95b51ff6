// Understands generated texts, broken ones above all, and checks what holds for every answer.
// Run: npm run fuzz -- [texts = 1000000] [seed]   Prints what it did; ends with 1 at the first fault, with its text.
import { pathToFileURL } from 'node:url'
import { load } from '../src/gazetteer/load.ts'
import type { Gazetteer } from '../src/gazetteer/types.ts'
import type { Understanding } from '../src/match/types.ts'
import { MAX_INPUT, understandText } from '../src/match/understand.ts'
import { prepareRow } from '../src/pipeline.ts'
import { plainWidths } from '../src/text/widths.ts'

/** What was wrong with an answer, and for which text. */
export interface Fault {
  readonly text: string
  readonly what: string
}

/** Understands `count` generated texts; answers the first fault, or null. The same seed gives the same texts. */
export function fuzz(gazetteer: Gazetteer, count: number, seed: number): Fault | null {
  const texts = generator(gazetteer, seed)
  for (let i = 0; i < count; i++) {
    const text = texts()
    try {
      const what = faultOf(understandText(text, gazetteer))
      if (what) return { text, what }
      // Every tenth also goes the whole way to a household.
      if (i % 10 === 0) prepareRow({ address: text, lat: text.slice(0, 9), lon: text.slice(-9) }, gazetteer)
    } catch (error) {
      return { text, what: String((error as Error).stack) }
    }
  }
  return null
}

/** What no answer may be, as a sentence; null when all is well. */
export function faultOf(answer: Understanding): string | null {
  const { input, components, current, candidates, grade, confidence } = answer
  if (!(confidence >= 0 && confidence <= 1)) return `confidence ${confidence}`
  if ((current === null) !== (grade === 'D')) return `grade ${grade} with current ${JSON.stringify(current)}`
  if ((grade === 'A' || grade === 'B') && !current?.commune) return `grade ${grade} without a commune`
  if (candidates.length === 1) return 'a single candidate'
  if (candidates.length > 0 && candidates[0]!.current.commune?.code !== current?.commune?.code)
    return 'the first candidate is not the answer'
  for (const { start, end } of [...answer.private, ...answer.unresolved])
    if (!(start >= 0 && start < end && end <= input.length)) return `span ${start}-${end} outside the text`
  const secrets = [...answer.private].sort((a, b) => a.start - b.start)
  if (secrets.some((span, k) => k > 0 && span.start < secrets[k - 1]!.end)) return 'private spans overlap'
  for (const [name, value] of Object.entries(components))
    if (value === undefined || value.length === 0) return `empty component ${name}`
  // Names may have their letters put right; what tells one door from the next is as written (once old letters are converted),
  // but for blanks and full-width signs.
  const said = answer.issues.find(({ code }) => code.startsWith('converted-from'))?.used ?? input
  const written = squeeze(plainWidths(said))
  const { houseNumber, unit, postcode, alleys = [] } = components
  for (const piece of [houseNumber, unit, postcode, ...alleys.map(({ number }) => number)])
    if (piece !== undefined && !written.includes(squeeze(piece))) return `"${piece}" is not as written`
  return null
}

const squeeze = (text: string) => text.normalize('NFD').replace(/[^\p{L}\p{N}/]+/gu, '')

const LETTERS = 'aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ'
const SIGNS = [
  ', ',
  ',',
  ' ',
  '  ',
  '. ',
  '.',
  '-',
  ' - ',
  '/',
  ';',
  '(',
  ')',
  '"',
  "'",
  '+',
  '\n',
  '\t',
  '\u00a0',
  '#',
]
const WORDS = (
  'phường xã thị_trấn đặc_khu quận huyện thị_xã thành_phố tỉnh P. Q. TP. TX. TT. H. T. X. F ngõ ngách hẻm kiệt số số_nhà ' +
  'đường phố Đ. lô căn_hộ tầng tòa block chung_cư tổ tổ_dân_phố khu_phố KP TDP thôn xóm ấp bản buôn khóm đội km QL1A ĐT743 ' +
  'TL10 3/2 30/4 gần đối_diện cạnh chợ anh chị cô gọi_trước_khi_giao giao_giờ_hành_chính SĐT ĐT 0901234567 +84_912_345_678 ' +
  '001099012345 việt_nam vietnam VN HN SG TPHCM HCM BR-VT 700000 71009 7P28QMCX+R8V QMCX+R8V 71009QMCXR8V 10.7721,106.6983'
)
  .split(' ')
  .map((word) => word.replaceAll('_', ' '))

/** Endless texts: units of both eras, words of addresses, numbers and noise, then broken in one of several ways. */
function generator(gazetteer: Gazetteer, seed: number): () => string {
  let state = seed >>> 0
  const random = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (n: number) => Math.floor(random() * n)
  const pick = <T>(list: ArrayLike<T>) => list[below(list.length)]!
  const { communes, formerCommunes, earlierCommunes, districts, provinces, formerProvinces } = gazetteer
  const units: ArrayLike<{ name: string; fullName: string }>[] = [
    communes,
    formerCommunes,
    earlierCommunes,
    districts,
    provinces,
    formerProvinces,
  ]
  const number = () => {
    const digits = String(below(10 ** (1 + below(4))))
    const tail = pick([
      '',
      '',
      '',
      'A',
      'bis',
      `/${below(99)}`,
      `/${below(99)}/${below(9)}B`,
      `-${below(99)}`,
    ])
    return digits + tail
  }
  const unit = () => {
    const one = pick(pick(units))
    return random() < 0.5 ? one.name : one.fullName
  }
  const noise = () => Array.from({ length: 1 + below(6) }, () => String.fromCharCode(below(0x10000))).join('')
  const word = () => Array.from({ length: 1 + below(8) }, () => pick(LETTERS)).join('')
  const PIECES = [unit, unit, unit, unit, () => pick(WORDS), () => pick(WORDS), number, number, word, noise]
  const cut = (text: string, change: (letter: string) => string) => {
    const at = below(text.length + 1)
    return text.slice(0, at) + change(text[at] ?? '') + text.slice(at + 1)
  }
  const BREAKS: ((text: string) => string)[] = [
    (text) => text,
    (text) => text.toUpperCase(),
    (text) => text.toLowerCase(),
    (text) => text.normalize('NFD'),
    (text) => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd'),
    (text) => text.replace(/[\s,]+/g, ''),
    (text) => text.replaceAll(',', ''),
    (text) => [...text].reverse().join(''),
    (text) => cut(text, () => ''),
    (text) => cut(text, (letter) => letter + letter),
    (text) => cut(text, (letter) => letter + pick(LETTERS)),
    (text) =>
      cut(
        cut(text, () => pick(SIGNS)),
        () => pick(SIGNS),
      ),
    (text) => text.repeat(1 + below(9)),
  ]
  return () => {
    let text = ''
    for (let left = below(12); left >= 0; left--) text += pick(PIECES)() + (left > 0 ? pick(SIGNS) : '')
    return pick(BREAKS)(pick(BREAKS)(text)).slice(0, MAX_INPUT)
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [count = '1000000', seed = '20250701'] = process.argv.slice(2)
  const started = performance.now()
  const fault = fuzz(load(), Number(count), Number(seed))
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  console.log(
    fault
      ? `fault: ${fault.what}\ntext: ${JSON.stringify(fault.text)}`
      : `${count} texts, no fault, ${seconds} s`,
  )
  process.exitCode = fault ? 1 : 0
}
