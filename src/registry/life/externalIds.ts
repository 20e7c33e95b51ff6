import { isPrintable } from '../../text/invisible.ts'
import { sortedIds } from '../numbers.ts'
import type { RegistryTransaction, StoredHousehold } from '../store.ts'
import type { ExternalId } from '../types.ts'
import { type Circumstances, type Plan, read, readLive, revise } from './plan.ts'
import { ChangeRefused } from './refused.ts'

/**
 * The forms of the schemes that are known to us: the national digital address code (postcode and a serial of five digits)
 * and the location identifier that never changes. Never derived, only stored. An office's own numbers stand under
 * `office`, or under a scheme of its own where two offices' numbers overlap.
 */
const FORMS: Readonly<Record<string, RegExp>> = {
  'digital-address': /^\d{10}$/,
  'location-identifier': /^\d{12}$/,
}
const SCHEME = /^[a-z0-9][a-z0-9:._-]{0,63}$/
const VALUE = /^\P{C}{1,100}$/u

const trimmed = ({ scheme, value }: ExternalId): ExternalId => ({ scheme, value: value.trim() })

/** The id with blanks around its value removed; refused when scheme or value has a wrong form, or a part that nobody sees. */
export function readExternalId(given: ExternalId): ExternalId {
  const id = trimmed(given)
  const { scheme, value } = id
  const refuse = (detail: string): never => {
    throw new ChangeRefused('bad-external-id', { detail })
  }
  if (!SCHEME.test(scheme)) refuse(`scheme "${scheme.slice(0, 70)}"`)
  if (!(FORMS[scheme] ?? VALUE).test(value) || !isPrintable(value))
    refuse(`"${value.slice(0, 110)}" is no ${scheme}`)
  return id
}

const sameId = (a: ExternalId, b: ExternalId) => a.scheme === b.scheme && a.value === b.value

/** The households that hold the ids; unknown ones are left out. */
export async function holders(tx: RegistryTransaction, externalIds: readonly ExternalId[]) {
  const lookup = { keys: [], coreLength: 0, perKey: 1, externalIds, list: '', rows: [] }
  return (await tx.find(lookup)).externalIds
}

/** Refuses ids that another household than `n` holds. */
export async function requireFree(
  tx: RegistryTransaction,
  externalIds: readonly ExternalId[],
  n: number | null,
): Promise<void> {
  const taken = (await holders(tx, externalIds)).find((found) => found.n !== n)
  if (taken)
    throw new ChangeRefused('external-id-taken', {
      detail: `${taken.scheme} ${taken.value}`,
      households: [taken.n],
    })
}

/** The ids of several households, as a store gives them back. */
export const together = (households: readonly StoredHousehold[]): ExternalId[] =>
  sortedIds(households.flatMap(({ externalIds }) => externalIds))

/** Gives a household an external id. */
export async function addExternalId(
  tx: RegistryTransaction,
  { n, externalId }: { n: number; externalId: ExternalId },
  now: Circumstances,
): Plan {
  const household = await readLive(tx, n)
  const id = readExternalId(externalId)
  if (household.externalIds.some((other) => sameId(other, id))) throw new ChangeRefused('nothing-changed')
  await requireFree(tx, [id], n)
  return [revise(household, 'update', { externalIds: sortedIds([...household.externalIds, id]) }, now)]
}

/**
 * Takes an external id from a household, also a historical one, so that another can have it. Its form is not looked at: files
 * bring numbers of any.
 */
export async function removeExternalId(
  tx: RegistryTransaction,
  { n, externalId }: { n: number; externalId: ExternalId },
  now: Circumstances,
): Plan {
  const household = await read(tx, n)
  const id = trimmed(externalId)
  const rest = household.externalIds.filter((other) => !sameId(other, id))
  if (rest.length === household.externalIds.length) throw new ChangeRefused('external-id-missing')
  return [revise(household, 'update', { externalIds: rest }, now)]
}
