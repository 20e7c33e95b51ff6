import { type ChildProcess, spawn, spawnSync } from 'node:child_process'

/**
 * Starts the command (`main` = its file) as a service over a database on a free port; answers its URL when it listens. It ends
 * with this process. Throws with what it said when it ends at start.
 */
export async function startService(
  main: string,
  db: string,
  options: { cwd?: string; env: NodeJS.ProcessEnv },
): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--db', db], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('close', () => process.off('exit', kill))
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const found = /listening on (\S+)/.exec(said)
      if (found) resolve(found[1]!)
    })
    child.once('close', () => reject(new Error(said)))
  })
  return { url, child }
}

/** Makes a key (a staff key: for all communes) whose quota no measurement uses up; the command as `startService` has it. */
export function createKey(
  main: string,
  db: string,
  role: 'server' | 'staff',
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): string {
  const args = [main, 'keys', 'create', '--name', 'bench', '--per-minute', '10000000', '--db', db]
  args.push('--role', role, ...(role === 'staff' ? ['--scope', 'all'] : []))
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { ...options, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout.trim()
}
