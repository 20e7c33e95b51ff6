// A backup beside a writer: seconds, how long the writer's transactions take meanwhile, how far its write-ahead log grows;
// beside a plain copy of the file that is on the disk at the end (which is no backup: it is of no one moment), and beside
// VACUUM INTO. The ways take turns.
// Usage: npm run build && npx tsx scripts/bench/backup.ts [households = 1000000] [rounds = 3] [folder = the system's]
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { lineOf } from '../../src/registry/streetLine.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { registerMillions } from './millions.ts'
import { randomOf } from './random.ts'

const HOUSEHOLDS = Number(process.argv[2] ?? 1_000_000)
const ROUNDS = Number(process.argv[3] ?? 3)
/** Households of a transaction, the rest after it (milliseconds), and how long the writer is alone (milliseconds). */
const BATCH = 100
const REST = 30
const ALONE = 5_000

const folder = mkdtempSync(join(process.argv[4] ?? tmpdir(), 'vpostcode-bench-'))
const path = join(folder, 'registry.db')
const copy = join(folder, 'copy.db')
const vacuum = `const D = require('better-sqlite3'); const d = new D(process.argv[1], { readonly: true });
  d.exec("VACUUM INTO '" + process.argv[2] + "'"); require('fs').fsyncSync(require('fs').openSync(process.argv[2], 'r'))`
const WAYS: Record<string, string[] | null> = {
  alone: null,
  backup: [process.execPath, 'dist/cli/main.js', 'backup', copy, '--db', path],
  cp: ['dd', `if=${path}`, `of=${copy}`, 'bs=1M', 'conv=fsync'],
  vacuumInto: [process.execPath, '-e', vacuum, path, copy],
}

await registerMillions(path, HOUSEHOLDS)
const store = openWriter(path)
const other = new Database(path)
const random = randomOf(8)
const walOf = () => statSync(`${path}-wal`).size

/** The writer adds households until `work` is done. Answers the milliseconds of its transactions. */
async function writing(work: Promise<unknown>): Promise<number[]> {
  let isOver = false
  const end = work.finally(() => {
    isOver = true
  })
  const times: number[] = []
  while (!isOver) {
    const ns = Array.from({ length: BATCH }, () => 1 + Math.floor(random() * HOUSEHOLDS))
    const some = await store.households(ns)
    const began = performance.now()
    await store.transaction(async (tx) => {
      const first = await tx.reserve(some.length)
      const changes = some.map((household, i) => ({
        kind: 'insert' as const,
        household: { ...household, n: first + i },
      }))
      await tx.write({ changes, lineOf, at: Date.now(), actor: 'bench', job: null })
    })
    times.push(performance.now() - began)
    await setTimeout(REST)
  }
  await end
  return times
}

/** Runs a command. Answers its processor seconds, which tell more than the clock where other work runs. */
function run(command: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    // `times`: of the shell, then of what it ran, each in user mode and in the system.
    const child = spawn('bash', ['-c', '"$@" >&2 || exit 1; times', 'bash', ...command])
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    child.stderr.resume()
    child.once('close', (code) => {
      if (code !== 0) reject(new Error(`${command.join(' ')}: ${code}`))
      const times = [
        ...said
          .trim()
          .split('\n')
          .at(-1)!
          .matchAll(/(\d+)m([\d.]+)s/g),
      ]
      resolve(times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0))
    })
  })
}

interface Measured {
  seconds: number
  cpu: number
  megabytes: number
  times: number[]
  walMegabytes: number
}
const measured: Record<string, Measured[]> = Object.fromEntries(Object.keys(WAYS).map((way) => [way, []]))
for (let round = 0; round < ROUNDS; round++)
  for (const [way, command] of Object.entries(WAYS)) {
    rmSync(copy, { force: true })
    // Its file does not shrink by itself.
    other.pragma('wal_checkpoint(TRUNCATE)')
    const began = performance.now()
    let [seconds, wal, cpu] = [0, 0, 0]
    const work = (command ? run(command) : setTimeout(ALONE, 0)).then((used) => {
      cpu = used
      seconds = (performance.now() - began) / 1000
      wal = walOf()
    })
    const times = await writing(work)
    const megabytes = command ? statSync(copy).size / 1e6 : 0
    measured[way]!.push({ seconds, cpu, megabytes, times, walMegabytes: wal / 1e6 })
  }
other.close()
await store.close()

const round1 = (value: number) => Math.round(value * 10) / 10
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!
const view = (runs: Measured[]) => {
  const times = runs.flatMap(({ times }) => times).sort((a, b) => a - b)
  const at = (share: number) => round1(times[Math.min(times.length - 1, Math.floor(times.length * share))]!)
  return {
    seconds: round1(median(runs.map(({ seconds }) => seconds))),
    processorSeconds: round1(median(runs.map(({ cpu }) => cpu))),
    megabytes: Math.round(median(runs.map(({ megabytes }) => megabytes))),
    megabytesPerSecond: Math.round(median(runs.map(({ megabytes, seconds }) => megabytes / seconds))),
    walMegabytes: round1(Math.max(...runs.map(({ walMegabytes }) => walMegabytes))),
    writerMs: { transactions: times.length, p50: at(0.5), p99: at(0.99), max: at(1) },
  }
}
console.log(
  JSON.stringify(
    {
      households: HOUSEHOLDS,
      rounds: ROUNDS,
      ...Object.fromEntries(Object.entries(measured).map(([way, runs]) => [way, view(runs)])),
    },
    null,
    2,
  ),
)
rmSync(folder, { recursive: true, force: true })
