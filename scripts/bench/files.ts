// Rows a second and memory of workbooks: reading and writing alone beside a library, and `assign` with XLSX in and out as
// users run it (dist/).
// Usage: npx tsx scripts/bench/files.ts [rows = 200000]
// The floor is that of the issue: 8,000 rows/s with XLSX in and out. The peer is hucre, the faster of two libraries that were
// measured (exceljs 4.4.0 is the other); it reads the file that it has whole in memory.
import { spawnSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { streamXlsxRows, writeXlsxStream } from 'hucre/xlsx'
import { cellsOf } from '../../src/bulk/cells.ts'
import { openSource } from '../../src/bulk/open.ts'
import { STRIDE } from '../../src/bulk/records.ts'
import { writeXlsx } from '../../src/bulk/workbook/write.ts'

import { watched } from './watched.ts'

const FLOOR_ROWS = 8_000
const FLOOR_MEGABYTES = 700

const rows = Number(process.argv[2] ?? 200_000)
const loadBefore = loadavg()[0]!
const folder = mkdtempSync(join(tmpdir(), 'vpostcode-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)

node('scripts/build.mjs')
node('--import', 'tsx', 'scripts/households/make.ts', '--rows', String(rows), '--out', at('households.csv'))

const table = await readAll(at('households.csv'))
const [header, ...cells] = table
const ours = await timed(() =>
  writeXlsx(at('ours.xlsx'), { header: header!, numbers: new Set(), rows: chunks(cells) }),
)
const theirs = await timed(() =>
  pipeline(
    Readable.fromWeb(
      writeXlsxStream(cells, { name: 'a', columns: header!.map((name) => ({ header: name })) }) as never,
    ),
    createWriteStream(at('theirs.xlsx')),
  ),
)
const cpu = { ours: Number.POSITIVE_INFINITY, theirs: Number.POSITIVE_INFINITY }
const read = { ours: 0, theirs: 0 }
let same = true
for (let round = 0; round < 3; round++) {
  const [mine, found] = await timedWith(() => readAll(at('ours.xlsx')))
  same &&= found.length === table.length && found.every((row, i) => row.join('\t') === withoutEnd(table[i]!))
  read.ours = Math.max(read.ours, mine)
  read.theirs = Math.max(read.theirs, await timed(readTheirs))
  cpu.ours = Math.min(cpu.ours, await cpuOf(() => readAll(at('ours.xlsx'))))
  cpu.theirs = Math.min(cpu.theirs, await cpuOf(readTheirs))
}
const whole = await assign('ours.xlsx', 'result.xlsx')
const beside = await assign('households.csv', 'result.csv')
console.log(
  JSON.stringify(
    {
      bench: 'files',
      rows,
      columns: header!.length,
      loadBefore: Math.round(loadBefore * 100) / 100,
      bytesInput: statSync(at('ours.xlsx')).size,
      readRowsPerSecond: read.ours,
      readRowsPerSecondPeer: read.theirs,
      readCpuMicrosecondsPerRow: cpu.ours,
      readCpuMicrosecondsPerRowPeer: cpu.theirs,
      writeRowsPerSecond: ours,
      writeRowsPerSecondPeer: theirs,
      cellsReadAsWritten: same,
      assignXlsxToXlsx: whole,
      assignCsvToCsv: beside,
      floors: { rowsPerSecond: FLOOR_ROWS, megabytes: FLOOR_MEGABYTES },
      met: whole.rowsPerSecond >= FLOOR_ROWS && whole.megabytes <= FLOOR_MEGABYTES && same,
    },
    null,
    2,
  ),
)

function node(...args: string[]): void {
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`${args.join(' ')} failed`)
}

async function readAll(path: string): Promise<string[][]> {
  const source = await openSource(path, null)
  const found: string[][] = []
  for await (const { bytes, table } of source.batches(0, 1000))
    for (let i = 0; i < table.length; i += STRIDE)
      found.push(cellsOf(bytes.toString('utf8', table[i], table[i + 1]), source.delimiter))
  source.close()
  return found
}

async function readTheirs(): Promise<void> {
  let count = 0
  for await (const row of streamXlsxRows(readFileSync(at('ours.xlsx'))))
    count += row.values.length > 0 ? 1 : 0
  if (count !== table.length) throw new Error(`the peer reads ${count} rows`)
}

/** A workbook does not write empty cells at the end of a row. */
function withoutEnd(row: readonly string[]): string {
  let end = row.length
  while (end > 0 && row[end - 1] === '') end--
  return [...row.slice(0, end), ...new Array(row.length - end).fill('')].join('\t')
}

function* chunks(list: string[][]): Generator<string[][]> {
  for (let i = 0; i < list.length; i += 1000) yield list.slice(i, i + 1000)
}

/** Rows a second. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  return (await timedWith(work))[0]
}

async function timedWith<T>(work: () => Promise<T>): Promise<[number, T]> {
  const started = performance.now()
  const result = await work()
  return [Math.round(rows / ((performance.now() - started) / 1000)), result]
}

/** Microseconds of all threads a row; with a busy machine this tells more than the time. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return Math.round(((user + system) / rows) * 10) / 10
}

/** `assign` from file to file, watched from outside. */
async function assign(input: string, output: string) {
  const args = ['assign', at(input), '-o', at(output), '--db', at(`${output}.db`)]
  const { seconds, rowsPerSecond, cpuMicrosecondsPerRow, megabytes } = await watched(args, rows)
  return { seconds, rowsPerSecond, cpuMicrosecondsPerRow, megabytes, bytesResult: statSync(at(output)).size }
}
