import { takenBack } from './life/undo.ts'
import type {
  HouseholdFields,
  JobEvents,
  RegistryReader,
  Revision,
  StoredEvent,
  StoredHousehold,
} from './store.ts'

/** Why a household is left as it is. */
export type LeftBecause = 'changed-since' | 'has-alternatives' | 'external-id-taken'

export type Undoing =
  | { kind: 'undone'; revision: Revision }
  | { kind: 'left'; n: number; because: LeftBecause; last: StoredEvent }

/** What deciding reads; inside a transaction or, to see what would be done, outside. */
export interface UndoReads extends Pick<RegistryReader, 'households' | 'history' | 'alternativesOf'> {
  byExternalId: RegistryReader['byExternalId']
}

/**
 * What becomes of the households of some events of a job that is to be taken back: those that nothing else changed since
 * stand again as they stood before it, with one event; what it entered is withdrawn. A household is decided about at its
 * first event of the job; one whose job was taken back already is passed over. What was taken back counts as no change.
 */
export async function undoEvents(
  reads: UndoReads,
  events: JobEvents['events'],
  job: number,
  at: number,
): Promise<Undoing[]> {
  const found: Undoing[] = []
  const households = new Map((await reads.households(events.map(({ n }) => n))).map((one) => [one.n, one]))
  for (const { province, number, n } of events) {
    const history = await reads.history(n)
    const begin = history.findIndex((event) => event.job === job)
    const first = history[begin]!
    const last = history.at(-1)!
    if (first.province !== province || first.number !== number) continue
    const standing = inForce(history)
    const ofJob = standing.findIndex((event) => event.job === job)
    if (ofJob < 0) continue
    const household = households.get(n)!
    const fields = before(history.slice(begin))
    const because = standing.slice(ofJob).some((event) => event.job !== job)
      ? ('changed-since' as const)
      : await hindrance(reads, household, fields)
    if (because) found.push({ kind: 'left', n, because, last })
    else found.push({ kind: 'undone', revision: takenBack(household, fields, { at }, { undoes: { job } }) })
  }
  return found
}

/** The events that were not taken back, without those that took them back. */
function inForce(history: readonly StoredEvent[]): readonly StoredEvent[] {
  if (history.every(({ undoes }) => undoes === null)) return history
  const gone = new Set<StoredEvent>()
  for (const undo of history) {
    const { undoes } = undo
    if (!undoes) continue
    gone.add(undo)
    for (const event of history) {
      if (event === undo) break
      const same =
        'job' in undoes
          ? event.job === undoes.job
          : event.province === undoes.province && event.number === undoes.number
      if (same) gone.add(event)
    }
  }
  return history.filter((event) => !gone.has(event))
}

/** The fields before the first of these events; null when it entered the household. */
function before(events: readonly StoredEvent[]): HouseholdFields | null {
  let fields: HouseholdFields | null = {}
  for (const event of events.toReversed()) fields = event.before && { ...fields, ...event.before }
  return fields
}

async function hindrance(
  reads: UndoReads,
  { n, externalIds }: StoredHousehold,
  fields: HouseholdFields | null,
): Promise<LeftBecause | null> {
  if (fields === null) return (await reads.alternativesOf(n)).length > 0 ? 'has-alternatives' : null
  const own = new Set(externalIds.map(({ scheme, value }) => `${scheme} ${value}`))
  for (const { scheme, value } of fields.externalIds ?? []) {
    if (own.has(`${scheme} ${value}`)) continue
    if ((await reads.byExternalId(scheme, value)) !== null) return 'external-id-taken'
  }
  return null
}
