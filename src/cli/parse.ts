import type { Command } from 'commander'
import { load } from '../gazetteer/load.ts'
import { understandText } from '../match/understand.ts'
import { answer } from './answer.ts'

/** `parse`: what a text says. */
export function parse(program: Command): void {
  program
    .command('parse')
    .description('the parts of an address and its commune today and before July 2025')
    .argument('[TEXT]', 'an address of either era, in quotes')
    .option('--ndjson', 'read one address a line from standard input, write one JSON object a line')
    .action(async (text: string | undefined, { ndjson }: { ndjson?: boolean }) => {
      const gazetteer = load()
      await answer(text, ndjson, 'TEXT', (input) => {
        if (input.trim() === '') throw new Error('empty')
        return understandText(input, gazetteer)
      })
    })
}
