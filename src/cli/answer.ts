import { DONE_WITH_REJECTED, UsageError } from './exit.ts'
import { answerLines } from './ndjson.ts'

/** An object that stands for a refused item. */
export interface Refused {
  input: string
  error: string
}

/**
 * The way of `encode`, `decode`, `parse` and `convert`: one item from the command line answers one JSON object with
 * indents, `--ndjson` answers the lines of standard input. Sets the exit code.
 */
export async function answer(
  item: string | undefined,
  ndjson: boolean | undefined,
  name: string,
  work: (input: string) => object | Promise<object>,
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
  console.log(JSON.stringify(found, null, 2))
  if ('error' in found) process.exitCode = DONE_WITH_REJECTED
}

/** The answer, or { input, error } when `work` throws. */
export async function refusing(
  input: string,
  work: (input: string) => object | Promise<object>,
): Promise<object | Refused> {
  try {
    return await work(input)
  } catch (error) {
    return { input: input.slice(0, 500), error: error instanceof Error ? error.message : String(error) }
  }
}
