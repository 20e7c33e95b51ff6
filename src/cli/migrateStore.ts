import { createHash } from 'node:crypto'
import type { Command } from 'commander'
import { lineOf } from '../registry/streetLine.ts'
import {
  TABLES,
  type Table,
  TransferRefused,
  type TransferSource,
  type Value,
} from '../store/shared/tables.ts'
import { Failure } from './exit.ts'
import { Progress } from './progress.ts'
import { isServer, requireBare } from './serverUrl.ts'
import { openExisting, openWriter } from './store.ts'

/** `migrate-store`: a whole registry from one store into another one. */
export function migrateStore(program: Command): void {
  program
    .command('migrate-store')
    .description('move a whole registry into another store, and prove that both hold the same')
    .argument('FROM', 'database file, or postgres://USER@HOST/DATABASE')
    .argument('TO', 'the same; must not be there yet, or be empty')
    .addHelpText(
      'after',
      '\nFROM cannot be written meanwhile and stays as it is. TO holds everything or nothing: a run that was cut off is given again.' +
        '\nPrints of each table how many rows it has and the SHA-256 of all of them, read from both sides in the same form.',
    )
    .action(async (from: string, to: string) => {
      const progress = new Progress()
      try {
        const moved = await moveStore(from, to, (text) => progress.say(text))
        console.log(JSON.stringify(moved, null, 2))
      } catch (error) {
        if (error instanceof TransferRefused) throw new Failure(error.message)
        throw error
      } finally {
        progress.end()
      }
    })
}

export interface Moved {
  equal: true
  rows: number
  seconds: number
  tables: { table: string; rows: number; sha256: string }[]
}

/** Moves a registry; throws TransferRefused, and Failure when what was taken in is not what was given. */
export async function moveStore(from: string, to: string, say: (text: string) => void): Promise<Moved> {
  const started = performance.now()
  await finishLines(from)
  const source = await sourceOf(from)
  try {
    const target = await targetOf(to)
    try {
      const given: Sum[] = []
      for (const table of TABLES) {
        const sum = new Sum(table)
        await target.fill(table, sum.through(source.rows(table)))
        given.push(sum)
        if (sum.rows > 0) say(`${table.name}: ${sum.rows} rows`)
      }
      await target.settle()
      say('reading what was taken in ...')
      for (const sum of given) {
        const taken = await new Sum(sum.table).all(target)
        if (taken.rows !== sum.rows || taken.sha256 !== sum.sha256)
          throw new Failure(
            `${sum.table.name}: ${sum.rows} rows were given (SHA-256 ${sum.sha256}), ${taken.rows} taken in (${taken.sha256}); ` +
              'nothing was kept of them',
          )
      }
      await target.commit()
      return {
        equal: true,
        rows: given.reduce((all, { rows }) => all + rows, 0),
        seconds: Math.round(performance.now() - started) / 1000,
        tables: given.map(({ table, rows, sha256 }) => ({ table: table.name, rows, sha256 })),
      }
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** Households that an older version wrote get what the server does between its jobs: no other store has such. */
async function finishLines(from: string): Promise<void> {
  await (await openExisting(from)).close()
  if (isServer(from)) return
  const store = await openWriter(from)
  try {
    while (await store.transaction((tx) => tx.writeLines(lineOf, 1_000)));
  } finally {
    await store.close()
  }
}

const sourceOf = async (db: string): Promise<TransferSource> =>
  isServer(db)
    ? (await import('../store/postgres/transfer.ts')).openSource(requireBare(db))
    : (await import('../store/sqlite/transfer.ts')).openSource(db)

const targetOf = async (db: string) =>
  isServer(db)
    ? (await import('../store/postgres/transfer.ts')).openTarget(requireBare(db))
    : (await import('../store/sqlite/transfer.ts')).openTarget(db)

/** Counts and sums up the rows of a table in one form, whatever store they come from. */
class Sum {
  readonly table: Table
  rows = 0
  readonly #hash = createHash('sha256')
  #sha256: string | undefined

  constructor(table: Table) {
    this.table = table
  }

  get sha256(): string {
    this.#sha256 ??= this.#hash.digest('hex')
    return this.#sha256
  }

  async *through(pages: ReturnType<TransferSource['rows']>): AsyncGenerator<Value[][]> {
    for await (const page of pages) {
      this.rows += page.length
      this.#hash.update(page.map(canonical).join(''))
      yield page
    }
  }

  async all(source: TransferSource): Promise<this> {
    for await (const _ of this.through(source.rows(this.table)));
    return this
  }
}

/** A row as JSON, bytes in hex. */
const canonical = (row: Value[]) =>
  `${JSON.stringify(row.map((value) => (value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value)))}\n`
