import type { Command } from 'commander'
import { readSampleSheet } from '../bulk/samplesheet/read.ts'
import { writeSampleSheets } from '../bulk/samplesheet/write.ts'
import { load } from '../gazetteer/load.ts'
import { idCodec } from '../registry/id.ts'
import { type CheckById, openLife } from '../registry/life.ts'
import { nextToCheck } from '../registry/sample/blind.ts'
import { type Drawn, draw, LEAST, openRound, RoundDiffers, SHARE } from '../registry/sample/draw.ts'
import type { StoreWriter } from '../registry/store.ts'
import { osUser } from './actor.ts'
import { type PointOptions, readPoint } from './addresses.ts'
import { DONE_WITH_REJECTED, FAILED, Failure, UsageError } from './exit.ts'
import { asFailure, given, untilSignal } from './files.ts'
import { carryOut, readId } from './householdChanges.ts'
import { placesOf, readPlace } from './places.ts'
import { readSettings } from './settings.ts'
import { openBeside, openReaderIfAny, openWriter } from './store.ts'
import { VERSION } from './version.ts'

/** The commands under `review` for the second, blind check of a sample. */
export function sampleCommands(group: Command): void {
  const db = ['--db <FILE>', 'database (default: VPOSTCODE_DB, else data/vpostcode.db)'] as const
  const province = ['--province <CODE>', 'only this province (two-digit code or name)'] as const
  const commune = ['--commune <CODE>', 'only this commune (five-digit code)'] as const
  const checker = ['--actor <NAME>', 'who checks (default: the user of the system)'] as const

  const sample = group
    .command('sample')
    .description('draw a sample of the coded households of each commune, to be checked by another person')
    .option(...province)
    .option(...commune)
    .option('--share <PERCENT>', `share of a commune's coded households (default: ${SHARE * 100})`)
    .option('--minimum <N>', `at least so many of a commune that has them (default: ${LEAST})`)
    .option('--seed <TEXT>', 'what the choice follows from (default: a random one, which is told and kept)')
    .option('--new-round', 'begin another round: coverage then shows that one')
    .option(
      '-o, --output <DIR>',
      'also write sheets for the checkers: CSV, XLSX and one to print, an area each',
    )
    .option('--actor <NAME>', 'who draws (default: the user of the system)')
    .option(...db)
    .addHelpText(
      'after',
      '\nDrawing again in a round gives the same sample. The sheets tell what a checker needs to find a house, and neither commune, point nor code.',
    )
    .action((options: SampleOptions) => asFailure(() => drawSample(options)))

  sample
    .command('read')
    .description('read a returned sheet: each row is a check by the person that it names')
    .argument('FILE', 'CSV or workbook, as `review sample` wrote it')
    .option('--rejects <OUT>', 'where bad rows go, with the reason (default: FILE.rejects.csv)')
    .option('--actor <NAME>', 'who checked the rows that name nobody (default: the user of the system)')
    .option(...db)
    .action((file: string, _: unknown, command: Command) =>
      // --db and --actor stand at the group too.
      asFailure(() => readSheet(file, command.optsWithGlobals())),
    )

  group
    .command('next')
    .description('one household of the sample that this person may check: what a checker is told')
    .option(...province)
    .option(...commune)
    .option(...checker)
    .option(...db)
    .action(async (options: SampleOptions) => {
      const gazetteer = load()
      const place = readPlace(options, gazetteer)
      const path = options.db ?? readSettings().db
      const store = await openReaderIfAny(path)
      if (!store) throw new Failure(`database ${path}: not there yet`)
      try {
        const actor = given(options.actor, '--actor') ?? osUser()
        const places = await placesOf(store, place)
        console.log(
          JSON.stringify(
            await nextToCheck(store, idCodec(store.secret), gazetteer, { places, actor }),
            null,
            2,
          ),
        )
      } finally {
        await store.close()
      }
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
    .option(...db)
    .action((id: string, options: CheckOptions) => {
      const found = readFound(options)
      return carryOut(options, async (life, by) => {
        if (found) return { id: readId(id), recorded: await life.check(by, readId(id), { found }) }
        await life.undoCheck(by, readId(id))
        return { id: readId(id), undone: true }
      })
    })
}

interface SampleOptions {
  province?: string
  commune?: string
  share?: string
  minimum?: string
  seed?: string
  newRound?: boolean
  output?: string
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

async function drawSample(options: SampleOptions): Promise<void> {
  const gazetteer = load()
  const place = readPlace(options, gazetteer)
  const output = given(options.output, '--output')
  const asked = {
    seed: given(options.seed, '--seed'),
    share: readShare(options.share),
    least: readMinimum(options.minimum),
    newRound: options.newRound,
    actor: given(options.actor, '--actor') ?? osUser(),
  }
  const path = options.db ?? readSettings().db
  await (await openReaderOf(path)).close()
  const store = openWriter(path)
  try {
    const ids = idCodec(store.secret)
    const places = await placesOf(store, place)
    const round = await openRound(store, asked)
    const { finished, drawn } = await untilSignal(async ({ onProgress, stop }) => {
      let drawn: Drawn = { communes: 0, households: 0, before: { communes: 0, households: 0 } }
      let done = 0
      for await (const step of draw(store, ids, places, round)) {
        drawn = step
        done++
        onProgress({ rows: step.households, bytes: done, bytesTotal: places.length })
        await new Promise(setImmediate)
        if (await stop()) break
      }
      return { finished: done === places.length, drawn }
    })
    const { round: number, seed, share, least } = round
    const sheets = output !== undefined && finished ? await sheetsOf(store, places, output) : {}
    console.log(
      JSON.stringify(
        {
          finished,
          round: number,
          seed,
          share: Math.round(share * 1e6) / 1e4,
          minimum: least,
          ...drawn,
          ...sheets,
        },
        null,
        2,
      ),
    )
    if (!finished) process.exitCode = FAILED
  } catch (error) {
    if (error instanceof RoundDiffers) throw new UsageError(`${error.message}: --new-round`)
    throw error
  } finally {
    await store.close()
  }
}

async function sheetsOf(
  store: StoreWriter,
  places: Parameters<typeof writeSampleSheets>[3],
  output: string,
): Promise<object> {
  const written = await writeSampleSheets(store, idCodec(store.secret), load(), places, output)
  return { sheets: { ...written, output } }
}

async function openReaderOf(path: string) {
  const store = await openReaderIfAny(path)
  if (!store) throw new Failure(`database ${path}: not there yet`)
  return store
}

async function readSheet(
  file: string,
  options: { rejects?: string; actor?: string; db?: string },
): Promise<void> {
  const rejects = given(options.rejects, '--rejects') ?? `${file}.rejects.csv`
  const actor = given(options.actor, '--actor') ?? osUser()
  const gazetteer = load()
  const path = options.db ?? readSettings().db
  await (await openReaderOf(path)).close()
  const store = await openBeside(path)
  try {
    const life = openLife({ store, gazetteer, engineVersion: VERSION })
    const ids = idCodec(store.secret)
    const counts = await readSampleSheet({ store, life, ids, gazetteer, file, actor, rejects })
    console.log(JSON.stringify(counts))
    if (!counts.recorded) console.error('nothing changed: no row told anything new')
    if (counts.rejected) process.exitCode = DONE_WITH_REJECTED
  } finally {
    await store.close()
  }
}

/** A percentage as a share. */
function readShare(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const percent = /^\d{1,3}([.,]\d{1,4})?%?$/.test(text.trim())
    ? Number.parseFloat(text.replace(',', '.'))
    : 0
  if (!(percent > 0 && percent <= 100))
    throw new UsageError('--share must be a percentage above 0, at most 100')
  return percent / 100
}

function readMinimum(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1)
    throw new UsageError('--minimum must be a whole number from 1 to 99999')
  return Number(text)
}

/** Null: the check is to be taken back. */
function readFound(options: CheckOptions): CheckById['found'] | null {
  const { point: at, accuracy, commune, house, sameAs, undo } = options
  const chosen = [at !== undefined || commune !== undefined, !house, sameAs !== undefined, undo]
  if (chosen.filter(Boolean).length !== 1)
    throw new UsageError('give one: --point and --commune, --no-house, --same-as or --undo')
  const point = readPoint({ point: at, accuracy })
  if (undo) return null
  if (!house) return { kind: 'none' }
  if (sameAs !== undefined) return { kind: 'same-as', other: readId(sameAs) }
  const communeCode = commune === undefined ? null : readPlace({ commune }, load())!.commune!.code
  return { kind: 'house', communeCode, point: point ?? null }
}
