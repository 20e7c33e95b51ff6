import type { Command } from 'commander'
import { readSampleSheet } from '../bulk/samplesheet/read.ts'
import { writeSampleSheets } from '../bulk/samplesheet/write.ts'
import { load } from '../gazetteer/load.ts'
import { idsOf } from '../registry/id.ts'
import { type Drawn, draw, LEAST, openRound, RoundDiffers, SHARE } from '../registry/sample/draw.ts'
import { osUser } from './actor.ts'
import { FAILED, UsageError } from './exit.ts'
import { asFailure, given, untilSignal } from './files.ts'
import { placesOf, readPlace } from './places.ts'
import { returnedSheet } from './returnedSheet.ts'
import { DB_OPTION, readSettings } from './settings.ts'
import { openExisting, openWriter } from './store.ts'

/** The commands under `review` for the sample of the blind check: drawn, handed out, read back. */
export function sampleCommands(group: Command): void {
  const province = ['--province <CODE>', 'only this province (two-digit code or name)'] as const
  const commune = ['--commune <CODE>', 'only this commune (five-digit code)'] as const

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
    .option(...DB_OPTION)
    .addHelpText(
      'after',
      '\nDrawing again in a round gives the same sample. The sheets tell what a checker needs to find a house, and neither commune, point nor code.',
    )
    .action((options: SampleOptions) => asFailure(() => drawSample(options)))

  returnedSheet(
    sample,
    {
      description: 'read a returned sheet: each row is a check by the person that it names',
      file: 'CSV or workbook, as `review sample` wrote it',
      actor: 'who checked the rows that name nobody',
    },
    readSampleSheet,
    ({ recorded }) => {
      if (!recorded) console.error('nothing changed: no row told anything new')
    },
  )
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
  await (await openExisting(path)).close()
  const store = await openWriter(path)
  try {
    const ids = idsOf(store)
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
    const sheets =
      output !== undefined && finished
        ? { sheets: { ...(await writeSampleSheets(store, ids, gazetteer, places, output)), output } }
        : {}
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
