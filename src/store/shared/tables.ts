import { HOUSEHOLD_COLUMNS } from './codec.ts'

export type Value = string | number | Uint8Array | null

/** A table as every store can write it out and take it in: what `migrate-store` moves and compares. */
export interface Table {
  name: string
  columns: readonly string[]
  /** What its rows are sorted by; text by its bytes, null first. */
  order: readonly string[]
  /** Which of its rows are moved, as a WHERE; all when absent. */
  only?: string
}

const COUNTS = 'households coded visit review verified sampled checked wrong findings'

const table = (name: string, columns: string, order: string): Table => ({
  name,
  columns: columns.split(' '),
  order: order.split(' '),
})

/**
 * All that a registry holds, in an order in which it can be taken in. What follows from the rest (where a store looks things
 * up) is not among it, nor who holds a lease. What a store keeps in another way its transfer.ts tells.
 */
export const TABLES: readonly Table[] = [
  {
    ...table('meta', 'name number bytes', 'name'),
    only: "WHERE name IN ('secret', 'keys', 'crosswalks', 'given')",
  },
  table('names', 'id name', 'id'),
  table('households', HOUSEHOLD_COLUMNS.join(' '), 'n'),
  table('external_ids', 'scheme value n', 'scheme value'),
  table('list_rows', 'province n list row', 'n list row'),
  table('aliases', 'province code until_at n from_at', 'code until_at n'),
  table('events', 'province number n kind at actor job body', 'province number'),
  table('stands', 'province key n until_at lat lon', 'key n until_at lat lon'),
  table('coverage', `province commune day ${COUNTS}`, 'province commune day'),
  table('coverage_totals', `province commune ${COUNTS}`, 'province commune'),
  table('targets', 'commune households', 'commune'),
  table('doubts', 'province commune n other kind score reason metres found_at', 'n other kind'),
  table('sample_rounds', 'round seed share least at actor', 'round'),
  table('sample_communes', 'province commune round population drawn at', 'province commune round'),
  table('sample_households', 'province commune round n state', 'province commune round n'),
  table('checks', 'province id n round at actor verdict metres found undone_at undone_by', 'id'),
  table('observations', 'province n actor at found lat lon accuracy', 'n actor'),
  table('decided_streets', 'province former street commune households', 'former street commune'),
  table('job_streets', 'job streets', 'job'),
  table('old_postcodes', 'postcode commune until_on from_on source', 'postcode commune until_on'),
  table('crosswalks', 'scheme as_of loaded_at entries', 'scheme'),
  table(
    'jobs',
    'id kind owner fingerprint input output list options engine_version data_version state requested error chunks rows_done ' +
      'done total out_bytes counts started_at taken_at taken_rows finished_at dropped token pid host process_started heartbeat',
    'id',
  ),
  table('job_chunks', 'job chunk first_row rows out_bytes counts touched', 'job chunk'),
  table(
    'keys',
    'id prefix hash role name origins scope per_minute created_at expires_at revoked_at replaced_by used_on',
    'id',
  ),
  table('key_events', 'number at kind actor key body', 'number'),
]

/** One side of a move. Rows come and go in pages, by the columns of the table. */
export interface TransferSource {
  rows(table: Table): AsyncIterable<Value[][]> | Iterable<Value[][]>
  close(): Promise<void>
}
/** Everything is taken in at once or not at all: what was not committed is gone when it is closed. */
export interface TransferTarget extends TransferSource {
  fill(table: Table, pages: AsyncIterable<Value[][]>): Promise<void>
  /** Makes what follows from the rest; after the last table. */
  settle(): Promise<void>
  commit(): Promise<void>
}

/** Somebody writes to the source, or the target holds something: nothing was moved. */
export class TransferRefused extends Error {
  override name = 'TransferRefused'
}

/** Rows a page. */
export const TRANSFER_PAGE = 5_000
