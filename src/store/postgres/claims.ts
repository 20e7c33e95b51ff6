import { change, type Queryable } from './connection.ts'

/**
 * Two writers that find no household for the same address would both make one. So what a writer looks up it claims first:
 * another one that claims the same waits until it has ended, and then sees what it has made. A claim is a row of a unique
 * index, not an advisory lock, of which a server has room for some thousands only. Claims are taken in one order.
 */
export async function claim(db: Queryable, what: readonly Buffer[]): Promise<void> {
  if (what.length === 0) return
  await change(
    db,
    'INSERT INTO claims (what) SELECT what FROM unnest($1::bytea[]) u (what) ORDER BY what ON CONFLICT DO NOTHING',
    what,
  )
}

/** Before the transaction ends: others wait for its end all the same, and nothing stays behind. */
export async function dropClaims(db: Queryable, what: readonly Buffer[]): Promise<void> {
  if (what.length > 0) await change(db, 'DELETE FROM claims WHERE what = ANY($1::bytea[])', what)
}
