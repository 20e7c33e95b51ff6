import type { Readable } from 'node:stream'
import type { Entry } from 'yauzl'
import { UnreadableFile } from '../dialect.ts'

/** A workbook of a few kilobytes can claim to hold terabytes: what is larger than this is refused before it is unpacked. */
const MOST_ENTRIES = 2000
/** Bytes of one part when unpacked. */
const MOST_BYTES = 4 * 1024 ** 3
/** Unpacked bytes a packed one, for parts above `SMALL`; sheets of real data reach some 60. */
const MOST_RATIO = 250
const SMALL = 64 * 1024 ** 2

const TOO_MANY = {
  en: `The workbook has more than ${MOST_ENTRIES} parts.`,
  vi: `Tệp Excel có hơn ${MOST_ENTRIES} phần.`,
}

/** The parts of a ZIP archive, by name. */
export interface Archive {
  has(name: string): boolean
  /** Bytes of the part when unpacked, 0 when it is not there. */
  size(name: string): number
  /** The part unpacked on the way. Ends with an error when it is larger than the archive says. */
  stream(name: string): Promise<Readable>
  /** A small part as text; '' when it is not there. Throws `UnreadableFile` above `most` bytes. */
  text(name: string, most: number): Promise<string>
  close(): void
}

/** Opens an archive and reads its list of parts. Throws `UnreadableFile`. */
export async function openArchive(path: string): Promise<Archive> {
  const { default: yauzl } = await import('yauzl')
  const zip = await yauzl.openPromise(path, { autoClose: false }).catch((error) => {
    throw unreadable(error)
  })
  const parts = new Map<string, Entry>()
  try {
    for await (const entry of zip.eachEntry()) {
      const fault = parts.size >= MOST_ENTRIES ? TOO_MANY : faultOf(entry)
      if (fault) throw new UnreadableFile(fault)
      parts.set(entry.fileName.toLowerCase(), entry)
    }
  } catch (error) {
    zip.close()
    throw unreadable(error)
  }
  const entry = (name: string) => parts.get(name.toLowerCase())
  const stream = async (name: string) => {
    const part = entry(name)
    if (!part)
      throw new UnreadableFile({
        en: `The workbook has no part ${name}: it is broken.`,
        vi: `Tệp Excel bị hỏng: thiếu phần ${name}.`,
      })
    return zip.openReadStreamPromise(part)
  }
  return {
    has: (name) => entry(name) !== undefined,
    size: (name) => entry(name)?.uncompressedSize ?? 0,
    stream,
    async text(name, most) {
      const part = entry(name)
      if (!part) return ''
      if (part.uncompressedSize > most)
        throw new UnreadableFile({
          en: `The workbook's part ${name} is too large.`,
          vi: `Phần ${name} của tệp Excel quá lớn.`,
        })
      const blocks: Buffer[] = []
      for await (const block of await stream(name)) blocks.push(block as Buffer)
      return Buffer.concat(blocks).toString()
    },
    close: () => zip.close(),
  }
}

/** An error of the archive as a refusal of the file. */
export const unreadable = (error: unknown): Error =>
  error instanceof UnreadableFile
    ? error
    : new UnreadableFile({
        en: `The workbook is broken: ${(error as Error).message}. Open it and save it anew.`,
        vi: 'Tệp Excel bị hỏng. Hãy mở tệp và lưu lại.',
      })

function faultOf({ uncompressedSize, compressedSize, fileName, generalPurposeBitFlag }: Entry) {
  if (generalPurposeBitFlag & 1)
    return {
      en: 'The workbook is protected by a password: save it without one.',
      vi: 'Tệp Excel được bảo vệ bằng mật khẩu: hãy lưu lại không có mật khẩu.',
    }
  const bomb = uncompressedSize > SMALL && uncompressedSize > MOST_RATIO * compressedSize
  if (!bomb && uncompressedSize <= MOST_BYTES) return null
  return {
    en: `The workbook is too large when unpacked (${fileName}).`,
    vi: `Tệp Excel quá lớn khi giải nén (${fileName}).`,
  }
}
