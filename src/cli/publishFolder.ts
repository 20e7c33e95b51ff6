import { resolve } from 'node:path'
import { folderBase } from './serverUrl.ts'
import { readSettings } from './settings.ts'

/** Where the published sets of a database are. */
export const publishFolder = (db: string): string =>
  resolve(readSettings().publish ?? `${folderBase(db)}-published`)
