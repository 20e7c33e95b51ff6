import type { Gazetteer } from '../gazetteer/types.ts'
import { idCodec } from './id.ts'
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
import { type Decision, decide } from './review/decide.ts'
import { type Check, check, undoCheck } from './sample/check.ts'
import type { Change, RegistryTransaction, Stand, StoreWriter } from './store.ts'
import type { ExternalId, Household, HouseholdDraft } from './types.ts'
import { publicHousehold } from './view.ts'

/** Who does it and why. */
export interface By {
  actor: string
  reason?: string | null
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

export function openLife({ store, gazetteer, engineVersion, now = Date.now }: LifeOptions): Life {
  const ids = idCodec(store.secret)
  const nOf = (id: string): number => {
    const n = ids.nOf(id)
    if (n === null) throw new ChangeRefused('unknown-household', { detail: 'this is no id of a household' })
    return n
  }
  async function carryOut<T>(
    { actor, reason = null }: By,
    plan: (tx: RegistryTransaction, work: T, now: Circumstances) => Plan,
    work: T,
    first?: number,
  ): Promise<Household[]> {
    const changed = await store.transaction(async (tx) => {
      const at = now()
      const changes = await plan(tx, work, { gazetteer, actor, reason, at, engineVersion })
      const stands = changes.flatMap((change) => standOf(change, at))
      await tx.write({ changes, list: '', listRows: [], stands, at, actor, job: null, reason })
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
        await tx.write({ changes, list: '', listRows: [], at, actor, job: null, reason: reason ?? 'check' })
      return changes !== null
    })
  }

  return {
    register: (by, entry) => carryOut(by, register, entry),
    correct: async (by, id, draft) => carryOut(by, correct, { n: nOf(id), draft }),
    confirm: async (by, id) => carryOut(by, confirm, { n: nOf(id) }),
    move: async (by, id, to) => carryOut(by, move, { ...to, n: nOf(id) }),
    verify: async (by, id, evidence = {}) => carryOut(by, verify, { ...evidence, n: nOf(id) }),
    retire: async (by, id, successors = []) =>
      carryOut(by, retire, { n: nOf(id), successors: successors.map(nOf) }),
    merge: async (by, into, others) =>
      carryOut(by, merge, { into: nOf(into), ns: others.map(nOf) }, nOf(into)),
    split: async (by, id, parts, stays) => carryOut(by, split, { n: nOf(id), parts, stays }),
    setMain: async (by, id, of) => carryOut(by, setMain, { n: nOf(id), of: of === null ? null : nOf(of) }),
    reinstate: async (by, id) => carryOut(by, reinstate, { n: nOf(id) }),
    erase: async (by, id) => carryOut(by, erase, { n: nOf(id) }),
    addExternalId: async (by, id, externalId) => carryOut(by, addExternalId, { n: nOf(id), externalId }),
    removeExternalId: async (by, id, externalId) =>
      carryOut(by, removeExternalId, { n: nOf(id), externalId }),
    decide: async (by, id, decision) => {
      const byN: Decision =
        'into' in decision
          ? { ...decision, into: nOf(decision.into) }
          : 'others' in decision
            ? { ...decision, others: decision.others.map(nOf) }
            : decision
      // What was decided says why.
      const because = { ...by, reason: by.reason ?? `review: ${decision.kind}` }
      return carryOut(because, decide, { n: nOf(id), decision: byN }, nOf(id))
    },
    check: async (by, id, { round, found }) => {
      const byN: Check['found'] =
        found.kind === 'same-as' ? { kind: 'same-as', other: nOf(found.other) } : found
      return checking(by, check, { n: nOf(id), round, found: byN })
    },
    async undoCheck(by, id) {
      await checking(by, undoCheck, { n: nOf(id) })
    },
    undo: async (by, id) => carryOut(by, undo, { n: nOf(id) }, nOf(id)),
  }
}
