/** What a key allows, an administrator's nothing of the registry; docs/access.md tells it to operators. */
export const ROLES = ['browser', 'server', 'courier', 'staff', 'admin'] as const
export type Role = (typeof ROLES)[number]

/**
 * Codes of provinces (two digits) and communes (five digits) of today, inside which a staff key reads and writes
 * households. Null = the whole country.
 */
export type Scope = readonly string[] | null

/** Who asks. Without a key: role `public`. */
export interface Caller {
  role: Role | 'public'
  /** The name of the key, which stands as actor in events; null without a key. */
  name: string | null
  scope: Scope
  key: UsedKey | null
}

export interface UsedKey {
  id: number
  /** The number of the first key of its line: those that took the place of one another. The line is the client, and has the jobs. */
  line: number
  /** Of a browser key: the pages that may use it. */
  origins: readonly string[]
  /** Requests a minute. */
  perMinute: number
}

export const PUBLIC: Caller = { role: 'public', name: null, scope: [], key: null }

/** What can be asked of the API, and who may. `open` needs no key and counts in no quota. */
const MAY = {
  open: ['public', 'browser', 'server', 'courier', 'staff', 'admin'],
  /** Search, autocomplete and validation: what a checkout needs. */
  search: ['public', 'browser', 'server', 'courier', 'staff', 'admin'],
  /** A code, an id or a point to its place. */
  resolve: ['public', 'server', 'courier', 'staff'],
  /** Reference data, conversion, public counts; small files. */
  read: ['public', 'server', 'staff', 'admin'],
  /** Many questions at once and long work. */
  bulk: ['server', 'staff'],
  /** What work is under way: one's own, an administrator's that of all keys; without its files. */
  jobs: ['server', 'staff', 'admin'],
  /** Households with all that is known of them; the change feed. */
  registry: ['server', 'staff'],
  /** What a courier saw at a door. */
  observe: ['courier', 'staff'],
  write: ['staff'],
  /** Keys: who may ask. */
  manage: ['admin'],
} as const satisfies Record<string, readonly Caller['role'][]>
export type Access = keyof typeof MAY

export const mayUse = ({ role }: Pick<Caller, 'role'>, access: Access): boolean =>
  (MAY[access] as readonly string[]).includes(role)

/** Whether a scope holds a commune. `communeCode` "00000" (only the province is known) is held by its province alone. */
export const inScope = (scope: Scope, provinceCode: string, communeCode: string): boolean =>
  scope === null || scope.includes(provinceCode) || scope.includes(communeCode)
