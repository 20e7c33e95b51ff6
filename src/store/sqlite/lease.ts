import type Database from 'better-sqlite3'
import { lives, type Signature, sign } from '../shared/signature.ts'

/** How often a writer shows that it lives (milliseconds). */
const HEARTBEAT = 5_000

/** Another process writes to this database. */
export class WriterBusy extends Error {
  override name = 'WriterBusy'
  /** The holder takes up queued jobs. */
  readonly serves: boolean

  constructor(message: string, serves: boolean) {
    super(message)
    this.serves = serves
  }
}

/** The right to write to a database, held by one process at a time. */
export interface Lease {
  /** Call inside each writing transaction: throws when another writer took over, else shows that this one lives. */
  confirm(): void
  release(): void
}

/**
 * Takes the lease or throws WriterBusy naming the holder. The lease of a process that is gone is taken over. `serves`:
 * this process takes up queued jobs.
 */
export function takeLease(db: Database.Database, serves = false): Lease {
  const mark = sign()
  const { token } = mark
  db.transaction(() => {
    const holder = db.prepare('SELECT * FROM lease').get() as (Signature & { serves: number }) | undefined
    if (holder && lives(holder))
      throw new WriterBusy(
        `the database is being written by process ${holder.pid} on ${holder.host}; stop it first or read only`,
        holder.serves === 1,
      )
    db.prepare(
      'REPLACE INTO lease (one, token, pid, host, process_started, heartbeat, serves) VALUES (1, ?, ?, ?, ?, ?, ?)',
    ).run(token, mark.pid, mark.host, mark.process_started, mark.heartbeat, Number(serves))
  }).immediate()

  const beat = db.prepare('UPDATE lease SET heartbeat = ? WHERE token = ?')
  const mine = db.prepare('SELECT heartbeat FROM lease WHERE token = ?').pluck()
  const confirm = () => {
    const last = mine.get(token) as number | undefined
    if (last === undefined)
      throw new WriterBusy('another process has taken over the writing of this database', false)
    if (Date.now() - last >= HEARTBEAT) beat.run(Date.now(), token)
  }
  const timer = setInterval(() => {
    // A transaction is open: its own confirm has shown the sign.
    if (db.inTransaction) return
    try {
      beat.run(Date.now(), token)
    } catch (error) {
      // Somebody else writes: the next sign is soon enough.
      if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error
    }
  }, HEARTBEAT).unref()
  return {
    confirm,
    release() {
      clearInterval(timer)
      db.prepare('DELETE FROM lease WHERE token = ?').run(token)
    },
  }
}
