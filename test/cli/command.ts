import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll } from 'vitest'

/** The built command, as users run it. */
export const COMMAND = resolve('dist/cli/main.js')

/** A folder of this test file; it goes when the tests are done. */
export const folder = mkdtempSync(join(tmpdir(), 'vpostcode-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the command in `folder`, without settings of the environment that tests run in. */
export function vpostcode(
  args: string[],
  options: { input?: string; env?: NodeJS.ProcessEnv } = {},
): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    encoding: 'utf8',
    input: options.input ?? '',
    env: { PATH: process.env['PATH'], ...options.env },
  })
}
