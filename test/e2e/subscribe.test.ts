import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import type { Manifest } from '../../src/bulk/publish/manifest.ts'
import { COMMAND, folder, vpostcode } from '../cli/command.ts'

const children = new Set<ChildProcess>()
const proxies: Server[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  for (const proxy of proxies) proxy.close()
})

function start(args: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], VPOSTCODE_LOG: 'error', VPOSTCODE_PROCESSES: '1', ...env },
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  children.add(child)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  return { child, said: () => said }
}
async function kill({ child }: { child: ChildProcess }, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  child.kill(signal)
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
async function serve(port: number) {
  const server = start(['serve', '--port', String(port), '--db', 'source.db'])
  while (!server.said().includes('listening on')) {
    if (server.child.exitCode !== null) throw new Error(server.said())
    await setTimeout(50)
  }
  return { ...server, port: Number(/localhost:(\d+)/.exec(server.said())![1]) }
}

/** Stands between copy and source, and cuts connections in the middle of what is sent when told to. */
async function cuttingProxy(to: () => number) {
  let isCutting = true
  let connections = 0
  let cuts = 0
  const open = new Set<Socket>()
  const proxy = createServer((client) => {
    const source = connect(to(), 'localhost')
    // One is cut early, the next one late.
    const most = ++connections % 2 === 1 ? 30_000 : 300_000
    let sent = 0
    const end = () => {
      client.destroy()
      source.destroy()
      open.delete(client)
    }
    open.add(client)
    for (const socket of [client, source]) socket.on('error', end).on('close', end)
    client.on('data', (data) => source.write(data))
    source.on('data', (data) => {
      client.write(data)
      sent += data.length
      if (!isCutting || sent < most) return
      cuts++
      end()
    })
  }).listen(0)
  proxies.push(proxy)
  await once(proxy, 'listening')
  return {
    port: (proxy.address() as AddressInfo).port,
    calm: () => {
      isCutting = false
    },
    cuts: () => cuts,
  }
}

/** What a database publishes, by commune. */
function told(db: string): Map<string, string> {
  const at = join(folder, `told-${db}`)
  rmSync(at, { recursive: true, force: true })
  const { status, stderr } = vpostcode(['publish', '--db', db, '--at', at])
  expect([status, stderr]).toEqual([0, stderr])
  const [set] = readdirSync(at).filter((name) => /^\d/.test(name))
  const manifest: Manifest = JSON.parse(readFileSync(join(at, set!, 'manifest.json'), 'utf8'))
  return new Map(manifest.snapshot.map(({ commune, rows, checksum }) => [commune, `${rows} ${checksum}`]))
}

test('a copy is right in the end, whatever is killed or cut while the source changes', async () => {
  const sample = resolve('seeds/sample-households.csv')
  vpostcode(['assign', sample, '-o', 'result.csv', '--threads', '0', '--db', 'source.db'])
  const key = vpostcode([
    'keys',
    'create',
    '--role',
    'server',
    '--name',
    'carrier',
    '--db',
    'source.db',
  ]).stdout
  const staff = vpostcode([
    'keys',
    'create',
    '--role',
    'staff',
    '--name',
    'lan',
    '--scope',
    'all',
    '--db',
    'source.db',
  ]).stdout.trim()
  writeFileSync(join(folder, 'key'), key)
  expect(vpostcode(['publish', '--db', 'source.db']).status).toBe(0)
  let server = await serve(0)
  const { port } = server
  const proxy = await cuttingProxy(() => port)
  const subscribe = () =>
    start(['subscribe', `http://localhost:${proxy.port}`, '--key-file', 'key', '--db', 'copy.db'])

  // The loading is cut again and again, and killed.
  let subscriber = subscribe()
  for (let i = 0; i < 3; i++) {
    await setTimeout(2_000 + 1_000 * i)
    await kill(subscriber)
    subscriber = subscribe()
  }
  // Clerks work meanwhile; the server is killed and comes back; the subscriber too.
  const register = async (number: number) => {
    const body = {
      address: `${number} Hàng Bài, phường Cửa Nam, Hà Nội`,
      point: { lat: 21.02, lon: 105.85 + number * 1e-4 },
    }
    const answer = await fetch(`http://localhost:${port}/v1/households`, {
      method: 'POST',
      headers: { 'X-Api-Key': staff, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }).catch(() => null)
    return answer?.status ?? 0
  }
  const statuses: number[] = []
  for (let number = 1; number <= 30; number++) {
    statuses.push(await register(number))
    if (number === 10) {
      await kill(server)
      await setTimeout(500)
      server = { ...(await serve(port)), port }
    }
    if (number === 20) {
      await kill(subscriber)
      subscriber = subscribe()
    }
  }
  expect(statuses.filter((status) => status === 201).length).toBeGreaterThan(20)
  await kill(subscriber, 'SIGTERM')
  proxy.calm()
  const last = vpostcode([
    'subscribe',
    `http://localhost:${port}`,
    '--key-file',
    'key',
    '--db',
    'copy.db',
    '--once',
  ])
  expect([last.status, last.stderr]).toEqual([0, expect.stringContaining('0 behind')])
  expect(proxy.cuts()).toBeGreaterThan(0)
  expect(told('copy.db')).toEqual(told('source.db'))
  expect(vpostcode(['status', '--db', 'copy.db']).stdout).toContain(': 0 changes and 0 s behind')

  const refused = vpostcode([
    'households',
    'register',
    '--address',
    '1 Hàng Bài, phường Cửa Nam, Hà Nội',
    '--db',
    'copy.db',
  ])
  expect([refused.status, refused.stderr]).toEqual([
    3,
    expect.stringContaining('a copy of a registry elsewhere'),
  ])
  await kill(server, 'SIGTERM')
}, 300_000)
