import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { lookAnew, wideLook } from '../jobs/look.ts'
import { lookForm, lookWishOf } from '../jobs/queue.ts'
import { receiveFile } from '../jobs/receive.ts'
import { languageOf, missing, Problem } from '../problems.ts'
import { defineRoute } from '../route.ts'
import { openShares, UNDER_WAY } from '../slots.ts'

/** Looks under way of one key in one process. */
const looks = openShares(UNDER_WAY.previews)

export const previewRoute = defineRoute({
  method: 'post',
  path: '/v1/preview',
  operationId: 'previewFile',
  access: 'bulk',
  tag: 'jobs',
  summary: 'What a file looks like, and what its columns would be taken for; nothing is kept',
  description:
    'Also of a file whose columns are not understood: `fault` then says why, and `map` names them. Send the file to `POST /v1/jobs` when it is right.',
  raw: ['multipart/form-data'],
  form: lookForm,
  answer: wideLook,
  problems: [
    'missing-parameter',
    'unknown-parameter',
    'bad-parameter',
    'request-timeout',
    'body-too-large',
    'unsupported-media-type',
    'unreadable-file',
    'too-many-at-once',
    'busy',
    'no-space',
  ],
  examples: [{ form: { file: 'Địa chỉ\n"12 Lê Lợi, Phường Bến Thành, TPHCM"\n' } }],
  async handle(_input, { caller, bulk, req }) {
    const leave = looks.take(`${caller.key!.line}`)
    try {
      const received = await receiveFile(req, bulk.uploads, async () => {
        throw missing('body', 'file')
      })
      try {
        const { kind = 'assign', map = [], sheet = null } = lookWishOf(received.fields)
        if (received.bytes === 0)
          throw new Problem('unreadable-file', { detail: { en: 'The file is empty.', vi: 'Tệp rỗng.' } })
        const output = join(received.folder, 'result.csv')
        return await lookAnew(
          { input: received.path, output, kind, map, sheet, format: 'csv' },
          bulk,
          languageOf(req),
        )
      } finally {
        await rm(received.folder, { recursive: true, force: true })
      }
    } finally {
      leave()
    }
  },
})
