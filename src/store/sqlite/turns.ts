import { rmSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { WriterBusy } from './lease.ts'

/**
 * SQLite queues nobody: a process that writes transaction after transaction leaves gaps in which another one hardly ever
 * finds the lock free. So who waits for a turn keeps a file beside the database, and the busy one pauses while it is there.
 */
const fileOf = (path: string) => `${path}-waiting`

/** How long the busy process pauses for one turn, and after how long without a sign the one that waited is gone (milliseconds). */
const PAUSE = 100
const GONE = 1_000
/** How long one waits for a turn (milliseconds). */
const PATIENCE = 30_000

async function giveWay(path: string): Promise<void> {
  const file = fileOf(path)
  for (const until = Date.now() + PAUSE; Date.now() < until; await setTimeout(1)) {
    const waiting = statSync(file, { throwIfNoEntry: false })
    if (!waiting) return
    if (Date.now() - waiting.mtimeMs > GONE) rmSync(file, { force: true })
  }
}

/** Begins a transaction of the process that holds the lease, without keeping the process from other work meanwhile. */
export async function beginInTurn(db: Database.Database, path: string): Promise<void> {
  await giveWay(path)
  await untilFree(db, () => {})
}

/** Begins a transaction of a process beside it. Throws WriterBusy when no turn came. */
export async function takeTurn(db: Database.Database, path: string): Promise<void> {
  const file = fileOf(path)
  try {
    await untilFree(db, () => writeFileSync(file, '', { mode: 0o600 }))
  } finally {
    rmSync(file, { force: true })
  }
}

async function untilFree(db: Database.Database, wait: () => void): Promise<void> {
  for (const until = Date.now() + PATIENCE; !begins(db); await setTimeout(1)) {
    if (Date.now() > until) throw new WriterBusy('the database is busy: try again', false)
    wait()
  }
}

/** Begins a transaction when nobody else has one; does not wait, as SQLite would. */
function begins(db: Database.Database): boolean {
  const patience = db.pragma('busy_timeout', { simple: true })
  db.pragma('busy_timeout = 0')
  try {
    db.exec('BEGIN IMMEDIATE')
    return true
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error
    return false
  } finally {
    db.pragma(`busy_timeout = ${patience}`)
  }
}
