import type { Command } from 'commander'
import { load } from '../gazetteer/load.ts'
import { idsOf } from '../registry/id.ts'
import type { CheckById } from '../registry/life.ts'
import { nextToCheck } from '../registry/sample/blind.ts'
import { osUser } from './actor.ts'
import { type PointOptions, readPoint } from './addresses.ts'
import { UsageError } from './exit.ts'
import { given } from './files.ts'
import { carryOut, readId } from './householdChanges.ts'
import { placesOf, readPlace } from './places.ts'
import { DB_OPTION } from './settings.ts'
import { reading } from './store.ts'

/** The commands under `review` for a checker of the sample: one household after the other. */
export function checkCommands(group: Command): void {
  const checker = ['--actor <NAME>', 'who checks (default: the user of the system)'] as const

  group
    .command('next')
    .description('one household of the sample that this person may check: what a checker is told')
    .option('--province <CODE>', 'only this province (two-digit code or name)')
    .option('--commune <CODE>', 'only this commune (five-digit code)')
    .option(...checker)
    .option(...DB_OPTION)
    .action(async (options: NextOptions) => {
      const gazetteer = load()
      const place = readPlace(options, gazetteer)
      const actor = given(options.actor, '--actor') ?? osUser()
      const next = await reading(options.db, async (store) => {
        const places = await placesOf(store, place)
        return nextToCheck(store, idsOf(store), gazetteer, { places, actor })
      })
      console.log(JSON.stringify(next, null, 2))
    })

  group
    .command('check')
    .description('record what was found on site at a household of the sample; changes no household')
    .argument('ID', 'the household: twelve digits')
    .option('--point <LAT,LON>', 'the house is here, degrees WGS 84')
    .option('--accuracy <METRES>', 'how good the point is, at most 50 (default: 10)')
    .option('--commune <CODE>', 'in this commune of today (default: where the point lies)')
    .option('--no-house', 'there is no such house')
    .option('--same-as <ID>', 'it is the same home as this household')
    .option('--undo', 'take the check back')
    .option(...checker)
    .option(...DB_OPTION)
    .action((id: string, options: CheckOptions) => {
      const found = readFound(options)
      return carryOut(options, async (life, by) => {
        if (found) return { id: readId(id), recorded: await life.check(by, readId(id), { found }) }
        await life.undoCheck(by, readId(id))
        return { id: readId(id), undone: true }
      })
    })
}

interface NextOptions {
  province?: string
  commune?: string
  actor?: string
  db?: string
}

interface CheckOptions extends Omit<PointOptions, 'surveyed'> {
  commune?: string
  house: boolean
  sameAs?: string
  undo?: boolean
  actor?: string
  db?: string
}

/** Null: the check is to be taken back. */
function readFound(options: CheckOptions): CheckById['found'] | null {
  const { point: at, accuracy, commune, house, sameAs, undo } = options
  const chosen = [at !== undefined || commune !== undefined, !house, sameAs !== undefined, undo]
  if (chosen.filter(Boolean).length !== 1)
    throw new UsageError(
      'give one: --point (with --commune where the point does not tell it), --no-house, --same-as or --undo',
    )
  const point = readPoint({ point: at, accuracy })
  if (undo) return null
  if (!house) return { kind: 'none' }
  if (sameAs !== undefined) return { kind: 'same-as', other: readId(sameAs) }
  const communeCode = commune === undefined ? null : readPlace({ commune }, load())!.commune!.code
  return { kind: 'house', communeCode, point: point ?? null }
}
