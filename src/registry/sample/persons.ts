import type { StoredEvent } from '../store.ts'

const plain = (name: string) => name.normalize('NFC').trim().toLowerCase()

/** Names are written by hand: case and blanks make no other person. */
export const samePerson = (a: string, b: string) => plain(a) === plain(b)

/** Did this person enter, change or decide a household? */
export const hasActed = (events: readonly StoredEvent[], person: string) =>
  events.some(({ actor }) => samePerson(actor, person))
