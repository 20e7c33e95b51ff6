import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { Failure } from './exit.ts'

/**
 * Runs `work` while no other process does the like: they share the lock, a file that is made with its folder. It is one of the
 * system, on an empty database, and ends with the process, however that ends. Throws `Failure` with the message when another
 * process has it.
 */
export async function underLock<T>(path: string, taken: string, work: () => T | Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const lock = new Database(path, { timeout: 0 })
  try {
    try {
      lock.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error
      throw new Failure(taken)
    }
    return await work()
  } finally {
    lock.close()
  }
}
