import { z } from 'zod'

/** How far a copy is; committed with the rows. */
const stateSchema = z.object({
  source: z.string(),
  registry: z.string(),
  /** Codes of the provinces that are copied, in order, with commas; null: all. */
  province: z.string().nullable(),
  /** The set that it began with. */
  set: z.string(),
  engineVersion: z.string(),
  dataVersion: z.string(),
  /** Communes of the snapshot that are there, and rows of the next one; null: all are, and the feed is followed. */
  loading: z.object({ communes: z.int(), rows: z.int() }).nullable(),
  /** Where the feed goes on. */
  cursor: z.string(),
  /** The last event of each province. */
  ends: z.record(z.string(), z.int()),
  /** When the source was heard last (milliseconds since 1970), events that it had more, and seconds since the last change carried out. */
  heard: z.object({ at: z.int(), behind: z.int(), seconds: z.number() }),
})
export type CopyState = z.infer<typeof stateSchema>

/** What was noted of a copy; null before anything was. */
export const readState = (text: string): CopyState | null =>
  text === '' ? null : stateSchema.parse(JSON.parse(text))

/** How far a copy is behind its source. */
export interface Lag {
  /** When the source was heard last; noted every 30 s while there is nothing new. */
  heardAt: number
  /** Changes that it had more then. */
  changes: number
  /** What happened there earlier than so many seconds ago is carried out here. */
  seconds: number
}

export function lagOf(text: string, now: number): Lag | null {
  const state = readState(text)
  if (!state) return null
  const { at, behind, seconds } = state.heard
  return { heardAt: at, changes: behind, seconds: Math.max(0, (now - at) / 1000) + seconds }
}
