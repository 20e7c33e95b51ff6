import { closeSync, fsyncSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import { EVENT_KINDS, PROVINCE_STEP, provinceOf } from '../shared/events.ts'
import { type Lease, takeLease } from './lease.ts'
import { EmptyDatabase, openExisting, openWriter, WrongDatabase } from './open.ts'
import { eventEnds } from './rows.ts'

/** Pages copied before other work of the process goes on, and bytes after which the disk has them: the writer waits for less. */
const PAGES = 256
const SYNC_BYTES = 32 * 2 ** 20

/** What a database holds at one moment. */
export interface Contents {
  /** Version of the schema. */
  schema: number
  households: number
  /** The last number of each province; there is no gap before it. */
  lastEvents: { province: string; number: number }[]
  /** The time of the latest of them (milliseconds since 1970), null when there are none. */
  until: number | null
  bytes: number
}

/** A copy is not what it was taken of, or a file is damaged. */
export class NotWhole extends Error {
  override name = 'NotWhole'
}

/** The copying was to stop. */
export class Stopped extends Error {
  override name = 'Stopped'
}

interface CopyOptions {
  /** Told before the first page. */
  onStart?(contents: Contents): void
  onProgress(bytes: number, bytesTotal: number): void
  onCheck?(): void
  stop(): boolean
}

/**
 * Copies the database `from`, of this or an older schema, as it is at one moment, to the new file `to`, for its owner only;
 * others may write meanwhile, and the write-ahead log keeps what they write until the last page is copied. Every page of the copy is
 * checked, and it is on the disk at the end. Throws NotWhole, Stopped, WrongDatabase; what is written of `to` then is left.
 */
export async function copyDatabase(from: string, to: string, options: CopyOptions): Promise<Contents> {
  const file = openSync(to, 'wx', 0o600)
  try {
    const contents = await copyPages(from, to, { ...options, sync: () => fsyncSync(file) })
    options.onCheck?.()
    seal(to, contents)
    fsyncSync(file)
    return contents
  } finally {
    closeSync(file)
  }
}

async function copyPages(
  from: string,
  to: string,
  { onStart, onProgress, stop, sync }: CopyOptions & { sync(): void },
): Promise<Contents> {
  const db = openExisting(from, true, true)
  try {
    // Within a transaction the copy is of its moment, and never begins anew when somebody writes.
    db.exec('BEGIN')
    const contents = contentsOf(db)
    onStart?.(contents)
    const page = db.pragma('page_size', { simple: true }) as number
    let synced = 0
    await db.backup(to, {
      progress({ totalPages, remainingPages }) {
        if (stop()) throw new Stopped('stopped')
        const bytes = (totalPages - remainingPages) * page
        onProgress(bytes, totalPages * page)
        if (bytes - synced >= SYNC_BYTES) {
          sync()
          synced = bytes
        }
        return PAGES
      },
    })
    return contents
  } finally {
    db.close()
  }
}

function contentsOf(db: Database.Database): Contents {
  const ids = eventEnds(db)()
  const at = db.prepare('SELECT at FROM events WHERE id = ?').pluck()
  const pragma = (name: string) => db.pragma(name, { simple: true }) as number
  return {
    schema: pragma('user_version'),
    households: db.prepare('SELECT count(*) FROM households').pluck().get() as number,
    lastEvents: ids.map((id) => ({ province: provinceOf(id), number: id % PROVINCE_STEP })),
    until: ids.length > 0 ? Math.max(...ids.map((id) => at.get(id) as number)) : null,
    bytes: pragma('page_count') * pragma('page_size'),
  }
}

/** Makes one file of a copy, which nobody writes to, and checks it. */
function seal(path: string, contents: Contents): void {
  const db = new Database(path)
  try {
    db.pragma('journal_mode = DELETE')
    db.exec('DELETE FROM lease')
    const faults = db.pragma('quick_check(3)', { simple: true })
    if (faults !== 'ok') throw new NotWhole(String(faults))
    if (JSON.stringify(contentsOf(db)) !== JSON.stringify(contents))
      throw new NotWhole('households or events are missing')
  } finally {
    db.close()
  }
}

/** What the database that a backup replaces knows better than the backup. */
export interface Kept {
  secret: Buffer
  /** Households that were erased, by n. */
  erased: number[]
  /** The highest n that was ever given. */
  lastN: number
  /** Rows of the tables of keys and of their log; null when it has none. */
  keys: { keys: Row[]; key_events: Row[] } | null
}
type Row = Record<string, unknown>
/** Of these tables, each of this schema or a later one. */
const KEY_TABLES = {
  keys: 'id prefix hash role name origins scope per_minute created_at expires_at revoked_at replaced_by used_on',
  key_events: 'number at kind actor key body',
} as const

/** The database that a backup replaces, which nobody else may write to from now on. */
export interface Replaced {
  kept: Kept
  /** Makes one file of it and runs `swap` while nobody can read it. Throws SqliteError (busy) when somebody has it open. */
  giveUp(swap: () => void): void
  close(): void
}

/** Throws WriterBusy while another process writes to it, WrongDatabase, and SqliteError when it cannot be read. */
export function openReplaced(path: string): Replaced {
  const db = new Database(path, { fileMustExist: true, timeout: 5_000 })
  let lease: Lease | undefined
  try {
    const tables = db.prepare('SELECT name FROM sqlite_schema').pluck().all()
    if (tables.length === 0) throw new EmptyDatabase(`${path} is an empty file`)
    if (!tables.includes('lease')) throw new WrongDatabase(`${path} is a database of something else`)
    lease = takeLease(db)
    const kept = keptOf(db)
    const close = () => {
      if (!db.open) return
      lease!.release()
      db.close()
    }
    return {
      kept,
      close,
      giveUp(swap) {
        // Refused while anybody else has it open; then no other file belongs to it.
        db.pragma('journal_mode = DELETE')
        lease!.release()
        db.exec('BEGIN EXCLUSIVE')
        swap()
        db.close()
      },
    }
  } catch (error) {
    lease?.release()
    db.close()
    throw error
  }
}

function keptOf(db: Database.Database): Kept {
  const one = (sql: string) => db.prepare(sql).pluck().get()
  const rows = (table: keyof typeof KEY_TABLES) =>
    db.prepare(`SELECT ${KEY_TABLES[table].replaceAll(' ', ', ')} FROM ${table}`).all() as Row[]
  const tables = one("SELECT count(*) FROM sqlite_schema WHERE name IN ('keys', 'key_events')")
  return {
    secret: one("SELECT value FROM meta WHERE name = 'secret'") as Buffer,
    erased: db
      .prepare('SELECT DISTINCT n FROM events WHERE kind = ? ORDER BY n')
      .pluck()
      .all(EVENT_KINDS.indexOf('erase')) as number[],
    lastN: one(
      "SELECT max((SELECT coalesce(max(n), 0) FROM households), (SELECT coalesce(max(value), 0) FROM meta WHERE name = 'given'))",
    ) as number,
    keys: tables === 2 ? { keys: rows('keys'), key_events: rows('key_events') } : null,
  }
}

/** What to do to a copy before it takes the place of the registry. */
export interface Settling {
  keys: Kept['keys']
  /** Numbers up to this one may have been given since the backup: they are not given again. */
  lastN(ofBackup: number): number
}

/**
 * Opens the copy of a backup for writing, brought up to date. Its unfinished jobs have failed, for their files went on without
 * it; files that were sent over HTTP are in no backup, so nothing leads to them.
 */
export const openCopy = (path: string, settling: Settling) =>
  openWriter(path, { prepare: (db) => db.transaction(() => settle(db, settling))() })

function settle(db: Database.Database, { keys, lastN }: Settling): void {
  const ended = "state IN ('done', 'failed', 'cancelled')"
  db.exec(`
    DELETE FROM job_chunks;
    DELETE FROM job_streets;
    UPDATE jobs SET state = 'failed', error = 'a backup of before its end was restored', requested = NULL,
      finished_at = ${Date.now()} WHERE NOT ${ended};
    UPDATE jobs SET options = json_remove(options, '$.upload'), dropped = 1 WHERE options ->> '$.upload' IS NOT NULL;
  `)
  const last = db.prepare('SELECT coalesce(max(n), 0) FROM households').pluck().get() as number
  db.prepare(
    "REPLACE INTO meta VALUES ('given', max(?, (SELECT coalesce(max(value), 0) FROM meta WHERE name = 'given')))",
  ).run(lastN(last))
  if (!keys) return
  for (const [table, rows] of Object.entries(keys)) {
    db.exec(`DELETE FROM ${table}`)
    const names = KEY_TABLES[table as keyof typeof KEY_TABLES].split(' ')
    const add = db.prepare(`INSERT INTO ${table} (${names}) VALUES (${names.map(() => '?')})`)
    for (const row of rows) add.run(names.map((name) => row[name]))
  }
}
