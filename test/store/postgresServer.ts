import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { describe } from 'vitest'
import { openWriter } from '../../src/store/postgres/open.ts'

/** Debian's place of the server's programs, newest first. */
const PLACES = '/usr/lib/postgresql'

export interface PostgresServer {
  /** The address of a database of this name. */
  url(database: string): string
  /** An empty registry of its own; answers its address. */
  newRegistry(): Promise<string>
  stop(): Promise<void>
}

/**
 * Tests that need a server: the one of VPOSTCODE_TEST_POSTGRES, or one that can be started here (`own`: it has to be). Where there is
 * none they are skipped and their name says why; `bash .ci/run postgres` installs one and sets POSTGRES_NEEDED, and then a missing
 * one is a failure.
 */
export function describePostgres(name: string, tests: () => void, { own = false } = {}): void {
  const given = process.env.VPOSTCODE_TEST_POSTGRES
  let reason: string | null = null
  if (!given && !programs()) reason = 'PostgreSQL with PostGIS is not installed (postgresql-15-postgis-3)'
  if (reason && process.env.POSTGRES_NEEDED) throw new Error(reason)
  if (own && given) reason = 'a server is given, and it starts its own'
  if (reason) describe.skip(`${name}: ${reason}`, tests)
  else describe(name, tests)
}

function programs(): string | null {
  if (!existsSync(PLACES)) return null
  const versions = readdirSync(PLACES).sort((a, b) => Number(b) - Number(a))
  const version = versions.find((name) =>
    existsSync(`/usr/share/postgresql/${name}/extension/postgis.control`),
  )
  return version ? join(PLACES, version, 'bin') : null
}

/** The server does not run as root: Debian's package made a user for it. */
function run(...command: string[]): void {
  const asRoot = process.getuid?.() === 0
  const [program, ...args] = asRoot ? ['runuser', '-u', 'postgres', '--', ...command] : command
  const { status, stdout, stderr } = spawnSync(program!, args, { cwd: tmpdir(), encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stdout}${stderr}`)
}

/**
 * The server of VPOSTCODE_TEST_POSTGRES (its databases are made and dropped), else one of its own in a temporary folder;
 * only a `durable` one waits for its disk: no test cuts the power.
 */
export async function startServer({ durable = false } = {}): Promise<PostgresServer> {
  const given = process.env.VPOSTCODE_TEST_POSTGRES
  if (given) {
    const url = (database: string) => Object.assign(new URL(given), { pathname: `/${database}` }).href
    return serverAt(url, () => {})
  }
  const bin = programs()!
  const folder = mkdtempSync(join(tmpdir(), 'vpostcode-pg-'))
  if (process.getuid?.() === 0) spawnSync('chown', ['postgres', folder])
  chmodSync(folder, 0o755)
  const data = join(folder, 'data')
  run(
    join(bin, 'initdb'),
    '-D',
    data,
    '-A',
    'trust',
    '-U',
    'postgres',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  )
  const settings = `-c listen_addresses='' -c unix_socket_directories=${folder} -c fsync=${durable ? 'on' : 'off'} -c max_connections=60`
  run(join(bin, 'pg_ctl'), '-D', data, '-w', '-l', join(folder, 'log'), '-o', settings, 'start')
  const url = (database: string) => `postgres:///${database}?host=${folder}&user=postgres`
  return serverAt(url, () => {
    run(join(bin, 'pg_ctl'), '-D', data, '-m', 'immediate', '-w', 'stop')
    rmSync(folder, { recursive: true, force: true })
  })
}

async function serverAt(url: PostgresServer['url'], end: () => void): Promise<PostgresServer> {
  const admin = new pg.Client(url('postgres'))
  await admin.connect()
  const prefix = `vpostcode_test_${process.pid}`
  const made: string[] = []
  const make = async (name: string, template: string) => {
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`)
    made.push(name)
    return url(name)
  }
  // Copied for each registry: making the tables takes longer.
  const empty = `${prefix}_empty`
  await (await openWriter(await make(empty, 'template0'))).close()
  return {
    url,
    newRegistry: () => make(`${prefix}_${made.length}`, empty),
    async stop() {
      for (const name of made.reverse()) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
      await admin.end()
      end()
    },
  }
}
