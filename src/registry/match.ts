import { metresBetween } from '../geo/flatEarth.ts'
import type { AddressedRow } from './assign.ts'
import { isCleared } from './doubts/cleared.ts'
import { differByUnknown, identifies, NO_KEY } from './key.ts'
import { type Known, NAMELESS_REACH, SAME_POINT } from './known.ts'
import { farApart } from './points.ts'
import type { Stand, StoredHousehold } from './store.ts'
import type { HouseholdPoint } from './types.ts'

/** Two points of one address farther apart than this (metres) are not taken for one home. */
export const SAME_HOME_REACH = 50

/** Why the registry itself puts a row to review. */
export const CONFLICTS = [
  /** The same address stands in the registry with a point more than 50 m away. */
  'same-address-far-apart',
  /** New units gave two households the same address. */
  'same-address',
  /** The same address but for a former commune or hamlet that one of the two does not name. */
  'former-commune-or-hamlet-unknown',
  /** The office's number and the address point to different households. */
  'external-id-conflict',
  /** A row without a house number whose text or point changed since the list was last loaded. */
  'cannot-be-told-apart',
  /** The household of this address or number is historical and no single one took its place. */
  'household-retired',
  /** A household had this address until a person corrected it. */
  'corrected-since',
] as const
export type Conflict = (typeof CONFLICTS)[number]

/** What a person decided about a household that a row goes against; the row changes nothing. */
export type Remark =
  /** The row still says what a person has corrected or moved. */
  | 'corrected-since'
  /** A person decided that there is no such household. */
  | 'household-rejected'

export type Match =
  /** `heir`: the row means a household that was merged into this one or replaced by it. */
  | { kind: 'known'; household: StoredHousehold; heir?: boolean; remark?: Remark | null }
  /** The office corrected the address of its household. */
  | { kind: 'corrected'; household: StoredHousehold }
  | { kind: 'new'; conflict: Conflict | null }

/**
 * Which household a row means: the office's own number first, then what the text and the place tell. `touched` says
 * whether an earlier row of the same job led to a household, `listSince` when the list was first loaded.
 */
export function matchRow(
  row: AddressedRow,
  known: Known,
  touched: (n: number) => boolean,
  listSince: number,
): Match {
  const match = matchAny(row, known, touched, listSince)
  if (match.kind !== 'known') return match
  const { household } = match
  if (household.status !== 'historical') return { ...match, remark: remarkOn(row, household, known) }
  const { n } = household
  const other = byListRow(row, known, n) ?? (row.identifies ? byKey(row, known, listSince, n) : null)
  if (other && other.status !== 'historical')
    return { kind: 'known', household: other, remark: remarkOn(row, other, known) }
  const heir = known.heir(household)
  if (heir) return { kind: 'known', household: heir, heir: true }
  // A list that comes later is new evidence.
  if (isCleared(household, 'existence') && listSince <= household.updatedAt)
    return { kind: 'known', household, remark: 'household-rejected' }
  return { kind: 'new', conflict: 'household-retired' }
}

function matchAny(
  row: AddressedRow,
  known: Known,
  touched: (n: number) => boolean,
  listSince: number,
): Match {
  const n = row.external && known.external(row.external)
  if (n === undefined || n === null) return byAddress(row, known, touched, listSince)
  const household = known.household(n)
  const { draft } = row
  const apart = farApart(household.point, draft.point, SAME_HOME_REACH)
  const sameCommune = household.communeCode === draft.communeCode

  const sameAddress = row.keys.includes(household.key)
  if ((sameAddress && !apart) || saidBefore(row, household, known)) return { kind: 'known', household }

  // The number says one household, the text or the point another. What this row, or this address, made before comes
  // first, so that a second load finds it again.
  const other = byListRow(row, known, n)
  if (other) return { kind: 'known', household: other }
  // A number met at two places in one file was not unique after all; in a later file the place was corrected.
  if (sameAddress && !touched(n)) return { kind: 'known', household }
  // A doubtful or shorter text is no correction of the address.
  const vague = draft.review.length > 0 || lessPrecise(row, household)
  if (!sameAddress && vague && sameCommune && !apart && !touched(n)) return { kind: 'known', household }
  const namesake = row.identifies ? byKey(row, known, listSince, n) : null
  if (namesake) return { kind: 'known', household: namesake }
  const near = household.point !== null && draft.point !== null && !apart
  const correctable =
    !sameAddress &&
    household.status === 'provisional' &&
    !touched(n) &&
    !apart &&
    (sameCommune || near) &&
    draft.review.length === 0
  return correctable ? { kind: 'corrected', household } : { kind: 'new', conflict: 'external-id-conflict' }
}

const lessPrecise = (row: AddressedRow, household: StoredHousehold) =>
  !row.identifies && identifies(household.parts)

function byAddress(
  row: AddressedRow,
  known: Known,
  touched: (n: number) => boolean,
  listSince: number,
): Match {
  const household = row.identifies
    ? (byListRow(row, known) ?? byKey(row, known, listSince))
    : (movedRow(row, known, touched) ?? byListRow(row, known) ?? byPlace(row, known))
  if (household) return { kind: 'known', household }
  return { kind: 'new', conflict: row.identifies ? addressConflict(row, known) : listConflict(row, known) }
}

/** The oldest household of exactly this address whose point and number do not speak against it, historical ones last. */
function byKey(row: AddressedRow, known: Known, listSince: number, except?: number): StoredHousehold | null {
  // Not the nearest: the same file must lead to the same households also when it has made younger ones.
  for (const key of row.keys) {
    const found = first(known.sameKey(key), row, known, except)
    if (found) return found
  }
  // A text in doubt says no more than the decided one; a clear one of a list that came later can be another home.
  const doubtful = row.draft.review.length > 0
  const before = standsOf(row, known).filter(({ until }) => doubtful || listSince <= until)
  return first(
    before.map(({ n }) => known.household(n)),
    row,
    known,
    except,
  )
}

function addressConflict(row: AddressedRow, known: Known): Conflict | null {
  const same = known.sameKey(row.key)
  if (same.some((household) => numbersDiffer(row, household))) return 'external-id-conflict'
  if (same.length > 0) return 'same-address-far-apart'
  if (known.sameCore(row.key).some(({ key }) => differByUnknown(key, row.key)))
    return 'former-commune-or-hamlet-unknown'
  const before = standsOf(row, known).map(({ n }) => known.household(n))
  return before.some((household) => fits(row, household, known)) ? 'corrected-since' : null
}

/** The household that this row of the list led to before, when the row still says the same. */
function byListRow(row: AddressedRow, known: Known, except?: number): StoredHousehold | null {
  return first(known.listRow(row.row), row, known, except)
}

function first(
  households: StoredHousehold[],
  row: AddressedRow,
  known: Known,
  except?: number,
): StoredHousehold | null {
  const fitting = households.filter((household) => fits(row, household, known, except))
  return fitting.find(({ status }) => status !== 'historical') ?? fitting[0] ?? null
}

/** Same address, no other number, and near enough where both places are known; now or before a person changed it. */
function fits(row: AddressedRow, household: StoredHousehold, known: Known, except?: number): boolean {
  return (
    household.n !== except &&
    household.key !== NO_KEY &&
    !numbersDiffer(row, household) &&
    (says(row, household) || saidBefore(row, household, known))
  )
}

/** Does the row say this address, at a place near enough? */
const says = (row: AddressedRow, { key, point }: Pick<Stand, 'key' | 'point'>) =>
  row.keys.includes(key) &&
  !farApart(row.draft.point, point, row.identifies ? SAME_HOME_REACH : NAMELESS_REACH)

const standsOf = (row: AddressedRow, known: Known) => row.keys.flatMap((key) => known.stands(key))

const saidBefore = (row: AddressedRow, { n }: StoredHousehold, known: Known) =>
  standsOf(row, known).some((stand) => stand.n === n && says(row, stand))

/** Whether the row still says what a person has replaced: the address, or the very point. */
function remarkOn(row: AddressedRow, household: StoredHousehold, known: Known): Remark | null {
  const stands = standsOf(row, known).filter((stand) => stand.n === household.n && says(row, stand))
  if (stands.length === 0) return null
  const { point } = row.draft
  const isAt = (other: Stand['point']) =>
    point !== null && other !== null && !farApart(point, other, SAME_POINT)
  const replaced = !says(row, household) || stands.some((stand) => isAt(stand.point))
  return replaced && !(says(row, household) && isAt(household.point)) ? 'corrected-since' : null
}

/**
 * The household of this list that says exactly what the row says, text and point: its own row's, else, where rows were
 * put in, taken out or sorted anew, that of another row. None that a row of this load led to already.
 */
function movedRow(row: AddressedRow, known: Known, touched: (n: number) => boolean): StoredHousehold | null {
  const { point } = row.draft
  if (!point) return null
  const here = [...known.listRow(row.row), ...known.listedAt(row)]
  const moved = standsOf(row, known).filter(
    (stand) => stand.point && !farApart(point, stand.point, SAME_POINT),
  )
  const exact = [
    ...here.filter(({ point: its }) => its !== null && !farApart(point, its, SAME_POINT)),
    ...moved.map(({ n }) => known.household(n)),
  ]
  return (
    exact.find(
      (household) =>
        fits(row, household, known) && household.status !== 'historical' && !touched(household.n),
    ) ?? null
  )
}

/** A household of the same text within 10 m that comes from another list; two rows of one list are two homes. */
function byPlace(row: AddressedRow, known: Known): StoredHousehold | null {
  const { point } = row.draft
  if (!point || known.listRow(row.row).length > 0) return null
  const fits = known
    .near(row)
    .filter(
      (household) =>
        household.point &&
        metresBetween(point, household.point) <= NAMELESS_REACH &&
        !numbersDiffer(row, household),
    )
  return nearest(point, fits)
}

function listConflict(row: AddressedRow, known: Known): Conflict | null {
  const before = known.listRow(row.row).filter((household) => !numbersDiffer(row, household))
  return before.length > 0 ? 'cannot-be-told-apart' : null
}

/** Both carry numbers of the office, and none in common (a household that took others over has several). */
function numbersDiffer(row: AddressedRow, household: StoredHousehold): boolean {
  const { external } = row
  if (external === null) return false
  const its = household.externalIds.filter(({ scheme }) => scheme === external.scheme)
  return its.length > 0 && its.every(({ value }) => value !== external.value)
}

/** The household nearest to the point, of equals the oldest. */
function nearest(point: HouseholdPoint, households: StoredHousehold[]): StoredHousehold | null {
  const distance = ({ point: its }: StoredHousehold) => (its ? metresBetween(point, its) : Number.MAX_VALUE)
  return households.reduce<StoredHousehold | null>((best, household) => {
    const difference = best ? distance(household) - distance(best) : -1
    return difference < 0 || (difference === 0 && household.n < best!.n) ? household : best
  }, null)
}
