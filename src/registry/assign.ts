import { canonical, keysOf } from './canonical.ts'
import { correction, difference, newFacts, newNumber } from './change.ts'
import type { IdCodec } from './id.ts'
import { identifies, inCommune, KEY_VERSION } from './key.ts'
import { Known } from './known.ts'
import { type Conflict, matchRow, type Remark } from './match.ts'
import type { Change, HouseholdFields, RegistryTransaction, Revision, StoredHousehold } from './store.ts'
import { lineOf } from './streetLine.ts'
import type { Household, HouseholdDraft, Place, RowStatus } from './types.ts'
import { publicHousehold } from './view.ts'

export interface AssignRow {
  draft: HouseholdDraft
  /** Its number in the list. */
  row: number
}

/** The circumstances of a load: nothing in them but `touched` changes a decision. */
export interface AssignContext {
  ids: IdCodec
  /** The job that loads, null for a single write. */
  job: number | null
  /** The name of the list that the rows stand in; the same across loads. */
  list: string
  /** Who loads. */
  actor: string
  /** Milliseconds since 1970. */
  now: number
  engineVersion: string
  dataVersion: string
  /** Where the loader may write; everywhere when not given. A row that leads to a household elsewhere changes nothing. */
  within?(place: Place): boolean
  /** Whether an earlier chunk of the job led to a household. */
  touched: { has(n: number): boolean }
  /** The scheme of the office's own numbers; offices whose numbers overlap need a scheme each. */
  scheme?: string
  /**
   * When the list was first loaded (milliseconds since 1970; default: long ago). What persons decided since holds against
   * its rows; what they decided before says nothing about a list that was not known then.
   */
  listSince?: number
}

export interface Outcome {
  /** `rejected`: the household that the row means lies where the loader may not write. */
  status: RowStatus
  household: Household
  /** The household behind its id. */
  n: number
  /** Why the registry put the row to review, beside the draft's own reasons. */
  conflict: Conflict | null
  /** What a person decided about the known household that the row goes against. */
  remark: Remark | null
}

/** A row with what it is found by. */
export interface AddressedRow extends AssignRow {
  key: string
  /** Its key, then those that it would have in the other communes that its text can mean, or as its street was written once. */
  keys: readonly string[]
  identifies: boolean
  external: { scheme: string; value: string } | null
}

const DEFAULT_SCHEME = 'office'

/**
 * Decides for a chunk of rows, one after the other, and writes what they change. The same rows in any other chunks give
 * the same registry and the same statuses. The households that the outcomes name become `touched` for the next chunk.
 */
export async function assignRows(
  tx: RegistryTransaction,
  rows: readonly AssignRow[],
  context: AssignContext,
): Promise<Outcome[]> {
  const addressed = rows.map((row) => address(row, context.scheme ?? DEFAULT_SCHEME))
  const known = await Known.load(tx, context.list, addressed)
  let next = await tx.reserve(rows.length)
  const changes: Change[] = []
  const listRows: { row: number; n: number }[] = []
  const seen = new Set<number>()
  const touched = (n: number) => seen.has(n) || context.touched.has(n)

  const decide = (row: AddressedRow): Outcome => {
    const match = matchRow(row, known, touched, context.listSince ?? 0)
    if (match.kind !== 'new' && context.within?.(match.household) === false) {
      const { n } = match.household
      const household = publicHousehold(match.household, context.ids)
      return { status: 'rejected', household, n, conflict: null, remark: null }
    }
    let household: StoredHousehold
    let status: Outcome['status']
    let conflict: Conflict | null = null
    let remark: Remark | null = null
    if (match.kind === 'new') {
      conflict = match.conflict
      household = newHousehold(next++, row, conflict, known, context)
      changes.push({ kind: 'insert', household })
      known.put(household)
      status = household.review.length > 0 ? 'review' : household.vpostcode ? 'assigned' : 'visit'
    } else {
      const again = touched(match.household.n)
      // What stands at a household that was taken over fills gaps of the one that took it over, no more.
      const fillOnly = again || (match.kind === 'known' && match.heir === true)
      const free = row.external !== null && known.external(row.external) === undefined
      if (match.kind === 'known') remark = match.remark ?? null
      const fields =
        match.kind === 'corrected'
          ? correction(match.household, row)
          : remark
            ? newNumber(match.household, row, free && remark === 'corrected-since')
            : newFacts(match.household, row, free, fillOnly)
      const updated = update(match.household, fields, context)
      if (updated) {
        changes.push(updated)
        known.put(updated.household)
      }
      household = updated?.household ?? match.household
      status = again ? 'duplicate' : updated ? 'updated' : 'unchanged'
    }
    const { n } = household
    seen.add(n)
    // Where the text alone does not lead back to the household, the row of the list has to.
    if ((!row.identifies || conflict) && known.putListRow(row.row, n)) listRows.push({ row: row.row, n })
    return { status, household: publicHousehold(household, context.ids), n, conflict, remark }
  }

  const outcomes = addressed.map(decide)
  const { now, actor, job, list } = context
  if (changes.length + listRows.length > 0)
    await tx.write({ changes, lineOf, list, listRows, at: now, actor, job })
  return outcomes
}

function address(row: AssignRow, scheme: string): AddressedRow {
  const draft = canonical(row.draft)
  const value = draft.externalId?.trim()
  const [key, ...older] = keysOf(row.draft)
  const others = row.draft.alsoIn?.filter((code) => code !== draft.communeCode) ?? []
  return {
    draft,
    row: row.row,
    key,
    keys: [key, ...others.map((code) => inCommune(key, code)), ...older],
    identifies: identifies(draft.parts),
    external: value ? { scheme, value } : null,
  }
}

function newHousehold(
  n: number,
  { draft, key, external }: AddressedRow,
  conflict: Conflict | null,
  known: Known,
  { now, engineVersion, dataVersion }: AssignContext,
): StoredHousehold {
  const review = conflict && !draft.review.includes(conflict) ? [...draft.review, conflict] : draft.review
  return {
    n,
    status: 'provisional',
    of: null,
    successors: [],
    key,
    keyVersion: KEY_VERSION,
    text: draft.text,
    parts: draft.parts,
    provinceCode: draft.provinceCode,
    communeCode: draft.communeCode,
    formerCommuneCode: draft.formerCommuneCode,
    postcode: draft.postcode,
    point: draft.point,
    access: null,
    vpostcode: review.length > 0 ? null : draft.vpostcode,
    grade: draft.grade,
    confidence: draft.confidence,
    review,
    cleared: [],
    // A number that another household has stays there.
    externalIds: external && known.external(external) === undefined ? [external] : [],
    engineVersion,
    dataVersion,
    createdAt: now,
    updatedAt: now,
  }
}

/** The new version of a household and what changed in it; null when nothing did. */
function update(
  household: StoredHousehold,
  fields: HouseholdFields,
  { now, engineVersion, dataVersion }: AssignContext,
): Revision | null {
  if (!difference(household, fields)) return null
  const { before, after } = difference(household, { ...fields, engineVersion, dataVersion })!
  return { kind: 'update', household: { ...household, ...after, updatedAt: now }, before, after }
}
