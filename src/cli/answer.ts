import { DONE_WITH_REJECTED, UsageError } from './exit.ts'
import { answerLines } from './ndjson.ts'

/** An object that stands for a refused item. */
export interface Refused {
  input: string
  error: string
}

/**
 * The way of `encode`, `decode`, `parse` and `convert`: one item from the command line answers one JSON object with
 * indents (or what `print` makes of it), `--ndjson` answers the lines of standard input. Sets the exit code.
 */
export async function answer<Answer extends object>(
  item: string | undefined,
  ndjson: boolean | undefined,
  name: string,
  work: (input: string) => Answer | Promise<Answer>,
  print: (found: Answer) => string = indented,
): Promise<void> {
  if (ndjson ? item !== undefined : item === undefined) {
    throw new UsageError(
      ndjson ? `give ${name} or --ndjson, not both` : `give ${name}, or --ndjson for standard input`,
    )
  }
  if (item === undefined) {
    process.exitCode = await answerLines(work)
    return
  }
  const found = await refusing(item, work)
  if (isRefused(found)) {
    console.log(indented(found))
    process.exitCode = DONE_WITH_REJECTED
  } else console.log(print(found))
}

const indented = (found: object) => JSON.stringify(found, null, 2)
const isRefused = (found: object | Refused): found is Refused => 'error' in found

/** The answer, or { input, error } when `work` throws. */
export async function refusing<Answer extends object>(
  input: string,
  work: (input: string) => Answer | Promise<Answer>,
): Promise<Answer | Refused> {
  try {
    return await work(input)
  } catch (error) {
    return { input: input.slice(0, 500), error: error instanceof Error ? error.message : String(error) }
  }
}
