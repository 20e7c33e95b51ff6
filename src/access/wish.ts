import type { Gazetteer } from '../gazetteer/types.ts'
import { isDay } from '../text/day.ts'
import { ROLES, type Role, type Scope } from './caller.ts'
import type { KeyChange } from './store.ts'

/** What is wished of a key cannot be meant. */
export class BadWish extends Error {
  override name = 'BadWish'
  readonly vi: string
  constructor(message: string, vi: string) {
    super(message)
    this.vi = vi
  }
}

/** Requests a minute of a key when nothing else is said. */
export const PER_MINUTE: Readonly<Record<Role, number>> = {
  browser: 6_000,
  server: 60_000,
  courier: 600,
  staff: 60_000,
  admin: 600,
}
const MOST_PER_MINUTE = 10_000_000
const MOST_ORIGINS = 20
const LONGEST_NAME = 60
const DAY = 86_400_000
/** What the registry calls itself in events. */
const RESERVED = new Set(['system'])

/** What is said of a key that is to be made, as people write it. */
export interface KeyWish {
  role: string
  name: string
  origins: readonly string[]
  /** Codes of provinces and communes of today, or "all" alone. */
  scope: readonly string[]
  perMinute?: string | undefined
  /** ISO date, the last day on which it is valid (by the clock of Viet Nam). */
  expires?: string | undefined
}

/** Checks what is wished. Throws BadWish that says what is wrong. */
export function readWish(wish: KeyWish, gazetteer: Gazetteer, now: number) {
  const role = ROLES.find((one) => one === wish.role)
  if (!role)
    throw new BadWish(
      `"${wish.role}" is no role: choose one of ${ROLES.join(', ')}`,
      `"${wish.role}" không phải vai trò: hãy chọn một trong ${ROLES.join(', ')}`,
    )
  return {
    role,
    name: readName(wish.name),
    origins: readOrigins(role, wish.origins),
    scope: readScope(role, wish.scope, gazetteer),
    perMinute: wish.perMinute === undefined ? PER_MINUTE[role] : readPerMinute(wish.perMinute),
    expiresAt: wish.expires === undefined ? null : readExpiry(wish.expires, now),
  }
}

/** What is wished to be another from now on; what is not said stays. */
export type ChangeWish = Partial<Pick<KeyWish, 'origins' | 'scope' | 'perMinute'>>

/** Checks what is wished of a key that there is. Throws BadWish that says what is wrong. */
export function readChange(
  { role, ...now }: KeyChange & { role: Role },
  { origins, scope, perMinute }: ChangeWish,
  gazetteer: Gazetteer,
): KeyChange {
  if (!origins && !scope && perMinute === undefined)
    throw new BadWish(
      'say what is to change: its scope, its origins or its requests a minute',
      'hãy cho biết cần đổi gì: phạm vi, origin hoặc số yêu cầu mỗi phút',
    )
  return {
    origins: origins ? readOrigins(role, origins) : now.origins,
    scope: scope ? readScope(role, scope, gazetteer) : now.scope,
    perMinute: perMinute === undefined ? now.perMinute : readPerMinute(perMinute),
  }
}

function readName(text: string): string {
  const name = text.normalize('NFC').trim()
  if (name === '' || name.length > LONGEST_NAME || /\p{C}/u.test(name))
    throw new BadWish(
      `a name has 1 to ${LONGEST_NAME} characters that can be printed`,
      `tên gồm 1 đến ${LONGEST_NAME} ký tự in được`,
    )
  if (RESERVED.has(name.toLowerCase()))
    throw new BadWish(`"${name}" is the name of the registry itself`, `"${name}" là tên của chính sổ đăng ký`)
  return name
}

function readOrigins(role: Role, origins: readonly string[]): string[] {
  if (role !== 'browser') {
    if (origins.length > 0)
      throw new BadWish('only a browser key has origins', 'chỉ khoá browser mới có origin')
    return []
  }
  if (origins.length === 0)
    throw new BadWish(
      'a browser key needs the origins of its pages, for example https://shop.example',
      'khoá browser cần origin của các trang web, ví dụ https://shop.example',
    )
  const found = new Set(origins.map(readOrigin))
  if (found.size > MOST_ORIGINS)
    throw new BadWish(
      `a key has at most ${MOST_ORIGINS} origins`,
      `một khoá có tối đa ${MOST_ORIGINS} origin`,
    )
  return [...found]
}

/** An origin as browsers send it: scheme, host in small letters, port only when it is not the scheme's own. */
function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !['https:', 'http:'].includes(url.protocol) || url.hostname.includes('*'))
    throw new BadWish(
      `"${text}" is no origin: write it like https://shop.example or http://localhost:3000`,
      `"${text}" không phải origin: hãy viết như https://shop.example hoặc http://localhost:3000`,
    )
  if (url.origin !== text)
    throw new BadWish(
      `"${text}" is no bare origin: write ${url.origin}`,
      `"${text}" không phải origin trần: hãy viết ${url.origin}`,
    )
  return text
}

function readScope(role: Role, codes: readonly string[], gazetteer: Gazetteer): Scope {
  if (role !== 'staff') {
    if (codes.length > 0) throw new BadWish('only a staff key has a scope', 'chỉ khoá staff mới có phạm vi')
    // What servers read is public data and the whole registry; the others see households one by one.
    return role === 'server' ? null : []
  }
  if (codes.length === 0)
    throw new BadWish(
      'a staff key needs the codes of its provinces or communes, or "all" for the whole country',
      'khoá staff cần mã các tỉnh hoặc xã, phường của mình, hoặc "all" cho cả nước',
    )
  if (codes.includes('all')) {
    if (codes.length > 1)
      throw new BadWish(
        '"all" stands alone: it is the whole country',
        '"all" đứng một mình: nghĩa là cả nước',
      )
    return null
  }
  const unknown = codes.filter((code) => !gazetteer.province(code, 'current') && !gazetteer.commune(code))
  if (unknown.length > 0)
    throw new BadWish(
      `no province or commune of today has the code ${unknown.slice(0, 5).join(', ')}`,
      `không có tỉnh, xã, phường hiện nay nào mang mã ${unknown.slice(0, 5).join(', ')}`,
    )
  return [...new Set(codes)].sort()
}

function readPerMinute(text: string): number {
  const number = /^\d{1,8}$/.test(text) ? Number(text) : 0
  if (number < 1 || number > MOST_PER_MINUTE)
    throw new BadWish(
      `requests a minute are a whole number from 1 to ${MOST_PER_MINUTE}`,
      `số yêu cầu mỗi phút là số nguyên từ 1 đến ${MOST_PER_MINUTE}`,
    )
  return number
}

/** The end of a day in Viet Nam. */
function readExpiry(text: string, now: number): number {
  if (!isDay(text))
    throw new BadWish(`"${text}" is no date like 2027-01-31`, `"${text}" không phải ngày dạng 2027-01-31`)
  const end = Date.parse(`${text}T00:00:00+07:00`) + DAY
  if (end <= now) throw new BadWish(`${text} is over`, `ngày ${text} đã qua`)
  return end
}
