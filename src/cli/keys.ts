import type { Command } from 'commander'
import { ROLES } from '../access/caller.ts'
import {
  changeKey,
  createKey,
  KeyRefused,
  LONGEST_OVERLAP,
  OVERLAP,
  revokeKey,
  rotateKey,
  stateOf,
} from '../access/manage.ts'
import type { KeyEvent, KeyStore, StoredKey } from '../access/store.ts'
import { isoTime, viewKey, viewKeyEvent } from '../access/view.ts'
import { BadWish, readWish } from '../access/wish.ts'
import { load } from '../gazetteer/load.ts'
import { WriterBusy } from '../store/sqlite/lease.ts'
import { osUser } from './actor.ts'
import { collect } from './collect.ts'
import { table } from './coverageTable.ts'
import { Failure, UsageError } from './exit.ts'
import { given } from './files.ts'
import { DB_OPTION, readSettings } from './settings.ts'
import { openExisting, openKeys, openReader } from './store.ts'

interface CreateOptions {
  role: string
  name: string
  origin: string[]
  scope: string[]
  perMinute?: string
  expires?: string
  actor?: string
  db?: string
}

type ChangeOptions = Pick<CreateOptions, 'origin' | 'scope' | 'perMinute' | 'actor' | 'db'>

const HOUR = 3_600_000

/** `keys`: who may use the HTTP API. What it does holds in every serving process within a second. */
export function keys(program: Command): void {
  const group = program
    .command('keys')
    .description(
      'keys of the HTTP API: made, listed, changed, rotated, revoked, with a log of all that; servers at work follow within a second',
    )
  const add = (name: string, description: string) =>
    group
      .command(name)
      .description(description)
      .option(...DB_OPTION)
  const change = (name: string, description: string) =>
    add(name, description).option(
      '--actor <NAME>',
      'who does it, for the log (default: the user of the system)',
    )

  change('create', 'make a key; it is printed to standard output, this once')
    .requiredOption('--role <R>', `${ROLES.join(', ')}: docs/access.md has what each may`)
    .requiredOption('--name <N>', 'whose it is; stands as actor in events')
    .option(
      '--origin <URL>',
      'browser keys: a page that may use it, like https://shop.example (may be repeated)',
      collect,
      [],
    )
    .option(
      '--scope <CODES>',
      'staff keys, required for them: provinces and communes of today by code, with commas, or all (may be repeated)',
      collectCodes,
      [],
    )
    .option('--per-minute <N>', 'requests a minute (default: by role)')
    .option('--expires <DATE>', 'the last day on which it is valid (default: it does not expire)')
    .action(create)
  add('list', 'all keys, without their secrets')
    .option('--format <NAME>', 'table or json', 'table')
    .action((options: { db?: string; format: string }) => {
      if (!['table', 'json'].includes(options.format))
        throw new UsageError(`--format is table or json, not "${options.format}"`)
      return withKeys(options, false, (store) => list(store, options.format))
    })
  change('rotate', 'make a new secret for a key; the old one stays valid for a while')
    .argument('ID')
    .option('--overlap <HOURS>', `how long the old one stays valid, 0 to ${LONGEST_OVERLAP}`, `${OVERLAP}`)
    .action((id: string, options: { db?: string; overlap: string; actor?: string }) =>
      withKeys(options, false, (store) => rotate(store, readId(id), options.overlap, actorOf(options))),
    )
  change('change', 'give a key another scope, other origins or another quota; its secret stays')
    .argument('ID')
    .option(
      '--origin <URL>',
      'browser keys: a page that may use it from now on, in place of those before (may be repeated)',
      collect,
      [],
    )
    .option(
      '--scope <CODES>',
      'staff keys: provinces and communes of today by code, with commas, or all, in place of those before (may be repeated)',
      collectCodes,
      [],
    )
    .option('--per-minute <N>', 'requests a minute')
    .action((id: string, options: ChangeOptions) =>
      withKeys(options, false, (store) => changeOne(store, readId(id), options)),
    )
  change('revoke', 'refuse a key from now on')
    .argument('ID')
    .action((id: string, options: { db?: string; actor?: string }) =>
      withKeys(options, false, async (store) => {
        const key = await revokeKey(store, readId(id), Date.now(), actorOf(options))
        console.error(`key ${key.id} (${key.name}) is revoked`)
      }),
    )
  add('events', 'the audit log: what was done to keys, when and by whom; never a key')
    .option('--after <N>', 'only what came behind event N', '0')
    .option('--format <NAME>', 'table or ndjson', 'table')
    .action((options: { db?: string; after: string; format: string }) => {
      if (!['table', 'ndjson'].includes(options.format))
        throw new UsageError(`--format is table or ndjson, not "${options.format}"`)
      if (!/^\d{1,9}$/.test(options.after)) throw new UsageError('--after is the number of an event')
      return withKeys(options, false, async (store) => {
        const found = await store.keyEvents(Number(options.after))
        if (options.format === 'ndjson')
          for (const event of found) console.log(JSON.stringify(viewKeyEvent(event)))
        else if (found.length > 0) process.stdout.write(table(found.map(eventRow), false))
      })
    })
}

const collectCodes = (value: string, before: string[]) => [
  ...before,
  ...value.split(',').map((code) => code.trim()),
]

function readId(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`"${text}" is no number of a key`)
  return Number(text)
}

const actorOf = ({ actor }: { actor?: string }) => given(actor, '--actor') ?? osUser()

async function create({ origin, db, actor, ...options }: CreateOptions): Promise<void> {
  const wanted = await meant(() => readWish({ ...options, origins: origin }, load(), Date.now()))
  const by = actorOf({ actor })
  await withKeys({ db }, true, async (store) => {
    const { key, text } = await createKey(store, wanted, Date.now(), by)
    hand(key, text)
  })
}

async function meant<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof BadWish) throw new UsageError(error.message)
    throw error
  }
}

async function rotate(store: KeyStore, id: number, overlap: string, actor: string): Promise<void> {
  const hours = /^\d{1,3}(\.\d+)?$/.test(overlap) ? Number(overlap) : Number.NaN
  if (!(hours <= LONGEST_OVERLAP))
    throw new UsageError(`--overlap is a number of hours from 0 to ${LONGEST_OVERLAP}`)
  const { key, text, old } = await rotateKey(store, id, hours * HOUR, Date.now(), actor)
  hand(key, text)
  console.error(`key ${id} stays valid until ${isoTime(old.expiresAt)}`)
}

async function changeOne(
  store: KeyStore,
  id: number,
  { origin, scope, perMinute, actor }: ChangeOptions,
): Promise<void> {
  const wish = {
    ...(origin.length > 0 ? { origins: origin } : {}),
    ...(scope.length > 0 ? { scope } : {}),
    ...(perMinute === undefined ? {} : { perMinute }),
  }
  const by = actorOf({ ...(actor === undefined ? {} : { actor }) })
  const changed = await meant(() => changeKey(store, id, { wish, gazetteer: load() }, Date.now(), by))
  for (const key of changed)
    console.error(
      `key ${key.id} (${key.role}, ${key.name}) is changed: ${row(key, Date.now()).for ?? key.role}, ${key.perMinute} requests a minute`,
    )
}

/** The key alone on standard output, so that a script can take it. */
function hand(key: StoredKey, text: string): void {
  console.log(text)
  console.error(`key ${key.id} (${key.role}, ${key.name}): keep it now, it is not shown again`)
}

async function list(store: KeyStore, format: string): Promise<void> {
  const now = Date.now()
  const found = await store.keys()
  if (format === 'json')
    console.log(
      JSON.stringify(
        found.map((key) => viewKey(key, now)),
        null,
        2,
      ),
    )
  else if (found.length > 0)
    process.stdout.write(
      table(
        found.map((key) => row(key, now)),
        false,
      ),
    )
}

const isoDay = (time: number | null) => isoTime(time)?.slice(0, 10) ?? null

const row = (key: StoredKey, now: number) => ({
  name: key.name,
  id: key.id,
  role: key.role,
  key: `${key.prefix}...`,
  state: stateOf(key, now),
  'a minute': key.perMinute,
  used: key.usedOn,
  created: isoDay(key.createdAt),
  expires: isoDay(key.expiresAt),
  for: key.role === 'staff' ? (key.scope?.join(' ') ?? 'all') : key.origins.join(' ') || null,
})

const eventRow = (event: KeyEvent) => ({
  at: isoTime(event.at),
  event: event.number,
  what: event.kind,
  key: event.key,
  role: event.role,
  name: event.name,
  'in place of': event.replaces?.key ?? null,
  by: event.actor,
})

/** `make`: the database is made when it is not there. */
async function withKeys(
  { db = readSettings().db }: { db?: string | undefined },
  make: boolean,
  work: (store: KeyStore) => Promise<void>,
): Promise<void> {
  await (await (make ? openReader(db) : openExisting(db))).close()
  const store = await openKeys(db)
  try {
    await work(store)
  } catch (error) {
    if (error instanceof KeyRefused || error instanceof WriterBusy) throw new Failure(error.message)
    throw error
  } finally {
    await store.close()
  }
}
