import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

/** Every setting that the environment can give, with its meaning. docs/settings.md tells the same (a test compares). */
const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))

/** More than that is asked for by name: each takes some 200 MB. */
const MOST_PROCESSES = 8

const SETTINGS = z.object({
  PORT: integer(0, 65_535).default(8080).describe('port that `serve` listens on'),
  HOST: z.string().optional().describe('address that `serve` listens on; all when not set'),
  VPOSTCODE_DB: z
    .string()
    .optional()
    .describe('database file; data/vpostcode.db under the current folder when not set'),
  VPOSTCODE_DATA: z
    .string()
    .optional()
    .describe('folder of the built gazetteer; the one of the package when not set'),
  VPOSTCODE_THREADS: integer(0, 64).optional().describe('worker threads of `assign`; 0 = none'),
  VPOSTCODE_KEEP_DAYS: integer(0, 36_500)
    .default(14)
    .describe('days after which the results of jobs are removed; 0 = never'),
  VPOSTCODE_PROCESSES: integer(1, 64)
    .optional()
    .describe(
      'processes that answer HTTP; one a core, at most 8, when not set; 1 = all work of `serve` in one',
    ),
  VPOSTCODE_LOG: z
    .enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug'])
    .default('info')
    .describe('how much `serve` logs'),
})

export const SETTING_NAMES = Object.keys(SETTINGS.shape)

export interface Settings {
  port: number
  host: string | undefined
  db: string
  threads: number | undefined
  keepDays: number
  /** That answer HTTP. */
  processes: number
  log: z.infer<typeof SETTINGS>['VPOSTCODE_LOG']
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
    VPOSTCODE_THREADS,
    VPOSTCODE_KEEP_DAYS,
    VPOSTCODE_PROCESSES,
    VPOSTCODE_LOG,
  } = read.data
  return {
    port: PORT,
    host: HOST,
    db: VPOSTCODE_DB ?? join('data', 'vpostcode.db'),
    threads: VPOSTCODE_THREADS,
    keepDays: VPOSTCODE_KEEP_DAYS,
    processes: VPOSTCODE_PROCESSES ?? Math.min(availableParallelism(), MOST_PROCESSES),
    log: VPOSTCODE_LOG,
  }
}
