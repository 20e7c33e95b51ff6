import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PLACES = '/usr/lib/postgresql'

/** A server of PostgreSQL on this machine. */
export interface Cluster {
  url(database: string): string
  /** Stops as an operator does, cutting connections, and starts again `seconds` later. */
  restart(seconds: number): Promise<void>
}

/** A primary and a streaming replica in a temporary folder; both wait for their disks. */
export async function startPair(): Promise<{ primary: Cluster; replica: Cluster; stop(): Promise<void> }> {
  const bin = join(PLACES, readdirSync(PLACES).sort((a, b) => Number(b) - Number(a))[0]!, 'bin')
  const asRoot = process.getuid?.() === 0
  const run = async (name: string, ...args: string[]) => {
    const command = [...(asRoot ? ['runuser', '-u', 'postgres', '--'] : []), join(bin, name), ...args]
    // What pg_ctl starts keeps its pipes.
    const said = name === 'pg_ctl' ? 'ignore' : 'pipe'
    const child = spawn(command[0]!, command.slice(1), { cwd: tmpdir(), stdio: ['ignore', 'ignore', said] })
    let text = ''
    child.stderr?.on('data', (more) => {
      text += more
    })
    const [status] = await once(child, 'close')
    if (status !== 0) throw new Error(`${name}: ${text}`)
  }
  const folder = mkdtempSync(join(tmpdir(), 'vpostcode-pair-'))
  if (asRoot) spawnSync('chown', ['postgres', folder])
  chmodSync(folder, 0o755)
  const started: string[] = []
  const start = async (name: string, port: number) => {
    const data = join(folder, name)
    const settings = [
      `port=${port}`,
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${folder}`,
      'max_connections=150',
      'wal_level=replica',
      'hot_standby_feedback=on',
      'max_wal_size=4GB',
    ]
    const options = settings.map((setting) => `-c ${setting}`).join(' ')
    await run('pg_ctl', '-D', data, '-w', '-l', join(folder, `${name}.log`), '-o', options, 'start')
    if (!started.includes(data)) started.push(data)
  }
  const [primaryPort, replicaPort] = [await freePort(), await freePort()]
  const url = (port: number) => (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`
  const restart = (name: string, port: number) => async (seconds: number) => {
    await run('pg_ctl', '-D', join(folder, name), '-m', 'fast', '-w', 'stop')
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    await start(name, port)
  }
  const make = ['-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--no-sync']
  await run('initdb', '-D', join(folder, 'primary'), ...make)
  await start('primary', primaryPort)
  await run(
    'pg_basebackup',
    '-R',
    '-D',
    join(folder, 'replica'),
    '-d',
    url(primaryPort)('postgres'),
    '-c',
    'fast',
  )
  await start('replica', replicaPort)
  return {
    primary: { url: url(primaryPort), restart: restart('primary', primaryPort) },
    replica: { url: url(replicaPort), restart: restart('replica', replicaPort) },
    async stop() {
      for (const data of started.reverse()) {
        if (existsSync(join(data, 'postmaster.pid')))
          await run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop')
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
