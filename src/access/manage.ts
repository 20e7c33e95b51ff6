import type { Gazetteer } from '../gazetteer/types.ts'
import { samePerson } from '../registry/life/persons.ts'
import { hashOf, newKey, prefixOf } from './key.ts'
import type { KeyStore, StoredKey } from './store.ts'
import { type ChangeWish, readChange, type readWish } from './wish.ts'

/** The keys that there are do not allow it. */
export class KeyRefused extends Error {
  override name = 'KeyRefused'
  readonly vi: string
  constructor(message: string, vi: string) {
    super(message)
    this.vi = vi
  }
}

/** A new key and its text, which nobody can be told again. */
export interface MadeKey {
  key: StoredKey
  text: string
}

export const KEY_STATES = ['valid', 'replaced', 'expired', 'revoked'] as const
export type KeyState = (typeof KEY_STATES)[number]

/** `replaced`: another key took its place, but it is still valid for a while. */
export function stateOf({ revokedAt, expiresAt, replacedBy }: StoredKey, now: number): KeyState {
  if (revokedAt !== null) return 'revoked'
  if (expiresAt !== null && expiresAt <= now) return 'expired'
  return replacedBy === null ? 'valid' : 'replaced'
}

/**
 * Makes a key; `actor` does it, as the audit log tells. Throws KeyRefused when a valid one has the name: events would not tell
 * the two apart.
 */
export async function createKey(
  store: KeyStore,
  wanted: ReturnType<typeof readWish>,
  now: number,
  actor: string,
): Promise<MadeKey> {
  const namesake = (await store.keys()).find(
    (key) => samePerson(key.name, wanted.name) && ['valid', 'replaced'].includes(stateOf(key, now)),
  )
  if (namesake)
    throw new KeyRefused(
      `key ${namesake.id} has the name "${namesake.name}": rotate it, or choose another name`,
      `khoá ${namesake.id} đã mang tên "${namesake.name}": hãy đổi khoá đó, hoặc chọn tên khác`,
    )
  return add(store, { ...wanted, createdAt: now }, actor)
}

/** Hours for which a key whose place another took stays valid when nothing else is said, and at most: a month. */
export const OVERLAP = 24
export const LONGEST_OVERLAP = 720

/** Makes a key with a new secret in the place of a valid one, which stays valid for `overlap` milliseconds. */
export async function rotateKey(
  store: KeyStore,
  id: number,
  overlap: number,
  now: number,
  actor: string,
): Promise<MadeKey & { old: StoredKey }> {
  const old = await keyOf(store, id)
  requireValid(old, now)
  const { role, name, origins, scope, perMinute, expiresAt } = old
  const until = now + overlap
  const made = await add(store, { role, name, origins, scope, perMinute, expiresAt, createdAt: now }, actor, {
    id,
    until,
  })
  return { ...made, old: await keyOf(store, id) }
}

/**
 * Changes what a valid key may do; its secret stays. The keys whose place it took change with it while they are valid: a scope that
 * was taken away is gone at once. Answers all of them. Throws KeyRefused and BadWish.
 */
export async function changeKey(
  store: KeyStore,
  id: number,
  { wish, gazetteer }: { wish: ChangeWish; gazetteer: Gazetteer },
  now: number,
  actor: string,
): Promise<StoredKey[]> {
  const key = await keyOf(store, id)
  requireValid(key, now)
  const to = readChange(key, wish, gazetteer)
  const ids = [id]
  for (const one of (await store.keys()).reverse())
    if (ids.includes(one.replacedBy!) && stateOf(one, now) === 'replaced') ids.push(one.id)
  await store.changeKeys(ids, to, now, actor)
  return (await store.keys()).filter((one) => ids.includes(one.id))
}

/** Revokes a key. What was revoked before keeps its time. */
export async function revokeKey(store: KeyStore, id: number, now: number, actor: string): Promise<StoredKey> {
  await keyOf(store, id)
  await store.revokeKey(id, now, actor)
  return keyOf(store, id)
}

function requireValid(key: StoredKey, now: number): void {
  const { id, replacedBy } = key
  const state = stateOf(key, now)
  if (state === 'replaced')
    throw new KeyRefused(
      `key ${id} was replaced by key ${replacedBy} already`,
      `khoá ${id} đã được thay bằng khoá ${replacedBy}`,
    )
  if (state !== 'valid')
    throw new KeyRefused(
      `key ${id} is ${state}: make a new one`,
      `khoá ${id} ${state === 'revoked' ? 'đã bị thu hồi' : 'đã hết hạn'}: hãy tạo khoá mới`,
    )
}

async function keyOf(store: KeyStore, id: number): Promise<StoredKey> {
  const key = (await store.keys()).find((one) => one.id === id)
  if (!key) throw new KeyRefused(`there is no key ${id}`, `không có khoá ${id}`)
  return key
}

async function add(
  store: KeyStore,
  fields: Omit<Parameters<KeyStore['addKey']>[0], 'prefix' | 'hash'>,
  actor: string,
  replaces?: { id: number; until: number },
): Promise<MadeKey> {
  const text = newKey(fields.role)
  const key = await store.addKey({ ...fields, prefix: prefixOf(text), hash: hashOf(text) }, actor, replaces)
  return { key, text }
}
