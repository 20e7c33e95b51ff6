import type { Scale } from '../geo/flatEarth.ts'
import type { CoverageReader, CoverageWriter } from './coverage/store.ts'
import type { CrosswalkReader, CrosswalkWriter } from './crosswalks/store.ts'
import type { DoubtReader, DoubtWriter } from './doubts/store.ts'
import type { IdCodec } from './id.ts'
import type { JobChunk, JobReader, JobStore, Reach } from './jobStore.ts'
import type { LineOf, LineReader, LineWriter } from './lineStore.ts'
import type { ObservationReader, ObservationWriter } from './observations/store.ts'
import type { SampleReader, SampleWriter } from './sample/store.ts'
import type { Cleared, Household } from './types.ts'

/**
 * What the registry asks of a database. SQLite and PostgreSQL implement the same interface, every method is one round
 * trip (or a few) for a whole batch. A household is known here by `n`, the counter behind its public id (see id.ts).
 */

/** A household as the store keeps it: `n` instead of the id, times in milliseconds since 1970. */
export interface StoredHousehold
  extends Omit<Household, 'id' | 'of' | 'successors' | 'cleared' | 'createdAt' | 'updatedAt'> {
  n: number
  /** For `alternative`: the n of the main household. */
  of: number | null
  /** For `historical`: the n of the households that took its place. */
  successors: number[]
  cleared: (Omit<Cleared, 'other'> & { other: number | null })[]
  createdAt: number
  updatedAt: number
}

/** The fields of a household that a change can touch. */
export type HouseholdFields = Partial<Omit<StoredHousehold, 'n' | 'createdAt' | 'updatedAt'>>

export type EventKind =
  | 'insert'
  | 'update'
  | 'verify'
  | 'retire'
  | 'merge'
  | 'split'
  | 'reinstate'
  | 'undo'
  | 'erase'

/** What an event tells beside the changed fields. */
export interface EventNote {
  /** The other households of the same operation, by n. */
  related: readonly number[]
  /** For `verify`: what the verification rests on. */
  evidence: 'surveyed-point' | 'second-person' | null
  /** For `undo`: the event of this household, or the whole job, that it takes back. */
  undoes: { province: string; number: number } | { job: number } | null
}

export interface StoredEvent extends EventNote {
  province: string
  /** Gap-free in its province, from 1. */
  number: number
  n: number
  kind: EventKind
  /** Milliseconds since 1970. */
  at: number
  /** Who (a person's account or "system"). */
  actor: string
  /** The job that did it. */
  job: number | null
  /** Why, in the actor's words; null when not said. */
  reason: string | null
  /** The changed fields; null for an insert, whose first version follows from the household and its later events. */
  before: HouseholdFields | null
  after: HouseholdFields | null
}

/**
 * What a household said before a person gave it another address or point: rows that still say so mean it, and do not take
 * the change back.
 */
export interface Stand {
  key: string
  /** Degrees WGS 84; null when it had none. */
  point: { lat: number; lon: number } | null
  n: number
  /** When the person changed it (milliseconds since 1970). */
  until: number
}

/** A code that a household once had. Times are milliseconds since 1970. */
export interface StoredAlias {
  vpostcode: string
  n: number
  from: number
  until: number
}

/** A postcode that a commune of today, or a part of it, had before. */
export interface OldPostcode {
  postcode: string
  communeCode: string
  /** ISO dates; null when not known. */
  from: string | null
  until: string | null
  /** Where this stands: a decree, a list. */
  source: string
}

/** Degrees WGS 84; distances are measured on the plane that `scale` lays at the point. */
export interface NearestQuery {
  lat: number
  lon: number
  scale: Scale
  metres: number
  limit: number
}

/** Reads of what is committed, by any number of processes. All answers are bounded by the caller's `limit`. */
export interface RegistryReader
  extends CoverageReader,
    CrosswalkReader,
    DoubtReader,
    LineReader,
    ObservationReader,
    SampleReader {
  /** 32 bytes made when the database was created: the key of the id permutation. */
  readonly secret: Uint8Array
  /** Of a copy of a registry elsewhere: its ids are kept, not made from the secret. See `idsOf`. */
  readonly ids?: IdCodec
  /** Households in the order asked; unknown ones are left out. */
  households(ns: readonly number[]): Promise<StoredHousehold[]>
  /** Households whose current code this is, lowest n first. */
  atCode(vpostcode: string, limit: number): Promise<number[]>
  /** Those of the codes that a household has now. */
  knownCodes(vpostcodes: readonly string[]): Promise<Set<string>>
  /** Households that had this code and no longer have it, latest change first. */
  oldCodes(vpostcode: string, limit: number): Promise<StoredAlias[]>
  /** Households (not historical) with a point near a point, nearest first, then lowest n. */
  nearest(query: NearestQuery): Promise<{ n: number; metres: number }[]>
  byExternalId(scheme: string, value: string): Promise<number | null>
  /** The lists of which a load made or changed the household, or of which a row leads to it, by name. */
  listsOf(n: number): Promise<string[]>
  /** Households whose key begins with the same `coreLength` digits, by key, then n. */
  sameCore(key: string, coreLength: number, limit: number): Promise<{ key: string; n: number }[]>
  /** What households said before with this key, by n, then time. */
  stands(key: string, limit: number): Promise<Stand[]>
  /** What communes of today had this postcode before, the latest first. */
  oldPostcodes(postcode: string): Promise<OldPostcode[]>
  /** Events of one household, oldest first. */
  history(n: number): Promise<StoredEvent[]>
  /** Households with their events, as both were at one moment; unknown ones are left out. */
  withHistory(ns: readonly number[]): Promise<{ household: StoredHousehold; events: StoredEvent[] }[]>
  /** The households whose main household this is, lowest n first. */
  alternativesOf(n: number): Promise<number[]>
  /**
   * The next events of a job after a cursor (0 at the beginning), at most `limit`, in the order of the list. A page can be
   * empty before the end, for other events are passed over; the cursor is null at the end.
   */
  jobEvents(job: number, cursor: number, limit: number): Promise<JobEvents>
  /** Events of a province with a number above `after`, in order; with `arrivals` those of households from other provinces. */
  events(province: string, after: number, limit: number, arrivals?: boolean): Promise<StoredEvent[]>
  /** The number of the last event of each province that has one, as they were at one moment. */
  lastEvents(): Promise<{ province: string; number: number }[]>
  /** Households in all. */
  count(): Promise<number>
}

export interface JobEvents {
  events: Pick<StoredEvent, 'province' | 'number' | 'n'>[]
  cursor: number | null
}

/** What could match the rows of a chunk. */
export interface Lookup {
  /** Full keys (hexadecimal): asked for are the households of the same core, the first `coreLength` digits. */
  keys: readonly string[]
  coreLength: number
  /** Per core at most this many households, and of each full key this many with the lowest n. */
  perKey: number
  externalIds: readonly { scheme: string; value: string }[]
  list: string
  /** Row numbers of that list. */
  rows: readonly number[]
}
export interface Found {
  /** By key, then n. */
  keys: { key: string; n: number }[]
  externalIds: { scheme: string; value: string; n: number }[]
  listRows: { row: number; n: number }[]
}
/** Asks for households with exactly this key in a box (degrees WGS 84). */
export interface NearQuery {
  south: number
  west: number
  north: number
  east: number
  key: string
}

export type Change = Insert | Revision
export interface Insert {
  kind: 'insert'
  household: StoredHousehold
  note?: Partial<EventNote>
}
export interface Revision {
  kind: Exclude<EventKind, 'insert'>
  /** The new version. */
  household: StoredHousehold
  /** The changed fields; they go into the event. */
  before: HouseholdFields
  after: HouseholdFields
  note?: Partial<EventNote>
  /**
   * For `erase`: fields to be taken out of all events of the household, with the reasons; its external ids, old codes,
   * stands and list rows go too.
   */
  erases?: readonly (keyof HouseholdFields)[]
}

export interface Batch {
  lineOf: LineOf
  /** In order; each becomes the next event of its province. A code replaced by an update becomes an alias. */
  changes: readonly Change[]
  /** Of a load. */
  list?: string
  /** Rows of that list that lead to a household from now on. */
  listRows?: readonly { row: number; n: number }[]
  /** What households said before these changes of a person. */
  stands?: readonly Stand[]
  at: number
  actor: string
  job: number | null
  /** Why, for every event of the batch. */
  reason?: string | null
}

/** What tells whether a household is concerned by a job over the whole registry. */
export type Glance = Pick<StoredHousehold, 'n' | 'status' | 'communeCode' | 'engineVersion' | 'dataVersion'>

/** Inside one writing transaction; nothing is seen by others before it ends. */
export interface RegistryTransaction
  extends CoverageWriter,
    CrosswalkWriter,
    DoubtWriter,
    LineWriter,
    ObservationWriter,
    SampleWriter,
    Pick<RegistryReader, 'households' | 'history' | 'alternativesOf'> {
  find(lookup: Lookup): Promise<Found>
  /** What households said before with these keys: of each at most `perKey`, by n, then time. */
  stands(keys: readonly string[], perKey: number): Promise<Stand[]>
  /**
   * Per query the n of the households (not historical) that no row of the list led to so far, lowest first; with `listed`
   * those that a row of it did lead to.
   */
  findNear(list: string, queries: readonly NearQuery[], listed?: boolean): Promise<number[][]>
  /** A glance at the households with an n above `after` and at most `until`, lowest first. */
  glance(after: number, until: number): Promise<Glance[]>
  writePostcodes(entries: readonly OldPostcode[]): Promise<void>
  /** The first of `count` consecutive n never used before. Those not used may be given again. */
  reserve(count: number): Promise<number>
  write(batch: Batch): Promise<void>
  /** Records a chunk of a job and adds its rows and counts to the job; `reach` is kept with the job. */
  recordChunk(job: number, chunk: JobChunk, reach?: Reach): Promise<void>
}

/** Which households; all that is given must hold. */
export interface HouseholdFilter {
  province?: string
  commune?: string
  status?: Household['status']
  /** Loads of this list made or changed the household, or one of its rows leads to it. */
  list?: string
}
/** The registry as it was at one moment, however long the reading takes. */
export interface RegistrySnapshot {
  /** The highest n of any household. */
  last: number
  /** Households in the order of n, `size` at a time. */
  pages(filter: HouseholdFilter, size: number): Iterable<StoredHousehold[]> | AsyncIterable<StoredHousehold[]>
  close(): void | Promise<void>
}

export interface StoreReader extends RegistryReader, JobReader {
  /** What is noted now of a copy of a registry elsewhere; absent for a registry of its own. */
  copy?(): string
  /** Version of the database's schema. */
  readonly schema: number
  close(): Promise<void>
}
export interface StoreWriter extends StoreReader, JobStore {
  /**
   * Runs `work` in one writing transaction, durable when the promise resolves, rolled back when `work` throws. Calls
   * wait for each other. Keep it short: at most 100 ms (about 2,000 rows).
   */
  transaction<T>(work: (tx: RegistryTransaction) => Promise<T>): Promise<T>
}
