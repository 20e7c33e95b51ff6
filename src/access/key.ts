import { createHash, randomBytes } from 'node:crypto'
import { ROLES, type Role } from './caller.ts'

/** How a key looks: vp_server_ and 43 characters of base64url, which are 256 random bits. */
const FORM = new RegExp(`^vp_(?:${ROLES.join('|')})_[\\w-]{43}$`)
/** Characters of the secret that `keys list` shows; the 208 bits behind them cannot be guessed. */
const SHOWN = 8

export const isKey = (text: string): boolean => text.length <= 64 && FORM.test(text)

/** A new key. It is shown once and kept nowhere. */
export const newKey = (role: Role): string => `vp_${role}_${randomBytes(32).toString('base64url')}`

export const prefixOf = (key: string): string => key.slice(0, key.length - 43 + SHOWN)

/**
 * What is kept of a key. A fast hash is enough: slow ones (argon2, scrypt) are for passwords, which can be guessed; 256
 * random bits cannot, whatever a guess costs. A key is found by its hash, so no comparison takes longer the more of it is
 * right.
 */
export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest()
