import type { Gazetteer } from '../gazetteer/types.ts'
import { versionOf } from './history.ts'
import { idsOf } from './id.ts'
import { setMain } from './life/alternative.ts'
import { confirm } from './life/confirm.ts'
import { correct } from './life/correct.ts'
import { erase } from './life/erase.ts'
import { addExternalId, removeExternalId } from './life/externalIds.ts'
import { merge } from './life/merge.ts'
import { type Move, move } from './life/move.ts'
import type { Circumstances, Plan } from './life/plan.ts'
import { ChangeRefused } from './life/refused.ts'
import { type Registration, register } from './life/register.ts'
import { reinstate } from './life/reinstate.ts'
import { retire } from './life/retire.ts'
import { split } from './life/split.ts'
import { undo } from './life/undo.ts'
import { type Verification, verify } from './life/verify.ts'
import { observe, type Seen } from './observations/observe.ts'
import type { Contradiction } from './observations/store.ts'
import { type Decision, decide } from './review/decide.ts'
import { type Check, check, undoCheck } from './sample/check.ts'
import type { Change, RegistryTransaction, Stand, StoreWriter } from './store.ts'
import { lineOf } from './streetLine.ts'
import type { ExternalId, Household, HouseholdDraft, Place } from './types.ts'
import { publicHousehold } from './view.ts'

/** Who does it, why, and what must hold for it; checked inside the writing transaction. */
export interface By {
  actor: string
  reason?: string | null
  /** The versions (versionOf) of which the household asked for must have one; else it is refused as `changed-meanwhile`. */
  versions?: readonly string[] | undefined
  /** Where this person may work: every household named or touched, before and after; else refused as `outside-scope`. */
  mayTouch?: ((place: Place) => boolean) | undefined
}

/** A decision with households by id. */
export type DecisionById =
  | Exclude<Decision, { into: number } | { others: readonly number[] }>
  | { kind: 'merge'; into: string }
  | { kind: 'distinct' | 'keep'; others: readonly string[] }

/** A check with households by id. */
export interface CheckById {
  round?: number | undefined
  found: Exclude<Check['found'], { other: number }> | { kind: 'same-as'; other: string }
}

export interface LifeOptions {
  store: StoreWriter
  gazetteer: Gazetteer
  engineVersion: string
  /** Milliseconds since 1970. */
  now?: () => number
}

/**
 * What a person does to households, by id. Each call is one durable transaction with one event a household, and answers
 * the households that it touched, the one asked for first. Throws ChangeRefused, and then nothing was changed.
 */
export interface Life {
  register(by: By, entry: Registration): Promise<Household[]>
  correct(by: By, id: string, draft: HouseholdDraft): Promise<Household[]>
  confirm(by: By, id: string): Promise<Household[]>
  move(by: By, id: string, to: Omit<Move, 'n'>): Promise<Household[]>
  verify(by: By, id: string, evidence?: Omit<Verification, 'n'>): Promise<Household[]>
  retire(by: By, id: string, successors?: readonly string[]): Promise<Household[]>
  merge(by: By, into: string, ids: readonly string[]): Promise<Household[]>
  split(by: By, id: string, parts: readonly Registration[], stays?: boolean): Promise<Household[]>
  /** `of` null: a household of its own again. */
  setMain(by: By, id: string, of: string | null): Promise<Household[]>
  reinstate(by: By, id: string): Promise<Household[]>
  erase(by: By, id: string): Promise<Household[]>
  addExternalId(by: By, id: string, externalId: ExternalId): Promise<Household[]>
  removeExternalId(by: By, id: string, externalId: ExternalId): Promise<Household[]>
  /** Carries out what a person decided about a household in doubt. */
  decide(by: By, id: string, decision: DecisionById): Promise<Household[]>
  /**
   * Records what a checker found on site at a household of a sample; false when that is known already. Changes no household,
   * and tells nothing of what the registry has: the check is blind.
   */
  check(by: By, id: string, check: CheckById): Promise<boolean>
  /**
   * Keeps what somebody saw at the door of a household; answers what the observations say against it, null when nothing.
   * Changes no household, but that a doubt which was decided before is open again.
   */
  observe(by: By, id: string, seen: Seen): Promise<Contradiction | null>
  /** Takes the latest check of the household back. */
  undoCheck(by: By, id: string): Promise<void>
  /** Takes the latest operation on the household back. */
  undo(by: By, id: string): Promise<Household[]>
}

/** What a household said before a person gave it another address or point. */
function standOf(change: Change, until: number): Stand[] {
  if (change.kind !== 'update' && change.kind !== 'verify') return []
  const { before, household } = change
  if (before.key === undefined && before.point === undefined) return []
  const { key, point } = { key: household.key, point: household.point, ...before }
  return [{ key, point: point && { lat: point.lat, lon: point.lon }, n: household.n, until }]
}

/** Refuses when the first household is not as it was read, or when one of them lies where this person may not work. */
async function requireNamed(
  tx: RegistryTransaction,
  { versions, mayTouch }: By,
  named: readonly number[],
): Promise<void> {
  if (mayTouch)
    for (const household of await tx.households(named))
      if (!mayTouch(household)) throw new ChangeRefused('outside-scope')
  const [n] = named
  // Who does not exist is refused by the plan.
  if (!versions || n === undefined || (await tx.households([n])).length === 0) return
  if (!versions.includes(versionOf(await tx.history(n)))) throw new ChangeRefused('changed-meanwhile')
}

function requirePlaces({ mayTouch }: By, changes: readonly Change[]): void {
  for (const change of mayTouch ? changes : []) {
    const before = change.kind === 'insert' ? {} : change.before
    for (const place of [change.household, { ...change.household, ...before }])
      if (!mayTouch!(place)) throw new ChangeRefused('outside-scope')
  }
}

export function openLife({ store, gazetteer, engineVersion, now = Date.now }: LifeOptions): Life {
  const ids = idsOf(store)
  const nOf = (id: string): number => {
    const n = ids.nOf(id)
    if (n === null) throw new ChangeRefused('unknown-household', { detail: 'this is no id of a household' })
    return n
  }
  /** `named`: the households that are asked for, the one to be changed first. */
  async function carryOut<T>(
    by: By,
    plan: (tx: RegistryTransaction, work: T, now: Circumstances) => Plan,
    work: T,
    named: readonly number[],
  ): Promise<Household[]> {
    const { actor, reason = null } = by
    const [first] = named
    const changed = await store.transaction(async (tx) => {
      const at = now()
      await requireNamed(tx, by, named)
      const changes = await plan(tx, work, { gazetteer, actor, reason, at, engineVersion })
      requirePlaces(by, changes)
      const stands = changes.flatMap((change) => standOf(change, at))
      await tx.write({ changes, lineOf, stands, at, actor, job: null, reason })
      return changes.map(({ household }) => household)
    })
    changed.sort((a, b) => Number(b.n === first) - Number(a.n === first))
    return changed.map((household) => publicHousehold(household, ids))
  }

  /** Carries out what may change nothing. */
  async function checking<T>(
    { actor, reason = null }: By,
    plan: (tx: RegistryTransaction, work: T, now: Circumstances) => Promise<Change[] | null>,
    work: T,
  ): Promise<boolean> {
    return store.transaction(async (tx) => {
      const at = now()
      const changes = await plan(tx, work, { gazetteer, actor, reason, at, engineVersion })
      if (changes?.length)
        await tx.write({ changes, lineOf, at, actor, job: null, reason: reason ?? 'check' })
      return changes !== null
    })
  }

  /** A plan that names one household. */
  const onOne = async <T>(
    by: By,
    plan: (tx: RegistryTransaction, work: T & { n: number }, now: Circumstances) => Plan,
    id: string,
    work: T,
  ) => carryOut(by, plan, { ...work, n: nOf(id) }, [nOf(id)])

  return {
    register: (by, entry) => carryOut(by, register, entry, []),
    correct: (by, id, draft) => onOne(by, correct, id, { draft }),
    confirm: (by, id) => onOne(by, confirm, id, {}),
    move: (by, id, to) => onOne(by, move, id, to),
    verify: (by, id, evidence = {}) => onOne(by, verify, id, evidence),
    async retire(by, id, successors = []) {
      const [n, ns] = [nOf(id), successors.map(nOf)]
      return carryOut(by, retire, { n, successors: ns }, [n, ...ns])
    },
    async merge(by, intoId, others) {
      const [into, ns] = [nOf(intoId), others.map(nOf)]
      return carryOut(by, merge, { into, ns }, [into, ...ns])
    },
    split: (by, id, parts, stays = false) => onOne(by, split, id, { parts, stays }),
    async setMain(by, id, main) {
      const [n, of] = [nOf(id), main === null ? null : nOf(main)]
      return carryOut(by, setMain, { n, of }, of === null ? [n] : [n, of])
    },
    reinstate: (by, id) => onOne(by, reinstate, id, {}),
    erase: (by, id) => onOne(by, erase, id, {}),
    addExternalId: (by, id, externalId) => onOne(by, addExternalId, id, { externalId }),
    removeExternalId: (by, id, externalId) => onOne(by, removeExternalId, id, { externalId }),
    decide: async (by, id, decision) => {
      const byN: Decision =
        'into' in decision
          ? { ...decision, into: nOf(decision.into) }
          : 'others' in decision
            ? { ...decision, others: decision.others.map(nOf) }
            : decision
      // What was decided says why.
      const because = { ...by, reason: by.reason ?? `review: ${decision.kind}` }
      const others = 'into' in byN ? [byN.into] : 'others' in byN ? byN.others : []
      return carryOut(because, decide, { n: nOf(id), decision: byN }, [nOf(id), ...others])
    },
    check: async (by, id, { round, found }) => {
      const byN: Check['found'] =
        found.kind === 'same-as' ? { kind: 'same-as', other: nOf(found.other) } : found
      return checking(by, check, { n: nOf(id), round, found: byN })
    },
    async observe(by, id, seen) {
      const n = nOf(id)
      return store.transaction(async (tx) => {
        const [at, { actor }] = [now(), by]
        await requireNamed(tx, by, [n])
        const circumstances = { gazetteer, actor, reason: null, at, engineVersion }
        const { changes, finding } = await observe(tx, { ...seen, n }, circumstances)
        if (changes.length > 0) await tx.write({ changes, lineOf, at, actor, job: null, reason: 'observed' })
        return finding
      })
    },
    async undoCheck(by, id) {
      await checking(by, undoCheck, { n: nOf(id) })
    },
    undo: (by, id) => onOne(by, undo, id, {}),
  }
}
