import { existsSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { type LoadedGazetteer, load } from '../gazetteer/load.ts'
import { convertCurrentCode, convertFormerCode } from '../match/convertCode.ts'
import { understandText } from '../match/understand.ts'
import type { ForcedEra } from '../match/units.ts'
import { answer } from './answer.ts'
import { UsageError } from './exit.ts'
import { type FileJobFlags, fileCommand, withFileOptions } from './fileJob.ts'
import { ERA } from './parse.ts'

type Target = 'current' | 'former'
interface Options extends FileJobFlags {
  to: Target
  era?: ForcedEra
  ndjson?: boolean
}

/** Meant as a file even where there is none. */
const FILE_NAME = /\.(csv|tsv|txt|xlsx?)$/i

/** `convert`: units before July 2025 to those of today, and back. */
export function convert(program: Command): void {
  const command = program
    .command('convert')
    .description('the commune of today of an address or code from before July 2025, or the other way round')
    .argument('[FILE|TEXT]', 'a file, an address in quotes, or the 5-digit code of a commune')
    .addOption(
      new Option('--to <ERA>', 'which units are wanted (a file gets both)')
        .choices(['current', 'former'])
        .default('current'),
    )
    .addOption(ERA)
    .option('--ndjson', 'read one address or code a line from standard input, write one JSON object a line')
  withFileOptions(command).action(async (item: string | undefined, options: Options) => {
    if (item !== undefined && (existsSync(item) || FILE_NAME.test(item))) {
      if (options.era) throw new UsageError('--era is for a text; a file gets both')
      return fileCommand('convert', item, options)
    }
    const gazetteer = load()
    await answer(item, options.ndjson, 'FILE or TEXT', (input) => units(input, options, gazetteer))
  })
}

const OF_ERA = { former: 'from before July 2025', current: 'of today' } as const

/** A code is one of the units that are not asked for, unless `--era` says whose it is. */
function ofCode(code: string, to: Target, era: ForcedEra | undefined, gazetteer: LoadedGazetteer) {
  const own = era ?? (to === 'current' ? 'former' : 'current')
  const found = (own === 'former' ? convertFormerCode : convertCurrentCode)(code, gazetteer)
  if (found) return found
  if (!era) throw new Error('unknown-unit')
  throw new Error(`unknown-unit: no commune ${OF_ERA[era]} has the code ${code}`)
}

/** Of the understanding the parts that the question asks for. */
function units(input: string, { to, era: forced }: Options, gazetteer: LoadedGazetteer): object {
  if (input.trim() === '') throw new Error('empty')
  const code = /^\s*(\d{5})\s*$/.exec(input)?.[1]
  const found = code ? ofCode(code, to, forced, gazetteer) : understandText(input, gazetteer, { era: forced })
  const { era, current, candidates, former, formerCandidates, grade, confidence, issues } = found
  const wanted = to === 'current' ? { current, candidates } : { former, formerCandidates }
  return { input, era, to, ...wanted, grade, confidence, issues }
}
