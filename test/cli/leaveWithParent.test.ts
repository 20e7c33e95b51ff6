import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { FAILED } from '../../src/cli/exit.ts'
import { readSettings } from '../../src/cli/settings.ts'
import { folder } from './command.ts'

const jobs = JSON.stringify({ db: 'left.db', log: 'info', givenUp: [] })
const http = JSON.stringify({ ...readSettings({}), db: 'left.db', port: 0 })

test.each([
  ['jobProcessMain', [jobs]],
  ['httpWorker', ['http-1', http]],
])(
  '%s ends without a word when the one that started it was gone before it had loaded',
  async (name, args) => {
    const child = fork(resolve(`dist/cli/${name}.js`), args, { cwd: folder, silent: true })
    const [said] = [Promise.all([text(child.stdout!), text(child.stderr!)]), child.disconnect()]
    expect(await once(child, 'exit')).toEqual([FAILED, null])
    expect(await said).toEqual(['', ''])
  },
)
