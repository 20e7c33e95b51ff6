/** Exit codes of the command. */
export const DONE = 0
/** Done, and some rows or lines were rejected. */
export const DONE_WITH_REJECTED = 1
export const USAGE = 2
export const FAILED = 3

/** The command was called in a way that cannot be meant: exit 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** What was asked for could not be done, and the message says all there is to say: exit 3. */
export class Failure extends Error {
  override name = 'Failure'
}
