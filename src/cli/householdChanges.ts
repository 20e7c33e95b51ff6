import type { Command } from 'commander'
import { load } from '../gazetteer/load.ts'
import { idsOf } from '../registry/id.ts'
import { ChangeRefused } from '../registry/life/refused.ts'
import { type By, type Life, openLife } from '../registry/life.ts'
import type { ExternalId } from '../registry/types.ts'
import { osUser } from './actor.ts'
import { type PointOptions, readDraft, readLatLon, readPoint } from './addresses.ts'
import { collect } from './collect.ts'
import { Failure, UsageError } from './exit.ts'
import { given } from './files.ts'
import { refusalText } from './refusals.ts'
import { DB_OPTION, readSettings } from './settings.ts'
import { openBeside } from './store.ts'
import { VERSION } from './version.ts'

interface Options extends PointOptions {
  db?: string
  actor?: string
  reason?: string
}

/** The commands that change single households. Each answers the households that it touched. */
export function changes(group: Command): void {
  const changing = (name: string, description: string, why = 'why') =>
    group
      .command(name)
      .description(description)
      .option('--reason <TEXT>', `${why}; kept with the event, so name no person`)
      .option('--actor <NAME>', 'who does it (default: the user of the system)')
      .option(...DB_OPTION)
  const forAReason = (name: string, description: string) => changing(name, description, 'why: it is needed')
  const pointed = (command: Command) =>
    command
      .option('--point <LAT,LON>', 'where it is, degrees WGS 84')
      .option('--accuracy <METRES>', 'how good the point is (default: 10)')
      .option('--surveyed', 'the point was taken on site; needs --accuracy')

  pointed(changing('register', 'enter one household'))
    .requiredOption('--address <TEXT>', 'its address, of either era')
    .option('--external-id <SCHEME=VALUE>', 'a number that others gave it (may be repeated)', collect, [])
    .action((options: Options & { address: string; externalId: string[] }) =>
      carryOut(options, (life, by) =>
        life.register(by, {
          draft: readDraft(options.address, readPoint(options)),
          externalIds: options.externalId.map(readScheme),
        }),
      ),
    )

  pointed(changing('correct', 'write another address for a household').argument('ID'))
    .requiredOption('--address <TEXT>', 'its address, of either era')
    .action((id: string, options: Options & { address: string }) =>
      carryOut(options, (life, by) =>
        life.correct(by, readId(id), readDraft(options.address, readPoint(options))),
      ),
    )

  forAReason('confirm', 'note that a household was found right as it stands; this verifies nothing')
    .argument('ID')
    .action((id: string, options: Options) => carryOut(options, (life, by) => life.confirm(by, readId(id))))

  pointed(changing('move', 'give a household another point or access point').argument('ID'))
    .option('--access <LAT,LON>', 'where one leaves the road for it: alley mouth or gate')
    .option('--no-access', 'take its access point away')
    .action((id: string, options: Options & { access?: string | false }) =>
      carryOut(options, (life, by) => {
        const access = options.access === false ? null : options.access && readLatLon(options.access)
        return life.move(by, readId(id), { point: readPoint(options), access: access || undefined })
      }),
    )

  pointed(
    changing(
      'verify',
      'verify a household: by a surveyed point of at most 15 m, or as a second person',
    ).argument('ID'),
  ).action((id: string, options: Options) =>
    carryOut(options, (life, by) => life.verify(by, readId(id), { point: readPoint(options) })),
  )

  forAReason('retire', 'end a household that is gone; its code leads on to its successors')
    .argument('ID')
    .option('--successor <ID>', 'who took its place (may be repeated)', collect, [])
    .action((id: string, options: Options & { successor: string[] }) =>
      carryOut(options, (life, by) => life.retire(by, readId(id), options.successor.map(readId))),
    )

  forAReason('merge', 'several entries of one home become the first one')
    .argument('INTO', 'the household that stays')
    .argument('<ID...>', 'those that it takes over')
    .action((into: string, ids: string[], options: Options) =>
      carryOut(options, (life, by) => life.merge(by, readId(into), ids.map(readId))),
    )

  forAReason('split', 'one household becomes several new ones, which stand at its point')
    .argument('ID')
    .requiredOption('--part <TEXT>', 'the address of a new household (repeat it)', collect, [])
    .option('--stays', 'the household stays beside the new ones')
    .action((id: string, options: Options & { part: string[]; stays?: boolean }) =>
      carryOut(options, (life, by) => {
        const parts = options.part.map((address) => ({ draft: readDraft(address) }))
        return life.split(by, readId(id), parts, options.stays)
      }),
    )

  changing('alternative', 'a second address of the same home, or a home of its own again')
    .argument('ID')
    .option('--of <ID>', 'the main household')
    .option('--none', 'a household of its own again')
    .action((id: string, options: Options & { of?: string; none?: boolean }) => {
      if ((options.of === undefined) === (options.none === undefined))
        throw new UsageError('give either --of or --none')
      const of = options.of === undefined ? null : readId(options.of)
      return carryOut(options, (life, by) => life.setMain(by, readId(id), of))
    })

  changing('external-id', 'give a household a number of others, or take it away')
    .argument('ID')
    .argument('SCHEME=VALUE', 'digital-address=10 digits, location-identifier=12 digits, office=...')
    .option('--remove', 'take it away')
    .action((id: string, text: string, options: Options & { remove?: boolean }) =>
      carryOut(options, (life, by) => {
        const change = options.remove ? life.removeExternalId : life.addExternalId
        return change(by, readId(id), readScheme(text))
      }),
    )

  forAReason('reinstate', 'bring a historical household back as a provisional one')
    .argument('ID')
    .action((id: string, options: Options) => carryOut(options, (life, by) => life.reinstate(by, readId(id))))

  forAReason('undo', 'take the latest operation on a household back, on all that it touched')
    .argument('ID')
    .action((id: string, options: Options) => carryOut(options, (life, by) => life.undo(by, readId(id))))

  forAReason('erase', 'take address, places and numbers of a household out of the registry for good')
    .argument('ID')
    .action((id: string, options: Options) => carryOut(options, (life, by) => life.erase(by, readId(id))))
}

/** The id as people write it. */
export const readId = (text: string) => text.replace(/[\s-]+/g, '')

/** "office=A-12". */
export function readScheme(text: string): ExternalId {
  const [, scheme, value] = /^([^=]+)=(.+)$/s.exec(text) ?? []
  if (!scheme || !value) throw new UsageError(`"${text}" is not of the form SCHEME=VALUE`)
  return { scheme, value: value.trim() }
}

/** Carries out one change and prints what it answers: most often the households that it touched. */
export async function carryOut(
  { db, actor, reason }: Pick<Options, 'db' | 'actor' | 'reason'>,
  change: (life: Life, by: By) => Promise<unknown>,
): Promise<void> {
  const by = { actor: given(actor, '--actor') ?? osUser(), reason: given(reason, '--reason') ?? null }
  const store = await openBeside(db ?? readSettings().db)
  try {
    const life = openLife({ store, gazetteer: load(), engineVersion: VERSION })
    console.log(JSON.stringify(await change(life, by), null, 2))
  } catch (error) {
    if (!(error instanceof ChangeRefused)) throw error
    throw new Failure(refusalText(error, idsOf(store).idOf))
  } finally {
    await store.close()
  }
}
