import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Look, LookOptions } from '../../bulk/look.ts'
import type { Job } from '../../registry/store.ts'
import { z } from '../params.ts'
import { Problem } from '../problems.ts'
import type { BulkDesk } from './desk.ts'
import { folderOf } from './own.ts'

/** Beside an upload: what it looks like. */
const LOOK = 'look.json'

const texts = z.array(z.string())
export const lookSchema: z.ZodType<Look> = z
  .strictObject({
    header: texts,
    columns: z
      .record(z.string(), z.string())
      .openapi({ description: 'Field to the header of its column', example: { address: 'Địa chỉ' } }),
    notes: texts,
    rows: z.array(texts).openapi({ description: 'Cells of the first ten rows' }),
  })
  .openapi('Preview')

/** Looks into an upload. Throws the Problem that the job would fail at. */
export async function lookInto(file: LookOptions, { looker }: BulkDesk): Promise<void> {
  const looked = await looker.look(file)
  if (!looked) return
  const folder = dirname(file.input)
  if ('refused' in looked) {
    // What is an option of the command is a field of the form here.
    const said = (why: string, map: string) => why.replaceAll(`${folder}/`, '').replaceAll('--map ', map)
    const en = said(looked.why.en, 'the form field map ')
    const vi = said(looked.why.vi, 'trường map của biểu mẫu ')
    const code = looked.refused === 'file' ? 'unreadable-file' : 'unusable-columns'
    throw new Problem(code, { detail: { en, vi } })
  }
  await writeFile(join(folder, LOOK), JSON.stringify(looked.look), { mode: 0o600 })
}

/** What a job's upload looks like; null when it was removed, or looking took too long. */
export const lookOf = (job: Job): Promise<Look | null> =>
  readFile(join(folderOf(job), LOOK), 'utf8').then(JSON.parse, () => null)
