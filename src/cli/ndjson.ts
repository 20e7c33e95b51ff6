import { once } from 'node:events'
import { StringDecoder } from 'node:string_decoder'
import { refusing } from './answer.ts'
import { DONE, DONE_WITH_REJECTED } from './exit.ts'

/** A longer line is refused; its beginning is answered as `input`. */
const MAX_LINE = 64 * 1024

/**
 * Answers each line of standard input with one JSON object on standard output, in order. When `work` throws, the line's
 * object is { input, error }. Resolves to the exit code: 1 when a line was refused.
 */
export async function answerLines(work: (line: string) => object | Promise<object>): Promise<number> {
  let refused = false
  let out = ''
  for await (const line of lines(process.stdin)) {
    const found = await refusing(line, (input) => {
      if (input.length > MAX_LINE) throw new Error(`the line is longer than ${MAX_LINE} characters`)
      return work(input)
    })
    if ('error' in found) refused = true
    out += `${JSON.stringify(found)}\n`
    if (out.length > MAX_LINE) {
      if (!process.stdout.write(out)) await once(process.stdout, 'drain')
      out = ''
    }
  }
  process.stdout.write(out)
  return refused ? DONE_WITH_REJECTED : DONE
}

/** Lines without their ends; of a line above the bound a beginning that is just beyond it. */
async function* lines(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const block of stream) {
    const parts = (rest + decoder.write(block as Buffer)).split('\n')
    rest = parts.pop()!.slice(0, MAX_LINE + 1)
    for (const part of parts) yield part.endsWith('\r') ? part.slice(0, -1) : part
  }
  if (rest !== '') yield rest
}
