import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe } from 'vitest'
import { startServer } from '../../src/http/server.ts'
import { openTestApi } from '../api/support.ts'

/** Runs a program and answers what it wrote. Never the synchronous way: the server runs in this process. */
export const run = promisify(execFile)

/**
 * The tests of a program that people already have. Where it is not installed they are skipped and their name says why;
 * `bash .ci/run clients` installs all of them first and sets CLIENTS_NEEDED, and then a missing one is a failure.
 */
export async function describeClient(
  name: string,
  version: () => Promise<string>,
  tests: () => void,
): Promise<void> {
  const found = await version().catch(() => null)
  if (found === null && process.env['CLIENTS_NEEDED']) throw new Error(`${name} is not installed`)
  if (found === null) describe.skip(`${name} is not installed here: see .ci/run clients`, tests)
  else describe(`${name}: ${found.trim().split('\n')[0]}`, tests)
}

/** The API of the tests on a free port of this machine. */
export async function startService() {
  const api = await openTestApi()
  const server = await startServer(api.deps, 0, '127.0.0.1')
  return {
    api,
    host: `localhost:${server.port}`,
    async close() {
      await server.close()
      await api.close()
    },
  }
}
export type Service = Awaited<ReturnType<typeof startService>>
