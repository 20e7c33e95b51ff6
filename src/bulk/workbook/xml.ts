import { StringDecoder } from 'node:string_decoder'
import { UnreadableFile } from '../dialect.ts'

/** The little XML that workbooks are made of. No document types, so that no entity can grow. */

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The text of character data, with the escapes of XML and those of spreadsheets ("_x000D_"). */
export function unescaped(text: string): string {
  const plain = text.includes('&')
    ? text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, dec, hex, name) => {
        if (name) return NAMED[name] ?? whole
        const code = dec ? Number(dec) : Number.parseInt(hex, 16)
        return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
      })
    : text
  return plain.includes('_x')
    ? plain.replace(/_x([\dA-F]{4})_/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    : plain
}

/** The value of an attribute in a tag's text, unescaped; null when it is not there. */
export function attribute(tag: string, name: string): string | null {
  const at = tag.search(new RegExp(`(?:^|[\\s:])${name}\\s*=`))
  if (at < 0) return null
  const found = /=\s*(?:"([^"]*)"|'([^']*)')/.exec(tag.slice(at))
  return found ? unescaped(found[1] ?? found[2] ?? '') : null
}

const patterns = new Map<string, RegExp>()

/**
 * The elements of a name (any prefix) in a small document: where each stands, its attributes and content. One pass: an element
 * that does not end is the end of what is found, however many begin behind it.
 */
export function* elements(
  xml: string,
  name: string,
): Generator<{ from: number; to: number; tag: string; content: string }> {
  let opening = patterns.get(name)
  if (!opening) {
    opening = new RegExp(`<(\\w+:)?${name}(?=[\\s/>])([^<>]*)>`, 'g')
    patterns.set(name, opening)
  }
  for (let at = 0; ; ) {
    opening.lastIndex = at
    const begins = opening.exec(xml)
    if (!begins) return
    const from = begins.index
    const inside = from + begins[0].length
    const tag = begins[2]!
    let content = ''
    at = inside
    if (!tag.endsWith('/')) {
      const end = `</${begins[1] ?? ''}${name}>`
      const ends = xml.indexOf(end, inside)
      if (ends < 0) return
      content = xml.slice(inside, ends)
      at = ends + end.length
    }
    yield { from, to: at, tag, content }
  }
}

/** Characters of one element (a row, a shared string). */
const MOST_CHARACTERS = 4 * 1024 * 1024

/**
 * The elements of a name in a large document, one after the other, each as its whole text. Elements of that name do not
 * stand inside each other. Throws `UnreadableFile` for one that is too large and for a document type.
 */
export async function* streamElements(source: AsyncIterable<Buffer>, name: string): AsyncGenerator<string[]> {
  const decoder = new StringDecoder('utf8')
  let text = ''
  let tags: Tags | null = null
  for await (const block of source) {
    text += decoder.write(block)
    if (!tags && text.length < OPENING) continue
    tags ??= tagsOf(text, name)
    const { found, rest } = take(text, tags)
    text = rest
    if (text.length > MOST_CHARACTERS)
      throw new UnreadableFile({
        en: 'The workbook has a row or text that is too large.',
        vi: 'Tệp Excel có một dòng hoặc đoạn văn bản quá lớn.',
      })
    if (found.length > 0) yield found
  }
  const { found } = take(text, tags ?? tagsOf(text, name))
  if (found.length > 0) yield found
}

interface Tags {
  start: RegExp
  end: string
}

/** The document element stands within so many characters, and tells the prefix that all elements bear. */
const OPENING = 1024

function tagsOf(text: string, name: string): Tags {
  if (/<!DOCTYPE/i.test(text))
    throw new UnreadableFile({
      en: 'The workbook is broken: its parts have document types.',
      vi: 'Tệp Excel bị hỏng: các phần của nó có khai báo kiểu tài liệu (DOCTYPE).',
    })
  const prefix = /<(?![?!])(\w+:)?\w+/.exec(text)?.[1] ?? ''
  return { start: new RegExp(`<${prefix}${name}(?=[\\s/>])`, 'g'), end: `</${prefix}${name}>` }
}

function take(text: string, { start, end }: Tags): { found: string[]; rest: string } {
  const found: string[] = []
  let at = 0
  for (;;) {
    start.lastIndex = at
    const begins = start.exec(text)
    // Keep what may be the first part of a tag.
    if (!begins) return { found, rest: text.slice(Math.max(at, text.length - 64)) }
    const close = text.indexOf('>', begins.index)
    if (close < 0) return { found, rest: text.slice(begins.index) }
    if (text[close - 1] === '/') {
      found.push(text.slice(begins.index, close + 1))
      at = close + 1
      continue
    }
    const ends = text.indexOf(end, close)
    if (ends < 0) return { found, rest: text.slice(begins.index) }
    at = ends + end.length
    found.push(text.slice(begins.index, at))
  }
}
