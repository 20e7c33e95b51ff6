import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type Database from 'better-sqlite3'

/** How often a writer shows that it lives, and after how long without a sign another may take over (milliseconds). */
const HEARTBEAT = 5_000
const PATIENCE = 60_000

/** Another process writes to this database. */
export class WriterBusy extends Error {
  override name = 'WriterBusy'
}

interface Holder {
  token: string
  pid: number
  host: string
  process_started: number
  heartbeat: number
}

/** The right to write to a database, held by one process at a time. */
export interface Lease {
  /** Call inside each writing transaction: throws when another writer took over, else shows that this one lives. */
  confirm(): void
  release(): void
}

/** Takes the lease or throws WriterBusy naming the holder. The lease of a process that is gone is taken over. */
export function takeLease(db: Database.Database): Lease {
  const token = randomUUID()
  const started = Math.round(Date.now() - process.uptime() * 1000)
  db.transaction(() => {
    const holder = db.prepare('SELECT * FROM lease').get() as Holder | undefined
    if (holder && lives(holder, started))
      throw new WriterBusy(
        `the database is being written by process ${holder.pid} on ${holder.host}; stop it first or read only`,
      )
    db.prepare('REPLACE INTO lease VALUES (1, ?, ?, ?, ?, ?)').run(
      token,
      process.pid,
      hostname(),
      started,
      Date.now(),
    )
  }).immediate()

  const beat = db.prepare('UPDATE lease SET heartbeat = ? WHERE token = ?')
  const mine = db.prepare('SELECT heartbeat FROM lease WHERE token = ?').pluck()
  const confirm = () => {
    const last = mine.get(token) as number | undefined
    if (last === undefined)
      throw new WriterBusy('another process has taken over the writing of this database')
    if (Date.now() - last >= HEARTBEAT) beat.run(Date.now(), token)
  }
  const timer = setInterval(() => {
    // A transaction is open: its own confirm has shown the sign.
    if (!db.inTransaction) beat.run(Date.now(), token)
  }, HEARTBEAT).unref()
  return {
    confirm,
    release() {
      clearInterval(timer)
      db.prepare('DELETE FROM lease WHERE token = ?').run(token)
    },
  }
}

function lives({ pid, host, process_started, heartbeat }: Holder, ourStart: number): boolean {
  const silence = Date.now() - heartbeat
  if (silence > PATIENCE) return false
  // A sign from the future: the clock was set back after it was given.
  if (host !== hostname()) return silence >= -PATIENCE
  // Our own number: either this process (another thread) or one before us that had the number, as in containers.
  if (pid === process.pid) return Math.abs(process_started - ourStart) < 2_000
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
