import { createWriteStream, type WriteStream } from 'node:fs'
import busboy from 'busboy'
import type { Request } from 'express'
import { type Fault, missing, Problem, type ProblemCode, type Text } from './problems.ts'

/** Bounds of the fields beside the file. */
const MOST_FIELDS = 200
const LONGEST_NAME = 100
const LONGEST_FIELD = 1_000
/** The least rate of an upload: so many bytes in so many milliseconds, else it is given up. */
const LEAST_BYTES = 10_000
const LEAST_EVERY = 10_000
/** Milliseconds in which what follows a refusal is read and dropped, so that the client gets to see it. */
const PARTING = 3_000

/** A form that came with one file. */
export interface Upload {
  /** False when there was no file. */
  there: boolean
  /** What the client calls the file; '' when it does not say. Never a path to write to. */
  fileName: string
  bytes: number
  /** The other fields, each with its values in their order. */
  fields: Map<string, string[]>
}

/**
 * Reads a form (multipart/form-data) and writes its file, the field `part`, to `path`, which must not be there yet. The
 * fields may stand before or behind the file. `optional`: there may be none. Throws a Problem, and then the file is of no use.
 */
export async function receiveUpload(
  req: Request,
  path: string,
  maxBytes: number,
  { part = 'data', optional = false } = {},
): Promise<Upload> {
  // Gone before anybody listened: nothing will tell of it any more.
  if (req.destroyed) throw new Problem('bad-request')
  let form: busboy.Busboy
  try {
    form = busboy({
      headers: req.headers,
      defParamCharset: 'utf8',
      limits: {
        files: 1,
        fileSize: maxBytes,
        fields: MOST_FIELDS,
        fieldNameSize: LONGEST_NAME,
        fieldSize: LONGEST_FIELD,
        parts: MOST_FIELDS + 1,
        headerPairs: 20,
      },
    })
  } catch {
    throw new Problem('unsupported-media-type')
  }
  const upload: Upload = { there: false, fileName: '', bytes: 0, fields: new Map() }
  let file: WriteStream | undefined
  let written: Promise<void> = Promise.resolve()
  let clock: NodeJS.Timeout | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      const late = () => reject(new Problem('request-timeout'))
      let came = 0
      req.on('data', (block: Buffer) => {
        came += block.length
      })
      clock = setInterval(() => {
        if (came < LEAST_BYTES) late()
        came = 0
      }, LEAST_EVERY)
      // Lost on the way: nobody reads the answer.
      req.once('aborted', () => reject(new Problem('bad-request')))
      const broken = () => reject(new Problem('bad-parameter', { detail: BROKEN_FORM }))
      // For good: busboy may tell of several errors, also when it is destroyed, and one that nobody hears ends the process.
      form.on('error', broken)
      form.on('field', (name, value, { nameTruncated, valueTruncated }) => {
        if (nameTruncated || valueTruncated) reject(badField(name, { en: `is too long`, vi: 'quá dài' }))
        const values = upload.fields.get(name)
        if (values) values.push(value)
        else upload.fields.set(name, [value])
      })
      form.on('file', (name, stream, { filename }) => {
        // Also of a file that is dropped.
        stream.on('error', broken)
        if (name !== part) {
          reject(
            badField(name, {
              en: `is no file here: it is called ${part}`,
              vi: `không phải chỗ của tệp: hãy gửi tệp trong trường ${part}`,
            }),
          )
          stream.resume()
          return
        }
        upload.fileName = filename ?? ''
        const out = createWriteStream(path, { flags: 'wx', mode: 0o600 })
        file = out
        stream.once('limit', () => reject(new Problem('body-too-large')))
        stream.on('data', (block: Buffer) => {
          upload.bytes += block.length
        })
        written = new Promise((done, failed) => {
          out.once('close', done)
          out.on('error', failed)
        })
        written.catch(reject)
        stream.pipe(out)
      })
      const tooMany = () => reject(new Problem('bad-parameter', { detail: TOO_MANY }))
      form.once('filesLimit', tooMany)
      form.once('fieldsLimit', tooMany)
      form.once('partsLimit', tooMany)
      form.once('close', resolve)
      req.pipe(form)
    })
    await written
  } catch (error) {
    req.unpipe(form)
    form.destroy()
    file?.destroy()
    await leave(req)
    throw error
  } finally {
    clearInterval(clock)
  }
  upload.there = file !== undefined
  if (!upload.there && !optional) throw missing('body', part)
  return upload
}

/** Drops what still comes, for a while. */
export function leave(req: Request): Promise<void> {
  if (req.complete || req.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const clock = setTimeout(resolve, PARTING)
    const done = () => {
      clearTimeout(clock)
      resolve()
    }
    req.once('end', done)
    req.once('close', done)
    req.resume()
  })
}

/** A refusal of one field of a form. */
export function badField(name: string, text: Text, code: ProblemCode = 'bad-parameter'): Problem {
  const fault: Fault = { in: 'body', name: name.slice(0, 60), text }
  return new Problem(code, { faults: [fault] })
}

const TOO_MANY: Text = {
  en: `The form has more than one file or more than ${MOST_FIELDS} fields.`,
  vi: `Biểu mẫu có hơn một tệp hoặc hơn ${MOST_FIELDS} trường.`,
}
const BROKEN_FORM: Text = {
  en: 'The form is broken: it ends in the middle or has no boundary.',
  vi: 'Biểu mẫu hỏng: dừng giữa chừng hoặc thiếu dấu phân cách (boundary).',
}
