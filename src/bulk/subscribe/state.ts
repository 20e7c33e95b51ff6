import { z } from 'zod'

/** How far a copy is; committed with the rows. */
export const stateSchema = z.object({
  source: z.string(),
  registry: z.string(),
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
