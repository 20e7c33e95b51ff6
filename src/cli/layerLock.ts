import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { layersFolder } from '../gazetteer/streetLayer/installed.ts'
import { Failure } from './exit.ts'

/**
 * Runs `work` while no other command changes the layers of this data folder. The lock is one of the system, on an empty
 * database: it ends with the process, however that ends. Throws `Failure` when another process has it.
 */
export async function alone<T>(dataDir: string, work: () => T | Promise<T>): Promise<T> {
  const folder = layersFolder(dataDir)
  mkdirSync(folder, { recursive: true })
  const lock = new Database(join(folder, 'import.lock'), { timeout: 0 })
  try {
    try {
      lock.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error
      throw new Failure('another command is changing the street layers: wait until it is done')
    }
    return await work()
  } finally {
    lock.close()
  }
}
