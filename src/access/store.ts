import type { Role, Scope } from './caller.ts'

/** What keys ask of a database. Times are milliseconds since 1970. */

/** A key as it is kept: nothing here leads back to its secret. */
export interface StoredKey {
  /** Small number, never given again; names the key in commands and logs. */
  id: number
  /** How the key begins, so that people find it among their papers. */
  prefix: string
  /** SHA-256 of the whole key, 32 bytes. */
  hash: Uint8Array
  role: Role
  /** Stands as actor in events. */
  name: string
  /** Of a browser key: the origins of the pages that may use it. */
  origins: readonly string[]
  scope: Scope
  /** Requests a minute. */
  perMinute: number
  createdAt: number
  /** From then on it is refused; null = never. */
  expiresAt: number | null
  revokedAt: number | null
  /** The key that was made in its place. */
  replacedBy: number | null
  /** The last day (ISO date, UTC) on which it was used; null = never, or not noted yet. */
  usedOn: string | null
}

export type NewKey = Omit<StoredKey, 'id' | 'revokedAt' | 'replacedBy' | 'usedOn'>

/** What can be done to a key. */
export const KEY_EVENTS = ['create', 'rotate', 'change', 'revoke'] as const

/** What can be changed of a key that there is. */
export type KeyChange = Pick<StoredKey, 'origins' | 'scope' | 'perMinute'>

/** One line of the audit log of keys: what was done to which, when and by whom. Nothing in it leads back to a secret. */
export interface KeyEvent extends Pick<StoredKey, 'role' | 'name' | 'origins' | 'scope' | 'perMinute'> {
  /** Its place in the log: 1, 2, 3, ... without gaps. */
  number: number
  at: number
  kind: (typeof KEY_EVENTS)[number]
  actor: string
  /** The number of the key that was made, changed or revoked; the rest is as it is from then on. */
  key: number
  /** When the key ends by itself, as it was known then; null = never. */
  expiresAt: number | null
  /** The key in whose place it was made, and when that one ends; null when it took no place. */
  replaces: { key: number; until: number } | null
}

export interface KeyStore {
  /** Another number after every change of the keys but `usedOn`; cheap to ask. */
  keysVersion(): Promise<number>
  /** All there ever were, oldest first. */
  keys(): Promise<StoredKey[]>
  /** Adds a key; with `replaces` it takes the place of that one, which expires then (`until`) unless it did before. */
  addKey(key: NewKey, actor: string, replaces?: { id: number; until: number }): Promise<StoredKey>
  /** Changes keys, with one event each, all at once or not at all. */
  changeKeys(ids: readonly number[], to: KeyChange, at: number, actor: string): Promise<void>
  /** Refused from now on; what was revoked before keeps its time. */
  revokeKey(id: number, at: number, actor: string): Promise<void>
  /** What was done to keys behind an event (0 = from the first), in its order: written with the change itself, kept for good. */
  keyEvents(after: number): Promise<KeyEvent[]>
  /** Notes that keys were used on a day (ISO date). */
  noteUse(ids: readonly number[], day: string): Promise<void>
  close(): Promise<void>
}
