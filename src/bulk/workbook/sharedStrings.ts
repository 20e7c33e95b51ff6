import { UnreadableFile } from '../dialect.ts'
import type { Archive } from './archive.ts'
import { convertFont } from './fonts.ts'
import { legacyFont } from './styles.ts'
import { attribute, elements, streamElements, unescaped } from './xml.ts'

const PART = 'xl/sharedstrings.xml'
/** Bytes of all texts of a workbook when unpacked; they are held in memory, packed. */
const MOST_BYTES = 384 * 1024 ** 2

/** The texts that the cells of a workbook point to. Held as bytes: as strings they would take several times as much. */
export class SharedStrings {
  #bytes = Buffer.allocUnsafe(1024 * 1024)
  #ends = new Uint32Array(16 * 1024)
  #count = 0

  /** Throws `UnreadableFile` when there are too many. */
  static async read(archive: Archive): Promise<SharedStrings> {
    const strings = new SharedStrings()
    if (!archive.has(PART)) return strings
    if (archive.size(PART) > MOST_BYTES)
      throw new UnreadableFile({
        en: 'The workbook holds too much text: save it as "CSV UTF-8".',
        vi: 'Tệp Excel chứa quá nhiều văn bản: hãy lưu dưới dạng "CSV UTF-8".',
      })
    for await (const items of streamElements(await archive.stream(PART), 'si'))
      for (const item of items) strings.#add(textOf(item))
    return strings
  }

  /** '' for a number that no text has. */
  get(index: number): string {
    if (!(index >= 0 && index < this.#count)) return ''
    return this.#bytes.toString('utf8', index === 0 ? 0 : this.#ends[index - 1], this.#ends[index])
  }

  #add(text: string): void {
    const start = this.#count === 0 ? 0 : this.#ends[this.#count - 1]!
    const most = start + text.length * 3
    if (most > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(most, this.#bytes.length * 2))
      this.#bytes.copy(larger, 0, 0, start)
      this.#bytes = larger
    }
    if (this.#count === this.#ends.length) {
      const larger = new Uint32Array(this.#ends.length * 2)
      larger.set(this.#ends)
      this.#ends = larger
    }
    this.#ends[this.#count++] = start + this.#bytes.write(text, start)
  }
}

/** The text of an item or of a cell that holds its text itself: of one run or of several, each in its font; no phonetic hints. */
export function textOf(item: string): string {
  const simple = SIMPLE.exec(item)
  if (simple) return unescaped(simple[1]!)
  const xml = withoutPhonetic(item)
  let text = ''
  for (const { content } of elements(xml, 'r')) {
    const [font] = elements(content, 'rFont')
    text += convertFont(texts(content), legacyFont(font ? attribute(font.tag, 'val') : null))
  }
  return text || texts(xml)
}

const SIMPLE = /^<(?:si|is)><t(?: [^>]*)?>([^<]*)<\/t><\/(?:si|is)>$/

function withoutPhonetic(item: string): string {
  let text = ''
  let at = 0
  for (const { from, to } of elements(item, 'rPh')) {
    text += item.slice(at, from)
    at = to
  }
  return text + item.slice(at)
}

function texts(xml: string): string {
  let text = ''
  for (const { content } of elements(xml, 't')) text += unescaped(content)
  return text
}
