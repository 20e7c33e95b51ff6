import type { Gazetteer } from '../../gazetteer/types.ts'
import { difference } from '../change.ts'
import { NO_KEY } from '../key.ts'
import type {
  Change,
  EventNote,
  HouseholdFields,
  RegistryTransaction,
  Revision,
  StoredHousehold,
} from '../store.ts'
import { ChangeRefused } from './refused.ts'

/**
 * Each operation of a household's life is a function that reads inside the open transaction, checks what must hold
 * (ChangeRefused when it does not) and answers the changes to write, one a household, in the order in which they must
 * be written. It writes nothing itself, so that a larger work (a decision of the review queue) can write them with its own.
 */
export type Plan = Promise<Change[]>

/** The circumstances of an operation. */
export interface Circumstances {
  gazetteer: Gazetteer
  /** Who does it. */
  actor: string
  /** Why; some operations refuse to be done without. */
  reason: string | null
  /** Milliseconds since 1970. */
  at: number
  engineVersion: string
}

export const isLive = ({ status }: StoredHousehold) => status !== 'historical'
const isErased = ({ key, text }: StoredHousehold) => key === NO_KEY && text === ''

/** A household that was not erased. */
export async function read(tx: RegistryTransaction, n: number): Promise<StoredHousehold> {
  const [household] = await tx.households([n])
  if (!household) throw new ChangeRefused('unknown-household')
  if (isErased(household)) throw new ChangeRefused('erased', { households: [n] })
  return household
}

/** A household that is not historical. */
export async function readLive(tx: RegistryTransaction, n: number): Promise<StoredHousehold> {
  const household = await read(tx, n)
  if (!isLive(household)) throw new ChangeRefused('historical', { households: [n] })
  return household
}

/** A live household that is no alternative of another. */
export async function readMain(tx: RegistryTransaction, n: number): Promise<StoredHousehold> {
  const household = await readLive(tx, n)
  if (household.status === 'alternative') throw new ChangeRefused('alternative', { households: [n] })
  return household
}

/** A new version of a household; the event is written also when no field differs. */
export function revise(
  household: StoredHousehold,
  kind: Revision['kind'],
  fields: HouseholdFields,
  { at }: Pick<Circumstances, 'at'>,
  note?: Partial<EventNote>,
): Revision {
  const { before, after } = difference(household, fields) ?? { before: {}, after: {} }
  return { kind, household: { ...household, ...after, updatedAt: at }, before, after, note }
}

export function requireReason({ reason }: Circumstances): void {
  if (!reason?.trim()) throw new ChangeRefused('reason-missing')
}

/** Refuses a list of households in which one stands twice. */
export function requireDistinct(ns: readonly number[]): void {
  if (new Set(ns).size < ns.length) throw new ChangeRefused('same-household')
}

/** All but one. */
export const others = (ns: readonly number[], n: number) => ns.filter((other) => other !== n)
