import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** With the number of the process that works on it. */
const NAME = /^vpostcode-csv-(\d+)-/

let swept: Promise<void> | undefined

/** A new folder for one file. The first one of a process also removes what processes left that were killed. */
export async function newCsvFolder(): Promise<string> {
  swept ??= sweep().catch(() => {})
  await swept
  return mkdtemp(join(tmpdir(), `vpostcode-csv-${process.pid}-`))
}

async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(NAME.exec(name)?.[1])
    if (pid && !isAlive(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
