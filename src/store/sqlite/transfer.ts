import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { PROVINCE_STEP } from '../shared/events.ts'
import { lives, type Signature } from '../shared/signature.ts'
import {
  type Table,
  TRANSFER_PAGE,
  TransferRefused,
  type TransferSource,
  type TransferTarget,
  type Value,
} from '../shared/tables.ts'
import { openExisting, openWriter } from './open.ts'

const OF_HOUSEHOLD = '(SELECT province FROM households h WHERE h.n = t.n)'
/** What stands in other columns here. */
const COLUMNS: Record<string, Record<string, string>> = {
  meta: {
    number: "CASE WHEN typeof(value) <> 'blob' THEN value END",
    bytes: "CASE WHEN typeof(value) = 'blob' THEN value END",
  },
  list_rows: { province: OF_HOUSEHOLD },
  aliases: { province: OF_HOUSEHOLD },
  stands: { province: OF_HOUSEHOLD },
  checks: { province: OF_HOUSEHOLD },
  observations: { province: OF_HOUSEHOLD },
  events: { province: `id / ${PROVINCE_STEP}`, number: `id % ${PROVINCE_STEP}` },
  decided_streets: { province: '(SELECT province FROM coverage_totals c WHERE c.commune = t.commune)' },
}

/** Writes a database out while nobody can write to it. Throws TransferRefused while somebody does. */
export function openSource(path: string): TransferSource {
  const db = openExisting(path, false)
  try {
    // Whoever wants to write waits for its turn in vain, and says so.
    db.exec('BEGIN IMMEDIATE')
    const holder = db.prepare('SELECT * FROM lease').get() as Signature | undefined
    if (holder && lives(holder))
      throw new TransferRefused(
        `the database is being written by process ${holder.pid} on ${holder.host}: stop it first`,
      )
  } catch (error) {
    db.close()
    if ((error as { code?: string }).code === 'SQLITE_BUSY')
      throw new TransferRefused('the database is being written: try again')
    throw error
  }
  return { rows: (table) => rowsOf(db, table), close: async () => void db.close() }
}

function* rowsOf(db: Database.Database, { name, columns, order, only }: Table): Generator<Value[][]> {
  const own = COLUMNS[name] ?? {}
  const list = columns.map((column) => `${own[column] ?? `t.${column}`} AS ${column}`)
  const asked = db
    .prepare(`SELECT ${list.join(', ')} FROM ${name} t ${only ?? ''} ORDER BY ${order.join(', ')}`)
    .raw()
  let page: Value[][] = []
  for (const row of asked.iterate() as Iterable<Value[]>) {
    page.push(row)
    if (page.length < TRANSFER_PAGE) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}

/** Makes a database out of nothing: a file of another name until it is committed. Throws TransferRefused when one is there. */
export async function openTarget(path: string): Promise<TransferTarget> {
  if (existsSync(path)) throw new TransferRefused(`${path} is there already: the target must be new`)
  mkdirSync(dirname(path), { recursive: true })
  const part = `${path}.moving`
  if (existsSync(part) && isWritten(part))
    throw new TransferRefused(`another process moves a registry to ${path}`)
  // Of a move that was cut off.
  const discard = () => {
    for (const end of ['', '-wal', '-shm', '-waiting']) rmSync(part + end, { force: true })
  }
  discard()
  await openWriter(part).close()
  const db = new Database(part)
  db.pragma('synchronous = OFF')
  db.pragma('cache_size = -262144')
  db.exec("BEGIN IMMEDIATE; DELETE FROM meta WHERE name = 'secret'")
  let committed = false
  return {
    rows: (table) => rowsOf(db, table),
    async fill({ name, columns }, pages) {
      const { into, values } = shapeOf(name, columns)
      const add = db.prepare(`INSERT INTO ${name} (${into.join(', ')}) VALUES (${values.join(', ')})`)
      for await (const page of pages)
        for (const row of page) add.run(Object.fromEntries(columns.map((column, i) => [column, row[i]])))
    },
    async settle() {},
    async commit() {
      db.exec('COMMIT')
      db.exec('ANALYZE')
      db.pragma('synchronous = FULL')
      db.pragma('wal_checkpoint(TRUNCATE)')
      db.close()
      renameSync(part, path)
      committed = true
    },
    async close() {
      if (db.open) db.close()
      if (!committed) discard()
    },
  }
}

/** Whether a process is in a transaction that writes this file: its locks end with it. */
function isWritten(path: string): boolean {
  const db = new Database(path, { timeout: 0 })
  try {
    db.exec('BEGIN IMMEDIATE; ROLLBACK')
    return false
  } catch (error) {
    // Anything else is a file that was cut off.
    return (error as { code?: string }).code === 'SQLITE_BUSY'
  } finally {
    db.close()
  }
}

/** The columns that are written, and of what. */
function shapeOf(name: string, columns: readonly string[]): { into: string[]; values: string[] } {
  if (name === 'meta') return { into: ['name', 'value'], values: ['@name', 'coalesce(@number, @bytes)'] }
  const own = COLUMNS[name] ?? {}
  const into = columns.filter((column) => !own[column])
  const values = into.map((column) => `@${column}`)
  if (name !== 'events') return { into, values }
  return {
    into: ['id', ...into],
    values: [`CAST(@province * ${PROVINCE_STEP} + @number AS INTEGER)`, ...values],
  }
}
