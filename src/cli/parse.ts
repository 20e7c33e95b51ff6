import { type Command, Option } from 'commander'
import { load } from '../gazetteer/load.ts'
import { explain } from '../match/explain.ts'
import { understandText } from '../match/understand.ts'
import type { ForcedEra } from '../match/units.ts'
import { answer } from './answer.ts'
import { explanationText } from './explain.ts'

interface Options {
  ndjson?: boolean
  explain?: boolean
  era?: ForcedEra
}

/** Of `parse` and `convert`. */
export const ERA = new Option(
  '--era <ERA>',
  'read the units in this era only (by default the text decides it); others that it names are remarked',
).choices(['current', 'former'])

/** `parse`: what a text says. */
export function parse(program: Command): void {
  program
    .command('parse')
    .description('the parts of an address and its commune today and before July 2025')
    .argument('[TEXT]', 'an address of either era, in quotes')
    .option('--ndjson', 'read one address a line from standard input, write one JSON object a line')
    .addOption(ERA)
    .option(
      '--explain',
      'print why: the communes and readings weighed with the evidence for and against each, as text; with --ndjson the field `explanation` of each object has it',
    )
    .action(async (text: string | undefined, { ndjson, explain: why, era }: Options) => {
      const gazetteer = load()
      const checked = (input: string) => {
        if (input.trim() === '') throw new Error('empty')
        return input
      }
      if (why)
        await answer(
          text,
          ndjson,
          'TEXT',
          (input) => explain(checked(input), gazetteer, { era }),
          explanationText,
        )
      else await answer(text, ndjson, 'TEXT', (input) => understandText(checked(input), gazetteer, { era }))
    })
}
