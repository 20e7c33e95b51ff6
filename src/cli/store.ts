import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { StoreReader, StoreWriter } from '../registry/store.ts'
import { WriterBusy } from '../store/sqlite/lease.ts'
import * as sqlite from '../store/sqlite/open.ts'
import { Failure } from './exit.ts'

/** Opens the database for writing; makes it, with its folder, when it is not there. */
export function openWriter(path: string): StoreWriter {
  return failing(path, () => {
    mkdirSync(dirname(path), { recursive: true })
    return sqlite.openWriter(path)
  })
}

/** Opens the database for reading; makes an empty one when it is not there. */
export async function openReader(path: string): Promise<StoreReader> {
  if (!existsSync(path)) await openWriter(path).close()
  return failing(path, () => sqlite.openReader(path))
}

/** Opens the database for reading, null when it is not there. */
export function openReaderIfAny(path: string): StoreReader | null {
  return existsSync(path) ? failing(path, () => sqlite.openReader(path)) : null
}

function failing<T>(path: string, open: () => T): T {
  try {
    return open()
  } catch (error) {
    if (error instanceof WriterBusy || error instanceof sqlite.WrongDatabase) throw new Failure(error.message)
    throw new Failure(`the database ${path} cannot be opened: ${(error as Error).message}`)
  }
}
