import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type Database from 'better-sqlite3'

/** How often a writer shows that it lives, and after how long without a sign another may take over (milliseconds). */
const HEARTBEAT = 5_000
const PATIENCE = 60_000

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

/** What a process leaves behind where it works, so that others can tell whether it still does. */
export interface Signature {
  token: string
  pid: number
  host: string
  /** Milliseconds since 1970. */
  process_started: number
  heartbeat: number
}

/** A new signature of this process. */
export const sign = (): Signature => ({
  token: randomUUID(),
  pid: process.pid,
  host: hostname(),
  process_started: Math.round(Date.now() - process.uptime() * 1000),
  heartbeat: Date.now(),
})

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

/** Does the process that left this still work? A process of another host is believed for a minute. */
export function lives(signature: Signature): boolean {
  const { pid, host, heartbeat } = signature
  const silence = Date.now() - heartbeat
  if (silence > PATIENCE) return false
  // A sign from the future: the clock was set back after it was given.
  if (host !== hostname()) return silence >= -PATIENCE
  // Our own number: either this process (another thread) or one before us that had the number, as in containers.
  if (pid === process.pid) return isThisProcess(signature)
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

export function isThisProcess({ pid, host, process_started }: Signature): boolean {
  const ours = sign()
  return pid === ours.pid && host === ours.host && Math.abs(process_started - ours.process_started) < 2_000
}
