import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { KeyStore } from '../../access/store.ts'
import type { PartStore } from '../../bulk/parts.ts'
import type { JobStore } from '../../registry/jobStore.ts'
import type { StoreReader, StoreWriter } from '../../registry/store.ts'
import { dropClaims } from './claims.ts'
import { one, openPool } from './connection.ts'
import { jobReader, jobWriter, type Transact } from './jobs.ts'
import { keyStore } from './keys.ts'
import { MIGRATIONS } from './migrations.ts'
import { namesOn } from './names.ts'
import { partStore } from './parts.ts'
import { registryReader } from './reader.ts'
import { registryTransaction } from './transaction.ts'

/** The database is not ours, was never prepared, or was made by another version of this program. */
export class WrongDatabase extends Error {
  override name = 'WrongDatabase'
}

/**
 * Opens a registry for reading: a server, or a streaming replica of one, that holds a registry of this version. Every change
 * is refused by the server. `url`: postgres://user:password@host:port/database. Throws WrongDatabase.
 */
export async function openReader(url: string): Promise<StoreReader> {
  const pool = openPool(url, { readonly: true })
  return closingOnError(pool, async () => ({ ...(await readerOn(pool)), close: () => pool.end() }))
}

/**
 * Opens a registry for writing beside any number of others that write; prepares the database, or brings it up to date, when
 * needed. Throws WrongDatabase.
 */
export async function openWriter(url: string): Promise<StoreWriter & PartStore> {
  const pool = openPool(url)
  return closingOnError(pool, async () => {
    await migrate(pool)
    const reader = await readerOn(pool)
    const names = namesOn(pool)
    const transact = transactionsOn(pool)
    return {
      ...reader,
      ...jobWriter(transact),
      ...partStore(pool, transact, names),
      transaction: alone((work) =>
        transact(async (client) => {
          const claimed: Buffer[] = []
          const result = await work(registryTransaction(client, names, claimed))
          await dropClaims(client, claimed)
          return result
        }),
      ),
      close: closer(pool),
    }
  })
}

/** Opens the list of jobs of a registry of this version. Throws WrongDatabase. */
export async function openJobs(url: string): Promise<JobStore & { close(): Promise<void> }> {
  const pool = openPool(url, { size: 2 })
  return closingOnError(pool, async () => {
    await requireVersion(pool)
    return { ...jobReader(pool), ...jobWriter(transactionsOn(pool)), close: closer(pool) }
  })
}

/** Opens the keys of a registry of this version. Throws WrongDatabase. */
export async function openKeys(url: string): Promise<KeyStore> {
  const pool = openPool(url, { size: 2 })
  return closingOnError(pool, async () => {
    await requireVersion(pool)
    return { ...keyStore(pool, transactionsOn(pool)), close: closer(pool) }
  })
}

async function readerOn(pool: pg.Pool): Promise<Omit<StoreReader, 'close'>> {
  await requireVersion(pool)
  const secret = await one<Buffer>(pool, "SELECT bytes FROM meta WHERE name = 'secret'")
  return { ...registryReader(pool, namesOn(pool), secret!), ...jobReader(pool), schema: MIGRATIONS.length }
}

/** Closing twice is closing once. */
function closer(pool: pg.Pool): () => Promise<void> {
  let closed: Promise<void> | undefined
  return () => {
    closed ??= pool.end()
    return closed
  }
}

async function closingOnError<T>(pool: pg.Pool, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    await pool.end()
    throw error
  }
}

type Transaction = StoreWriter['transaction']

/** Transactions of one store wait for each other; another store, of this process or another one, has its own turn. */
function alone(transaction: Transaction): Transaction {
  let tail: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = tail.then(() => transaction(work))
    tail = result.catch(() => {})
    return result
  }
}

/** How often a transaction is begun again that the server ended because of another one. */
const MOST_TRIES = 5
/** Could not serialize; deadlock. */
const AGAIN: ReadonlySet<unknown> = new Set(['40001', '40P01'])
/** Another writer has given this number to a household a moment ago: looked up again it is found. */
const TAKEN = 'external_ids_pkey'

/**
 * Transactions on connections of a pool, durable when they resolve. One that meets another one in a way that only the
 * server can resolve is rolled back and begun again: its work must bear being run more than once.
 */
function transactionsOn(pool: pg.Pool): Transact {
  return async (work) => {
    for (let tries = 1; ; tries++) {
      try {
        return await transactOnce(pool, work)
      } catch (error) {
        const { code, constraint } = error as { code?: unknown; constraint?: unknown }
        const again = AGAIN.has(code) || (constraint === TAKEN && tries === 1)
        if (!again || tries >= MOST_TRIES) throw error
      }
    }
  }
}

async function transactOnce<T>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken = false
  try {
    await client.query('BEGIN')
    // A server may be set not to wait for its disk; a registry does.
    await client.query(
      "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'",
    )
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      broken = true
    })
    throw error
  } finally {
    client.release(broken)
  }
}

async function versionOf(pool: Pick<pg.ClientBase, 'query'>): Promise<number> {
  const exists = await one<boolean>(pool, "SELECT to_regclass('meta') IS NOT NULL")
  if (!exists) return 0
  const version = (await one<number>(pool, "SELECT number FROM meta WHERE name = 'schema'")) ?? 0
  if (version > MIGRATIONS.length)
    throw new WrongDatabase(
      `the database was made by a newer version of this program (schema ${version}, this one knows ${MIGRATIONS.length})`,
    )
  return version
}

async function requireVersion(pool: pg.Pool): Promise<void> {
  const version = await versionOf(pool)
  if (version === 0) throw new WrongDatabase('the database holds no registry yet')
  if (version < MIGRATIONS.length)
    throw new WrongDatabase(
      `the database has schema ${version}, this program reads ${MIGRATIONS.length}: a writer brings it up to date`,
    )
}

/** Brings the schema up to date, in one transaction; others that open the database meanwhile wait. */
async function migrate(pool: pg.Pool): Promise<void> {
  if ((await versionOf(pool)) === MIGRATIONS.length) return
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SET LOCAL statement_timeout = 0')
    await client.query('SELECT pg_advisory_xact_lock(8452, 0)')
    await client.query('CREATE TABLE IF NOT EXISTS meta (name text PRIMARY KEY, number bigint, bytes bytea)')
    const version = await versionOf(client)
    for (const step of MIGRATIONS.slice(version)) await client.query(step)
    if (version === 0)
      await client.query("INSERT INTO meta (name, bytes) VALUES ('secret', $1)", [randomBytes(32)])
    await client.query(
      `INSERT INTO meta (name, number) VALUES ('schema', $1)
       ON CONFLICT (name) DO UPDATE SET number = excluded.number`,
      [MIGRATIONS.length],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    const { message } = error as Error
    // Not there, or not ours to make.
    if (/extension "postgis"/.test(message))
      throw new WrongDatabase(`${message}; a superuser has to run CREATE EXTENSION postgis in it once`)
    throw error
  } finally {
    client.release()
  }
}
