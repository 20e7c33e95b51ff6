import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { isServer, splitPassword } from './serverUrl.ts'

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))

/** How many proxies there are, or their addresses and networks. */
function readProxies(text: string, context: z.RefinementCtx): number | string[] {
  if (/^\d$/.test(text)) return Number(text)
  const proxies = text.split(',').map((part) => part.trim())
  const wrong = proxies.find((proxy) => !isProxy(proxy))
  if (wrong === undefined) return proxies
  const message = `"${wrong.slice(0, 60)}" is no number from 0 to 9, address, network (10.0.0.0/8), loopback, linklocal or uniquelocal`
  context.addIssue({ code: 'custom', message })
  return z.NEVER
}

function isProxy(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true
  const [address = '', bits, ...more] = text.split('/')
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)]!
  if (bits === undefined) return longest > 0
  return more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= longest
}

/** A registry on a server. Its password goes where the driver looks for it: no name of a database that is shown has one. */
const server = z
  .string()
  .refine((url) => isServer(url) && URL.canParse(url), 'must be postgres://USER@HOST/DATABASE')
  .transform((url) => {
    const [bare, password] = splitPassword(url)
    if (password !== null) process.env['PGPASSWORD'] ??= password
    return bare
  })

/** A template of raster tiles, as map libraries write it: an https address (http on this machine) with {z}, {x} and {y}. */
const tiles = z
  .string()
  .max(500)
  .refine(
    isTileUrl,
    'must be https://HOST/PATH with {z}, {x} and {y} (http for localhost only), as map libraries write it',
  )

function isTileUrl(text: string): boolean {
  const plain = text.replace(/\{[zxy]\}/g, '0')
  // What cannot stand in a header or an attribute is no URL of tiles.
  if (!['{z}', '{x}', '{y}'].every((part) => text.includes(part)) || /[\s"'<>;,\\{}]/.test(plain))
    return false
  if (!URL.canParse(plain) || text.split('/')[2]?.includes('{')) return false
  const url = new URL(plain)
  if (url.username !== '' || url.password !== '') return false
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && /^(localhost|127\.0\.0\.1)$/.test(url.hostname))
  )
}

/** More than that is asked for by name: each takes some 350 MB at work (docs/benchmarks.md). */
const MOST_PROCESSES = 8

/** Every setting that the environment can give; docs/settings.md says what each means (a test compares the names). */
const SETTINGS = z.object({
  PORT: integer(0, 65_535).default(8080),
  HOST: z.string().optional(),
  VPOSTCODE_DB: z.string().optional(),
  VPOSTCODE_STORE: server.optional(),
  VPOSTCODE_STORE_READ: server.optional(),
  VPOSTCODE_DATA: z.string().optional(),
  VPOSTCODE_THREADS: integer(0, 64).optional(),
  VPOSTCODE_KEEP_DAYS: integer(0, 36_500).default(14),
  VPOSTCODE_UPLOADS: z.string().optional(),
  VPOSTCODE_UPLOAD_MB: integer(1, 100_000).default(512),
  VPOSTCODE_PROCESSES: integer(1, 64).optional(),
  VPOSTCODE_PUBLIC_PER_MINUTE: integer(0, 999_999).default(300),
  VPOSTCODE_TRUST_PROXY: z.string().transform(readProxies).default(0),
  VPOSTCODE_METRICS: z.enum(['open', 'loopback', 'off']).default('loopback'),
  VPOSTCODE_LOG: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug']).default('info'),
  VPOSTCODE_PUBLISH: z.string().optional(),
  VPOSTCODE_PUBLISH_AT: integer(0, 23).optional(),
  VPOSTCODE_PUBLISH_DAYS: integer(1, 3_650).default(7),
  VPOSTCODE_KEY: z.string().optional(),
  VPOSTCODE_TILES: tiles.optional(),
  VPOSTCODE_TILES_NOTICE: z.string().max(200).optional(),
})

export const SETTING_NAMES = Object.keys(SETTINGS.shape)

/** The option of all commands that ask or change a registry; not given it is `db` of the settings. */
export const DB_OPTION = [
  '--db <FILE>',
  'database (default: VPOSTCODE_STORE, VPOSTCODE_DB, else data/vpostcode.db)',
] as const

export interface Settings {
  port: number
  host: string | undefined
  /** A file, or postgres://... (without a password). */
  db: string
  /** A streaming replica for questions. */
  storeRead: string | undefined
  threads: number | undefined
  keepDays: number
  uploads: string | undefined
  uploadBytes: number
  /** That answer HTTP. */
  processes: number
  /** Requests a minute; 0 = no quota. */
  publicPerMinute: number
  trustProxy: number | string[]
  metrics: z.infer<typeof SETTINGS>['VPOSTCODE_METRICS']
  log: z.infer<typeof SETTINGS>['VPOSTCODE_LOG']
  /** The key with which `subscribe` asks. */
  key: string | undefined
  /** The folder of published sets. */
  publish: string | undefined
  /** The hour of the day, by the clock of Viet Nam, from which a server publishes; absent = it does not. */
  publishAt: number | undefined
  /** How many days of published sets are kept. */
  publishDays: number
  /** Raster tiles under the map of the pages; absent = none but our own map. */
  tiles: { url: string; notice: string } | undefined
}

/** A setting of the environment that cannot be used. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

/** The settings of this process. An empty variable counts as not set. Throws `SettingsError` naming the variable. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const given = Object.fromEntries(SETTING_NAMES.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
  const read = SETTINGS.safeParse(given)
  if (!read.success) {
    const lines = read.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`)
    throw new SettingsError(`The environment holds a setting that cannot be used. ${lines.join('; ')}`)
  }
  const {
    PORT,
    HOST,
    VPOSTCODE_DB,
    VPOSTCODE_STORE,
    VPOSTCODE_STORE_READ,
    VPOSTCODE_THREADS,
    VPOSTCODE_KEEP_DAYS,
    VPOSTCODE_UPLOADS,
    VPOSTCODE_UPLOAD_MB,
    VPOSTCODE_PROCESSES,
    VPOSTCODE_PUBLIC_PER_MINUTE,
    VPOSTCODE_TRUST_PROXY,
    VPOSTCODE_METRICS,
    VPOSTCODE_LOG,
    VPOSTCODE_PUBLISH,
    VPOSTCODE_PUBLISH_AT,
    VPOSTCODE_PUBLISH_DAYS,
    VPOSTCODE_KEY,
    VPOSTCODE_TILES,
    VPOSTCODE_TILES_NOTICE,
  } = read.data
  return {
    port: PORT,
    host: HOST,
    db: VPOSTCODE_STORE ?? VPOSTCODE_DB ?? join('data', 'vpostcode.db'),
    storeRead: VPOSTCODE_STORE ? VPOSTCODE_STORE_READ : undefined,
    threads: VPOSTCODE_THREADS,
    keepDays: VPOSTCODE_KEEP_DAYS,
    uploads: VPOSTCODE_UPLOADS,
    uploadBytes: VPOSTCODE_UPLOAD_MB * 1_000_000,
    processes: VPOSTCODE_PROCESSES ?? Math.min(availableParallelism(), MOST_PROCESSES),
    publicPerMinute: VPOSTCODE_PUBLIC_PER_MINUTE,
    trustProxy: VPOSTCODE_TRUST_PROXY,
    metrics: VPOSTCODE_METRICS,
    log: VPOSTCODE_LOG,
    key: VPOSTCODE_KEY,
    publish: VPOSTCODE_PUBLISH,
    publishAt: VPOSTCODE_PUBLISH_AT,
    publishDays: VPOSTCODE_PUBLISH_DAYS,
    tiles: VPOSTCODE_TILES ? { url: VPOSTCODE_TILES, notice: VPOSTCODE_TILES_NOTICE ?? '' } : undefined,
  }
}
