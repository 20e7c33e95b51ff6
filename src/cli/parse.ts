import type { Command } from 'commander'
import { load } from '../gazetteer/load.ts'
import { explain } from '../match/explain.ts'
import { understandText } from '../match/understand.ts'
import { answer } from './answer.ts'
import { explanationText } from './explain.ts'

interface Options {
  ndjson?: boolean
  explain?: boolean
}

/** `parse`: what a text says. */
export function parse(program: Command): void {
  program
    .command('parse')
    .description('the parts of an address and its commune today and before July 2025')
    .argument('[TEXT]', 'an address of either era, in quotes')
    .option('--ndjson', 'read one address a line from standard input, write one JSON object a line')
    .option(
      '--explain',
      'print why: the communes and readings weighed with the evidence for and against each, as text; with --ndjson the field `explanation` of each object has it',
    )
    .action(async (text: string | undefined, options: Options) => {
      const gazetteer = load()
      const checked = (input: string) => {
        if (input.trim() === '') throw new Error('empty')
        return input
      }
      if (options.explain)
        await answer(
          text,
          options.ndjson,
          'TEXT',
          (input) => explain(checked(input), gazetteer),
          explanationText,
        )
      else await answer(text, options.ndjson, 'TEXT', (input) => understandText(checked(input), gazetteer))
    })
}
