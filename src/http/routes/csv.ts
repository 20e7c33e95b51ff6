import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { COLUMNS, type CsvKind } from '../../bulk/addok/columns.ts'
import { openWithHeader } from '../../bulk/addok/open.ts'
import { BadOption, type CsvPlan, planOf } from '../../bulk/addok/plan.ts'
import { answerRows } from '../../bulk/addok/stream.ts'
import { lineOf } from '../../bulk/cells.ts'
import type { CsvSource } from '../../bulk/csv.ts'
import { UnreadableFile } from '../../bulk/dialect.ts'
import { guarded } from '../../bulk/guard.ts'
import { resultHeader } from '../../bulk/result.ts'
import { newCsvFolder } from '../csvFolder.ts'
import { type CsvForm, readCsvForm } from '../csvForm.ts'
import { logFailure } from '../log.ts'
import { z } from '../params.ts'
import { Problem } from '../problems.ts'
import { clientOf } from '../quota.ts'
import { type Context, defineRoute, type Route, SENT } from '../route.ts'
import { sendLines } from '../sendLines.ts'
import { openShares, openSlots, UNDER_WAY } from '../slots.ts'
import { badField, receiveUpload, type Upload } from '../upload.ts'

/** Bytes of a file, without a key and with one. */
const MOST_BYTES = { public: 5 * 1024 * 1024, keyed: 50 * 1024 * 1024 }
const work = openSlots(UNDER_WAY.csvAnswered)
const uploads = openSlots(UNDER_WAY.csvReceived)
const shares = { address: openShares(UNDER_WAY.csvOfAddress), key: openShares(UNDER_WAY.csvOfKey) }
/** A row is less work than a request of its own. */
const ROWS_PER_REQUEST = 10

function csvRoute(kind: CsvKind, text: Pick<Route, 'summary' | 'description' | 'examples'>): Route {
  return defineRoute({
    method: 'post',
    path: `/v1/${kind}/csv`,
    operationId: `${kind}Csv`,
    access: 'read',
    tag: 'places',
    ...text,
    raw: ['multipart/form-data'],
    form: formOf(kind),
    answer: z.string().openapi({ example: `id,${COLUMNS[kind].slice(0, 4).join(',')}\n` }),
    media: 'text/csv',
    problems: [
      'missing-parameter',
      'unknown-parameter',
      'bad-parameter',
      'body-too-large',
      'request-timeout',
      'unsupported-media-type',
      'unreadable-file',
      'too-many-at-once',
      'too-many-files',
    ],
    async handle(_input, context): Promise<typeof SENT> {
      await answerFile(kind, context)
      return SENT
    },
  })
}

/** Receives the file, and answers it when all of it is there: the fields may stand behind it. */
async function answerFile(kind: CsvKind, context: Context): Promise<void> {
  const leave = shareOf(context)
  let folder: string | null = null
  let source: CsvSource | null = null
  let end = () => {}
  try {
    folder = await newCsvFolder()
    const path = join(folder, 'data')
    const { fileName, fields } = await receive(path, context)
    end = work.take(context.caller.key !== null)
    const form = readCsvForm(fields)
    const opened = open(path, form)
    source = opened.source
    const plan = planned(kind, opened.header, source, form)
    const rows = await countLines(path)
    // No name leads to the addresses any more, even if this process dies.
    await rm(folder, { recursive: true })
    if (rows > ROWS_PER_REQUEST) context.spend(Math.ceil(rows / ROWS_PER_REQUEST) - 1)
    await sendFile(fileName, opened.header, source, plan, form.withBom, context)
  } finally {
    end()
    leave()
    source?.close()
    if (folder) await rm(folder, { recursive: true, force: true })
  }
}

function shareOf(context: Context): () => void {
  const { key } = context.caller
  return key ? shares.key.take(`${key.line}`) : shares.address.take(clientOf(context.req, context))
}

async function receive(path: string, { req, caller }: Context): Promise<Upload> {
  const keyed = caller.key !== null
  const end = uploads.take(keyed)
  try {
    return await receiveUpload(req, path, keyed ? MOST_BYTES.keyed : MOST_BYTES.public)
  } finally {
    end()
  }
}

function open(path: string, form: CsvForm): ReturnType<typeof openWithHeader> {
  try {
    return openWithHeader(path, form)
  } catch (error) {
    throw asProblem(error)
  }
}

function planned(kind: CsvKind, header: readonly string[], source: CsvSource, form: CsvForm): CsvPlan {
  try {
    return planOf(kind, header, source.delimiter, form)
  } catch (error) {
    throw asProblem(error)
  }
}

function asProblem(error: unknown): unknown {
  if (error instanceof BadOption) return badField(error.option, error.text)
  if (!(error instanceof UnreadableFile)) return error
  return new Problem('unreadable-file', { detail: { en: error.message, vi: error.vi } })
}

/** At least as many as there are rows: a cell may hold several lines. */
async function countLines(path: string): Promise<number> {
  let lines = 0
  for await (const block of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>)
    for (let at = block.indexOf(10); at >= 0; at = block.indexOf(10, at + 1)) lines++
  return lines
}

/**
 * Sends the answer as it is made. It is complete only when the last chunk came, with the number of rows in the trailer
 * X-Rows; when something fails on the way the connection is cut.
 */
async function sendFile(
  fileName: string,
  header: readonly string[],
  source: CsvSource,
  plan: CsvPlan,
  withBom: boolean,
  context: Context,
): Promise<void> {
  const { req, res, log } = context
  res.attachment(`${parse(fileName).name || 'result'}.geocoded.csv`)
  res.set({
    'Content-Type': 'text/csv; charset=utf-8',
    // The lines are of use as they come: nothing on the way is to collect or keep them.
    'Cache-Control': 'no-store, no-transform',
    Trailer: 'X-Rows',
  })
  const names = resultHeader(header.map(guarded), plan.names)
  const first = `${withBom || source.bom ? '\ufeff' : ''}${lineOf(names, plan.outDelimiter)}\n`
  try {
    const rows = await sendLines(res, first, answerRows(source, plan, context))
    if (rows === null) return
    res.addTrailers({ 'X-Rows': String(rows) })
    res.end()
  } catch (error) {
    logFailure(log, req.id, error)
    res.destroy()
  }
}

const column = (description: string) => z.string().optional().openapi({ description })
function formOf(kind: CsvKind) {
  const shared = {
    data: z.string().openapi({ format: 'binary', description: 'The file; its first line names its columns' }),
    result_columns: z
      .array(z.enum(COLUMNS[kind] as unknown as [string, ...string[]]))
      .optional()
      .openapi({ description: 'The columns that are wanted; all when not given' }),
    lat: column('Column with the latitude'),
    lon: column('Column with the longitude'),
    delimiter: z.enum([',', ';', '\t', '|']).optional(),
    encoding: column('Of the file: utf-8, utf-16, iso-8859-1, ...; told by its bytes when not given'),
    with_bom: z.enum(['true', 'false']).optional(),
  }
  return kind === 'reverse'
    ? z.strictObject(shared)
    : z.strictObject({
        ...shared,
        columns: z
          .array(z.string())
          .optional()
          .openapi({ description: 'The columns of the address, in its order' }),
        postcode: column('Column with postcodes that the answers must have'),
        citycode: column('Column with codes of communes that the answers must have'),
        type: column('Column with types that the answers must have'),
      })
}

export const searchCsvRoute = csvRoute('search', {
  summary: 'Where the addresses of a file are',
  description:
    'As addok-csv and the French address service: a form with the file as `data`. All columns come back, in order, then the result columns; each row has its own `result_status` (ok, not-found, skipped, error). Ten rows count as one request.',
  examples: [
    {
      form: {
        data: 'id,adresse,ville\n1,12 Hàng Trống,"phường Hoàn Kiếm, Hà Nội"\n2,Lê Lợi,Quận 1\n',
        columns: ['adresse', 'ville'],
        result_columns: ['latitude', 'longitude', 'result_label', 'result_status'],
      },
    },
  ],
})

export const reverseCsvRoute = csvRoute('reverse', {
  summary: 'What stands at the points of a file',
  description:
    'As addok-csv: the columns latitude (or lat) and longitude (or lon, lng, long), or those that `lat` and `lon` name. Ten rows count as one request.',
  examples: [{ form: { data: 'name,lat,lon\nhome,21.0312,105.8493\n' } }],
})
