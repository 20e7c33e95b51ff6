import { NO_KEY } from '../key.ts'
import type {
  EventNote,
  HouseholdFields,
  RegistryTransaction,
  Revision,
  StoredEvent,
  StoredHousehold,
} from '../store.ts'
import { holders } from './externalIds.ts'
import { type Circumstances, others, type Plan, read, requireReason, revise } from './plan.ts'
import { ChangeRefused } from './refused.ts'
import { requireNoAlternatives } from './retire.ts'

/**
 * Takes the latest operation on a household back, on all households that it touched. Refused when one of them was changed
 * since. What was entered by it is withdrawn: it becomes historical and no row finds it any more.
 */
export async function undo(tx: RegistryTransaction, { n }: { n: number }, now: Circumstances): Plan {
  requireReason(now)
  const household = await read(tx, n)
  const event = (await tx.history(n)).at(-1)!
  if (event.kind === 'undo') throw new ChangeRefused('nothing-to-undo')
  const steps = [{ household, event }]
  for (const m of partners(event)) steps.push(await partnerStep(tx, m, event))

  // What was entered goes: nothing may hang on it.
  for (const { household, event } of steps) if (!event.before) await requireNoAlternatives(tx, household)

  const all = steps.map(({ household }) => household.n)
  const revisions = steps.map(({ household, event: { province, number, before, after } }) => {
    requireUnchanged(household, after)
    const note = { undoes: { province, number }, related: others(all, household.n) }
    return takenBack(household, before, now, note)
  })
  await requireIdsFree(tx, revisions)
  // Those that give ids away first: an id has one holder at a time.
  return revisions.sort((a, b) => kept(a) - kept(b))
}

/** A retirement only names its successors; the other operations changed all their households. */
const partners = ({ kind, related }: StoredEvent) => (kind === 'retire' ? [] : related)

async function partnerStep(tx: RegistryTransaction, n: number, { n: first, at }: StoredEvent) {
  const household = await read(tx, n)
  const event = (await tx.history(n)).at(-1)!
  if (event.at !== at || event.kind === 'undo' || !event.related.includes(first))
    throw new ChangeRefused('changed-since', { households: [n] })
  return { household, event }
}

/** The compensating version: the fields as they stood before, or null for a household that was not there before. */
export function takenBack(
  household: StoredHousehold,
  before: HouseholdFields | null,
  now: Pick<Circumstances, 'at'>,
  note: Partial<EventNote>,
): Revision {
  return revise(household, 'undo', before ?? WITHDRAWN, now, note)
}

/** What was entered by mistake: no row finds it any more. */
const WITHDRAWN: HouseholdFields = {
  status: 'historical',
  of: null,
  key: NO_KEY,
  vpostcode: null,
  review: [],
  externalIds: [],
}

/** An event whose fields are no longer as it left them was followed by something that left no event. */
function requireUnchanged(household: StoredHousehold, after: HouseholdFields | null): void {
  for (const [name, value] of Object.entries(after ?? {}))
    if (JSON.stringify(household[name as keyof StoredHousehold]) !== JSON.stringify(value))
      throw new ChangeRefused('changed-since', { households: [household.n] })
}

/** Ids that come back must not have been given to a household that takes no part. */
async function requireIdsFree(tx: RegistryTransaction, revisions: readonly Revision[]): Promise<void> {
  const wanted = revisions.flatMap(({ after }) => after.externalIds ?? [])
  const part = new Set(revisions.map(({ household }) => household.n))
  const taken = (await holders(tx, wanted)).find(({ n }) => !part.has(n))
  if (taken) throw new ChangeRefused('external-id-taken', { households: [taken.n] })
}

const kept = ({ before, after }: Revision) =>
  (after.externalIds?.length ?? 0) - (before.externalIds?.length ?? 0)
