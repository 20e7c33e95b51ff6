import type { Change, EventKind, StoredEvent } from '../../registry/store.ts'
import { twoDigits } from './codec.ts'

/** Positions are stored: append only. */
export const EVENT_KINDS: readonly EventKind[] = [
  'insert',
  'update',
  'verify',
  'retire',
  'merge',
  'split',
  'reinstate',
  'undo',
  'erase',
]

/** An event's place in the list of all is province * PROVINCE_STEP + number. */
export const PROVINCE_STEP = 2 ** 40

export const provinceOf = (id: number) => twoDigits(Math.floor(id / PROVINCE_STEP))

/** A body has only what differs from this. */
export const NO_BODY = { before: null, after: null, reason: null, related: [], evidence: null, undoes: null }

/** The events of one household, oldest first. */
export const inTime = (events: StoredEvent[]): StoredEvent[] =>
  // Clocks can run back, numbers cannot; only a household that changed its province needs the clock.
  events.sort((a, b) => (a.province === b.province ? a.number - b.number : a.at - b.at))

/** What an event tells beside its columns, as JSON. Most inserts have none. */
export function bodyOf(change: Change, reason: string | null): string | null {
  const { related = [], evidence = null, undoes = null } = change.note ?? {}
  const plain = reason === null && related.length === 0 && evidence === null && undoes === null
  if (change.kind === 'insert' && plain) return null
  const fields = change.kind === 'insert' ? undefined : { before: change.before, after: change.after }
  if (plain) return JSON.stringify(fields)
  return JSON.stringify({
    ...fields,
    reason: reason ?? undefined,
    related: related.length > 0 ? related : undefined,
    evidence: evidence ?? undefined,
    undoes: undoes ?? undefined,
  })
}
