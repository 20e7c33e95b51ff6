import type { StoredEvent } from '../store.ts'

const plain = (name: string) => name.normalize('NFC').replace(/\s+/g, '').toLowerCase()

/** Names are written by hand: case and blanks make no other person. */
export const samePerson = (a: string, b: string) => plain(a) === plain(b)

/** Did this person do one of these events? */
export const hasActed = (events: readonly StoredEvent[], person: string) =>
  events.some(({ actor }) => samePerson(actor, person))
