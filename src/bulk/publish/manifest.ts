import { createHmac } from 'node:crypto'
import { z } from 'zod'

/** Of the files and of this description of them. */
export const FORMAT = 1

const ends = z.record(z.string().regex(/^\d\d$/), z.int().min(0))
const file = z.strictObject({
  path: z.string().regex(/^(?:snapshot|changes)\/\d{2}\/\d{5}\.(?:csv|geojsonl)\.gz$/),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
const commune = z.strictObject({
  province: z.string().regex(/^\d{2}$/),
  commune: z.string().regex(/^\d{5}$/),
  rows: z.int().min(0),
  /** Of the lines of the CSV file below its header; see LineSum. */
  checksum: z.string().regex(/^[0-9a-f]{16}$/),
  csv: file,
  geojsonl: file,
})
export type CommuneFiles = z.infer<typeof commune>

/** Name of a set: the day (by the clock of Viet Nam), and which set of that day from the second on. */
export const SET_NAME = /^\d{4}-\d{2}-\d{2}(?:\.[1-9]\d{0,2})?$/

/** What a published set holds: manifest.json. */
export const manifestSchema = z.object({
  format: z.literal(FORMAT),
  set: z.string().regex(SET_NAME),
  /** Tells this registry from others. */
  registry: z.string().regex(/^[0-9a-f]{32}$/),
  engineVersion: z.string().max(100),
  dataVersion: z.string().max(200),
  /** The moment of the snapshot: ISO time, and the number of the last event of each province. */
  takenAt: z.iso.datetime(),
  events: ends,
  /** From where `GET /v1/changes` goes on: over all provinces, and with `province=`. */
  cursor: z.string().max(1000),
  cursors: z.record(z.string().regex(/^\d\d$/), z.string().max(1000)),
  notice: z.string().max(2000),
  columns: z.array(z.string().max(100)).max(100),
  households: z.int().min(0),
  bytes: z.int().min(0),
  snapshot: z.array(commune).max(10_000),
  /** What happened since an earlier set; null in the first one. */
  changes: z
    .object({
      since: z.string().regex(SET_NAME),
      events: ends,
      columns: z.array(z.string().max(100)).max(100),
      rows: z.int().min(0),
      communes: z.array(commune).max(10_000),
    })
    .nullable(),
})
export type Manifest = z.infer<typeof manifestSchema>

/** Of every set: the licence of what is not the registry's own. */
export const NOTICE =
  'Points whose source is "mapped" were taken from OpenStreetMap: (c) OpenStreetMap contributors, Open Database License 1.0 (https://opendatacommons.org/licenses/odbl/1-0/).'

/** A public name of the registry with this secret, that tells nothing of it. */
export const registryName = (secret: Uint8Array): string =>
  createHmac('sha256', secret).update('name of this registry').digest('hex').slice(0, 32)
