import { existsSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { Failure } from './exit.ts'

/** Files that SQLite keeps beside a database. */
export const SIDE_FILES = ['-wal', '-shm', '-journal']

/** What is written before it gets its name: beside it, told apart by process. */
const partName = (pid: number | string) => `vpostcode-${hostname()}-${pid}.part`

/**
 * The name for a file of `bytes` that is written before it takes the name `target`; what killed processes of this machine left in
 * that folder is removed. Throws Failure when the folder is not there or has no room.
 */
export function newPart(target: string, bytes: number): string {
  const folder = dirname(resolve(target))
  if (!existsSync(folder)) throw new Failure(`the folder ${folder} is not there`)
  const pattern = new RegExp(`^${partName('(\\d+)').replaceAll('.', '\\.')}(-[a-z]+)?$`)
  for (const name of readdirSync(folder)) {
    const pid = pattern.exec(name)?.[1]
    if (pid && (Number(pid) === process.pid || !isAlive(Number(pid)))) rmSync(join(folder, name))
  }
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize < bytes)
    throw new Failure(
      `there is no room in ${folder}: ${megabytes(bytes)} MB are needed, ${megabytes(bavail * bsize)} are free`,
    )
  return join(folder, partName(process.pid))
}

export function dropPart(path: string): void {
  for (const suffix of ['', ...SIDE_FILES]) rmSync(path + suffix, { force: true })
}

export const megabytes = (bytes: number) => Math.round(bytes / 1e6)

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
