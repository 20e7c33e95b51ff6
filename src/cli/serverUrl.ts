import { join } from 'node:path'
import { Failure, UsageError } from './exit.ts'

/** Does a name of a database say that it is on a server of PostgreSQL (`postgres://user@host/database`)? */
export const isServer = (db: string): boolean => /^postgres(?:ql)?:\/\//i.test(db)

/**
 * The URL of a registry on a server. A password in it is refused without being shown: arguments of a command are seen by every
 * user of the machine, and names of databases stand in logs and lists of jobs.
 */
export function requireBare(url: string): string {
  const [bare, password] = splitPassword(url)
  if (password !== null)
    throw new UsageError(
      `${bare}: give the password by PGPASSWORD, PGPASSFILE or ~/.pgpass, not in the name of the database`,
    )
  return bare
}

/** A URL of a server without its password, and that. */
export function splitPassword(url: string): [bare: string, password: string | null] {
  if (!URL.canParse(url)) throw new UsageError('the URL of the server of PostgreSQL cannot be read')
  const read = new URL(url)
  const password = read.password ? decodeURIComponent(read.password) : read.searchParams.get('password')
  if (!password) return [url, null]
  read.password = ''
  read.searchParams.delete('password')
  return [read.href, password]
}

/** For what only a file can do: throws Failure for a registry on a server. */
export function requireFile(db: string, instead: string): string {
  if (isServer(db)) throw new Failure(`this is for a database file; a registry on PostgreSQL: ${instead}`)
  return db
}

/** What the names of folders that belong to a database begin with. */
export const folderBase = (db: string): string => (isServer(db) ? join('data', 'vpostcode') : db)
