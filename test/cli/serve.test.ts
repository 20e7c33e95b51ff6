import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readdirSync, readFileSync, truncateSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { COMMAND, folder, vpostcode } from './command.ts'

// Each service is three processes that read the gazetteer: seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

interface Service {
  child: ChildProcess
  said(): string
  /** Exit code and signal. */
  end: Promise<unknown[]>
  url: string
}

/** Starts `serve` and waits until it listens. */
async function serve(env: NodeJS.ProcessEnv = {}): Promise<Service> {
  const child = spawn(process.execPath, [COMMAND, 'serve', '--port', '0', '--db', 'serve.db'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], VPOSTCODE_LOG: 'error', VPOSTCODE_PROCESSES: '2', ...env },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (said += text))
  const end = once(child, 'close')
  while (!said.includes('listening on')) {
    if (child.exitCode !== null) throw new Error(said)
    await setTimeout(20)
  }
  return { child, said: () => said, end, url: /http:\S+/.exec(said)![0] }
}

/** Processes that were started by this one, in the order of their start. */
const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number)
    .sort((a, b) => a - b)

function parentOf(pid: string): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1])
  } catch {
    return null
  }
}
/** Those of them that answer HTTP; the other one does jobs. */
const workersOf = (pid: number) =>
  childrenOf(pid).filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('httpWorker'))
const lives = (pid: number) => parentOf(String(pid)) !== null
async function gone(pids: number[]): Promise<void> {
  while (pids.some(lives)) await setTimeout(20)
}

/** Asks on a connection of its own, so that the processes take turns. */
const ask = (url: string) => fetch(url, { headers: { Connection: 'close' } })

test('two processes answer one port with the same answers, one that dies is started again, SIGTERM ends all', async () => {
  const service = await serve()
  expect(service.said().match(/listening on/g)).toHaveLength(1)
  const url = `${service.url}/v1/units?level=province`
  const answers = await Promise.all(Array.from({ length: 6 }, async () => (await ask(url)).text()))
  expect(new Set(answers).size).toBe(1)

  const first = workersOf(service.child.pid!)
  expect(first).toHaveLength(2)
  process.kill(first[0]!, 'SIGKILL')
  while (!service.said().includes('a process that answers HTTP died')) await setTimeout(20)
  for (let i = 0; i < 4; i++) expect((await ask(url)).status).toBe(200)
  const metrics = async () => (await ask(`${service.url}/metrics`)).text()
  // The new one is ready when it counts.
  while (!/process_resident_memory_bytes\{process="http-1"\}/.test(await metrics())) await setTimeout(50)
  const now = workersOf(service.child.pid!)
  expect([now.length, now.includes(first[0]!), now.includes(first[1]!)]).toEqual([2, false, true])
  expect(service.said()).toMatch(/"process":"http-1".*died/)
  expect(await metrics()).toMatch(/^vpostcode_process_deaths_total 1$/m)

  service.child.kill('SIGTERM')
  expect(await service.end).toEqual([0, null])
  await gone(now)
  await expect(ask(url)).rejects.toThrow()
})

test('metrics add up what the processes counted, and are closed to what a proxy hands on', async () => {
  const service = await serve()
  for (let i = 0; i < 6; i++) await ask(`${service.url}/v1/convert?former=26740`)
  await ask(`${service.url}/v1/nothing/of/the/kind`)
  const answer = await ask(`${service.url}/metrics`)
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const text = await answer.text()
  const duration = 'vpostcode_http_request_duration_seconds_count'
  expect(text).toContain(`${duration}{method="GET",route="/v1/convert",status="2xx"} 6\n`)
  expect(text).toContain(`${duration}{method="GET",route="none",status="4xx"} 1\n`)
  expect(text).toContain('vpostcode_http_problems_total{code="unknown-route"} 1\n')
  expect(text).toMatch(/^vpostcode_grades_total\{route="\/v1\/convert",grade="A"\} 6$/m)
  expect(text).toContain('vpostcode_index_items{index="communes"} 3321\n')
  for (const name of ['main', 'http-1', 'http-2'])
    expect(text).toMatch(new RegExp(`^process_resident_memory_bytes\\{process="${name}"\\} [1-9]`, 'm'))
  // Prometheus refuses a name that is described twice.
  const described = [...text.matchAll(/^# TYPE (\S+)/gm)].map((found) => found[1])
  expect(described.toSorted()).toEqual([...new Set(described)].sort())
  for (const name of [
    'X-Forwarded-For',
    'X-Real-IP',
    'X-Forwarded-Proto',
    'X-Forwarded-Host',
    'CF-Connecting-IP',
  ]) {
    const proxied = await fetch(`${service.url}/metrics`, { headers: { [name]: '203.0.113.7' } })
    expect([name, proxied.status, ((await proxied.json()) as { code: string }).code]).toEqual([
      name,
      404,
      'unknown-route',
    ])
  }
  // A second signal does not wait, not even for a request that never ends.
  service.child.kill('SIGINT')
  service.child.kill('SIGTERM')
  expect([0, 3]).toContain((await service.end)[0])
})

test('the processes leave with the one that started them, however it ends', async () => {
  const service = await serve()
  const children = childrenOf(service.child.pid!)
  expect(children).toHaveLength(3)
  service.child.kill('SIGKILL')
  await gone(children)
})

test('started by npm it leaves when the shell between them is gone; a new database is told of', async () => {
  const line = `${process.execPath} ${COMMAND} serve --port 0 --db new.db; true`
  const shell = spawn('sh', ['-c', line], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      npm_lifecycle_event: 'npx',
      VPOSTCODE_LOG: 'warn',
      VPOSTCODE_PROCESSES: '2',
    },
  })
  let said = ''
  for (const stream of [shell.stdout, shell.stderr])
    stream.setEncoding('utf8').on('data', (text) => (said += text))
  while (!said.includes('listening on')) {
    if (shell.exitCode !== null) throw new Error(said)
    await setTimeout(20)
  }
  expect(said).toMatch(/"database":"[^"]*\/new\.db",.*a new, empty one was made/)
  const [server] = childrenOf(shell.pid!)
  const all = [server!, ...childrenOf(server!)]
  expect(all).toHaveLength(4)
  shell.kill('SIGTERM')
  await gone(all)
})

test('with VPOSTCODE_PROCESSES=1 the first process answers itself', async () => {
  const service = await serve({ VPOSTCODE_PROCESSES: '1', VPOSTCODE_METRICS: 'off' })
  expect(workersOf(service.child.pid!)).toEqual([])
  expect((await ask(`${service.url}/v1/units?level=province`)).status).toBe(200)
  expect((await ask(`${service.url}/metrics`)).status).toBe(404)
  service.child.kill('SIGINT')
  expect(await service.end).toEqual([0, null])
})

test('data that cannot be read end the start with one sentence', () => {
  const data = join(folder, 'broken-data')
  cpSync('data/gazetteer', data, { recursive: true })
  truncateSync(join(data, 'units.json'), 1_000)
  const broken = vpostcode(['serve', '--port', '0', '--db', 'serve.db'], {
    env: { VPOSTCODE_DATA: data, VPOSTCODE_PROCESSES: '2' },
  })
  expect([broken.status, broken.stderr]).toEqual([
    3,
    expect.stringMatching(/^error: the gazetteer .* is cut off or broken/m),
  ])
})

test('an address that this machine does not have is told by the reason, not by a stack', () => {
  // TEST-NET-1: no machine has it.
  const { status, stderr } = vpostcode(['serve', '--port', '0', '--db', 'serve.db'], {
    env: { HOST: '192.0.2.1', VPOSTCODE_PROCESSES: '4', VPOSTCODE_LOG: 'silent' },
  })
  expect(stderr).toMatch(/EADDRNOTAVAIL/)
  expect([status, stderr]).toEqual([3, expect.not.stringMatching(/Unhandled|\n\s+at /)])
})

test('a port that is taken is named', async () => {
  const other = createServer().listen(0)
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const refused = vpostcode(['serve', '--port', String(port), '--db', 'serve.db'])
  expect([refused.status, refused.stderr]).toEqual([
    3,
    `error: port ${port} is taken: set PORT to another one\n`,
  ])
  other.close()
})
