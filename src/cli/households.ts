import type { Command } from 'commander'
import { openRegistry, type Registry } from '../registry/registry.ts'
import { parseVpostcode } from '../vpostcode/parse.ts'
import { readDraft, readLatLon } from './addresses.ts'
import { Failure, UsageError } from './exit.ts'
import { changes, readId, readScheme } from './householdChanges.ts'
import { DB_OPTION } from './settings.ts'
import { reading } from './store.ts'

interface FindOptions {
  db?: string
  code?: string
  address?: string
  externalId?: string
  near?: string
  metres: string
  limit: string
}

/** `households`: look-ups and the life of single households; answers are JSON. */
export function households(program: Command): void {
  const group = program
    .command('households')
    .description('registered households: look-ups, their history, and every change of a single one')
  const reading = (name: string, description: string) =>
    group
      .command(name)
      .description(description)
      .option(...DB_OPTION)

  reading('show', 'one household as it is now')
    .argument('ID', 'the household: twelve digits')
    .action((id: string, { db }: { db?: string }) =>
      ask(db, async (registry) => {
        const household = await registry.household(readId(id))
        if (!household) throw new Failure('no household has this id')
        return household
      }),
    )

  reading(
    'find',
    'households by code, address, external id or place; historical ones are found by address and id only',
  )
    .option('--code <CODE>', 'those that have this Vpostcode now; "decode" leads on from older codes')
    .option('--address <TEXT>', 'those of this address; it must name a house, lot or flat')
    .option('--external-id <SCHEME=VALUE>', 'the one with this number, for example office=A-12')
    .option('--near <LAT,LON>', 'those near a point, nearest first')
    .option('--metres <N>', 'how far from the point, at most 10000', '50')
    .option('--limit <N>', 'at most so many, 1 to 100', '20')
    .action((options: FindOptions) => ask(options.db, (registry) => find(registry, options)))

  reading('history', 'what happened to a household: each event with the household as it stood after')
    .argument('ID', 'the household: twelve digits')
    .action((id: string, { db }: { db?: string }) =>
      ask(db, async (registry) => {
        const events = await registry.history(readId(id))
        if (events.length === 0) throw new Failure('no household has this id')
        return { events, successors: (await registry.successors(readId(id))).map(({ id }) => id) }
      }),
    )

  changes(group)
}

async function ask(
  db: string | undefined,
  question: (registry: Registry) => Promise<unknown>,
): Promise<void> {
  const answer = await reading(db, (store) => question(openRegistry(store)))
  console.log(JSON.stringify(answer, null, 2))
}

async function find(registry: Registry, options: FindOptions): Promise<unknown> {
  const { code, address, externalId, near } = options
  if ([code, address, externalId, near].filter((given) => given !== undefined).length !== 1)
    throw new UsageError('give one of --code, --address, --external-id and --near')
  const limit = wholeNumber('--limit', options.limit, 100)
  if (code !== undefined) {
    const parsed = parseVpostcode(code)
    if (!parsed.ok) throw new UsageError(`"${code}" is no Vpostcode: ${parsed.reason}`)
    return registry.atCode(parsed.code, limit)
  }
  if (address !== undefined) {
    return registry.atAddress(readDraft(address), limit)
  }
  if (externalId !== undefined) {
    const { scheme, value } = readScheme(externalId)
    const found = await registry.byExternalId(scheme, value)
    return found ? [found] : []
  }
  const { lat, lon } = readLatLon(near!)
  return registry.nearest(lat, lon, wholeNumber('--metres', options.metres, 10_000), limit)
}

function wholeNumber(option: string, text: string, most: number): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > most)
    throw new UsageError(`${option} must be a whole number from 1 to ${most}`)
  return Number(text)
}
