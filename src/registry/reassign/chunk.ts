import { difference } from '../change.ts'
import { CORE_LENGTH } from '../key.ts'
import { type Conflict, SAME_HOME_REACH } from '../match.ts'
import { farApart } from '../points.ts'
import type {
  HouseholdFields,
  OldPostcode,
  RegistryTransaction,
  Revision,
  StoredHousehold,
} from '../store.ts'
import { lineOf } from '../streetLine.ts'
import { canClash, type Derive, type Derived, type Why, withReason } from './derive.ts'

export interface ReassignContext {
  job: number
  actor: string
  /** Milliseconds since 1970. */
  at: number
  engineVersion: string
  dataVersion: string
  /** The highest n that the job looks at. */
  last: number
  /** The decree that it carries out: its day (ISO date) and name. */
  decree: { effective: string; name: string } | null
}

export interface Reassigned {
  before: StoredHousehold
  after: StoredHousehold
  why: Why
  /** `review`: this job puts it to review. */
  status: 'updated' | 'unchanged' | 'review'
}

/** Households of one key that are looked at when an address clashes. */
const PER_KEY = 16

/**
 * Gives the households `ns` (rising, all live or historical that `derive` may concern) what follows anew and writes it.
 * Any cut of the registry into chunks gives the same.
 */
export async function reassignChunk(
  tx: RegistryTransaction,
  ns: readonly number[],
  derive: Derive,
  context: ReassignContext,
): Promise<Reassigned[]> {
  const work = (await tx.households(ns)).flatMap((before) => {
    const derived = derive(before)
    return derived ? [{ before, derived }] : []
  })
  const clashes = await Clashes.load(tx, work, derive, context)
  const revisions: Revision[] = []
  const outcomes: Reassigned[] = []
  for (const { before, derived } of work) {
    const clash = await clashes.of(before, derived)
    const review = derived.fields.review ?? before.review
    const fields = clash ? { ...derived.fields, review: withReason(review, clash) } : derived.fields
    const after = revision(before, fields, derived, context)
    if (after) revisions.push(after)
    const household = after?.household ?? before
    clashes.put(before, household)
    const doubtful = household.review.length > before.review.length
    outcomes.push({
      before,
      after: household,
      why: derived.why,
      status: doubtful ? 'review' : after ? 'updated' : 'unchanged',
    })
  }
  const { at, actor, job } = context
  if (revisions.length > 0) await tx.write({ changes: revisions, lineOf, at, actor, job })
  if (context.decree) await tx.writePostcodes(replaced(outcomes, context.decree))
  return outcomes
}

/** The new version, null when nothing changes; the versions of program and data alone are no change. */
function revision(
  before: StoredHousehold,
  fields: HouseholdFields,
  { why }: Derived,
  { at, engineVersion, dataVersion }: ReassignContext,
): Revision | null {
  if (!difference(before, fields)) return null
  // A decree brings other data, not another reading of the text.
  const versions = why === 'engine' ? { engineVersion, dataVersion } : { dataVersion }
  const changed = difference(before, { ...fields, ...versions })!
  return { kind: 'update', household: { ...before, ...changed.after, updatedAt: at }, ...changed }
}

/** The postcodes that households lost, and where they lead. */
function replaced(
  outcomes: readonly Reassigned[],
  { effective, name }: NonNullable<ReassignContext['decree']>,
): OldPostcode[] {
  const found = new Map<string, OldPostcode>()
  for (const { before, after } of outcomes) {
    const { postcode } = before
    const { communeCode } = after
    if (postcode !== after.postcode)
      found.set(postcode + communeCode, { postcode, communeCode, from: null, until: effective, source: name })
  }
  return [...found.values()]
}

interface Work {
  before: StoredHousehold
  derived: Derived
}

/** Finds out whether a household comes to an address that another one has. */
class Clashes {
  readonly #tx: RegistryTransaction
  readonly #derive: Derive
  readonly #context: ReassignContext
  /** Households by the key that they had when the chunk began. */
  readonly #stored: Map<string, number[]>
  /** What the chunk did so far. */
  readonly #done = new Map<number, { before: StoredHousehold; after: StoredHousehold }>()
  readonly #came = new Map<string, number[]>()

  private constructor(
    tx: RegistryTransaction,
    derive: Derive,
    context: ReassignContext,
    stored: Map<string, number[]>,
  ) {
    this.#tx = tx
    this.#derive = derive
    this.#context = context
    this.#stored = stored
  }

  static async load(
    tx: RegistryTransaction,
    work: readonly Work[],
    derive: Derive,
    context: ReassignContext,
  ) {
    const keys = work
      .filter(({ before, derived }) => changesKey(before, derived))
      .map(({ derived }) => derived.fields.key!)
    const stored = new Map<string, number[]>()
    if (keys.length > 0) {
      const lookup = { coreLength: CORE_LENGTH, perKey: PER_KEY, externalIds: [], list: '', rows: [] }
      for (const { key, n } of (await tx.find({ keys, ...lookup })).keys)
        stored.set(key, [...(stored.get(key) ?? []), n])
    }
    return new Clashes(tx, derive, context, stored)
  }

  put(before: StoredHousehold, after: StoredHousehold): void {
    this.#done.set(before.n, { before, after })
    if (after.key !== before.key) this.#came.set(after.key, [...(this.#came.get(after.key) ?? []), after.n])
  }

  /** The conflict with a household that has the new address and did not share the old one. */
  async of(before: StoredHousehold, derived: Derived): Promise<Conflict | null> {
    if (!changesKey(before, derived)) return null
    const key = derived.fields.key!
    const ns = [...(this.#stored.get(key) ?? []), ...(this.#came.get(key) ?? [])]
    for (const n of new Set(ns)) {
      const other = this.#done.get(n)?.after ?? (await this.#tx.households([n]))[0]!
      if (n === before.n || other.key !== key || !canClash(other)) continue
      // It will leave this key in its turn, or come back to it and see this household then.
      if (n > before.n && n <= this.#context.last && this.#leaves(other)) continue
      if ((await this.#keyBefore(other)) === before.key) continue
      return farApart(before.point, other.point, SAME_HOME_REACH) ? 'same-address-far-apart' : 'same-address'
    }
    return null
  }

  #leaves(household: StoredHousehold): boolean {
    const derived = this.#derive(household)
    return derived !== null && derived.fields.key !== household.key
  }

  /** The key that a household had before this job. */
  async #keyBefore(other: StoredHousehold): Promise<string> {
    const done = this.#done.get(other.n)
    if (done) return done.before.key
    const events = await this.#tx.history(other.n)
    return events.findLast(({ job }) => job === this.#context.job)?.before?.key ?? other.key
  }
}

const changesKey = (before: StoredHousehold, { fields }: Derived) =>
  fields.key !== before.key && canClash({ ...before, ...fields })
