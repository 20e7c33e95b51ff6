import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FIELDS } from '../../bulk/columns.ts'
import type { Look, Looked, LookOptions } from '../../bulk/look.ts'
import type { Job } from '../../registry/jobStore.ts'
import { z } from '../params.ts'
import { type Language, Problem, type Text } from '../problems.ts'
import type { BulkDesk } from './desk.ts'
import { folderOf } from './own.ts'

/** Beside an upload: what it looks like. */
const LOOK = 'look.json'

const texts = z.array(z.string())
const shape = {
  header: texts,
  columns: z
    .strictObject(Object.fromEntries(FIELDS.map((field) => [field, z.string().optional()])))
    .openapi({ description: 'Field to the header of its column', example: { address: 'Địa chỉ' } }),
  notes: texts,
  rows: z.array(texts).openapi({ description: 'Cells of the first 20 rows' }),
  charset: z
    .enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'])
    .openapi({ description: 'How the text is written; of a workbook utf-8' }),
  sheet: z.string().nullable().openapi({ description: 'Of a workbook the sheet that is read' }),
  sheets: texts.openapi({ description: 'All that it has' }),
}
export const lookSchema = z.strictObject(shape).openapi('Preview')
export const wideLook = z
  .strictObject({
    ...shape,
    fault: z.string().nullable().openapi({ description: 'Why the columns cannot be worked on as they are' }),
  })
  .openapi('FilePreview')

/** Looks into an upload. Throws the Problem that the job would fail at. */
export async function lookInto(file: LookOptions, { looker }: BulkDesk): Promise<void> {
  const looked = await looker.look(file)
  if (!looked) return
  const { fault: _, ...look } = readable(looked, file)
  await writeFile(join(dirname(file.input), LOOK), JSON.stringify(look), { mode: 0o600 })
}

/** Looks into a file that is no job yet, whatever its columns. Throws a Problem when it is no table. */
export async function lookAnew(
  file: LookOptions,
  { looker }: BulkDesk,
  language: Language,
): Promise<z.infer<typeof wideLook>> {
  const looked = await looker.look({ ...file, anyColumns: true })
  // The looker answers nothing when it is overrun.
  if (!looked) throw new Problem('busy')
  const { fault, ...look } = readable(looked, file)
  return { ...look, fault: fault && inForm(fault, file)[language] }
}

function readable(looked: Looked, file: LookOptions): Look {
  if (!('refused' in looked)) return looked.look
  const code = looked.refused === 'file' ? 'unreadable-file' : 'unusable-columns'
  throw new Problem(code, { detail: inForm(looked.why, file) })
}

/** What is an option of the command is a field of the form here. */
function inForm(why: Text, { input }: LookOptions): Text {
  const said = (text: string, map: string) =>
    text.replaceAll(`${dirname(input)}/`, '').replaceAll('--map ', map)
  return { en: said(why.en, 'the form field map '), vi: said(why.vi, 'trường map của biểu mẫu ') }
}

/** What a job's upload looks like; null when it was removed, or looking took too long. */
export const lookOf = (job: Job): Promise<z.infer<typeof lookSchema> | null> =>
  readFile(join(folderOf(job), LOOK), 'utf8').then(JSON.parse, () => null)
