import type { AddressedRow } from './assign.ts'
import { CORE_LENGTH, NO_KEY } from './key.ts'
import { boxAround } from './points.ts'
import type { Found, NearQuery, RegistryTransaction, Stand, StoredHousehold } from './store.ts'

/** A nameless row belongs to the same household within this many metres of its point. */
export const NAMELESS_REACH = 10

/** Metres: within these two points of one list are the same point, written again. */
export const SAME_POINT = 1

/** How many households of one key take part in a decision: bounds the work on a file that repeats one address. */
const PER_KEY = 256

/** As PER_KEY, of what was changed by persons one by one: a hamlet has no more homes. */
const PER_STAND = 4096

/** How many times one household was taken over by the next is looked after. */
const MOST_HEIRS = 10

const onlyHeir = ({ status, successors }: StoredHousehold) =>
  status === 'historical' && successors.length === 1 ? successors[0]! : null

const pair = (a: string, b: string) => `${a}\n${b}`

/**
 * What a chunk needs to know of the registry, held in memory: first what is stored, then also what the rows of the chunk
 * have changed so far, so that the next row sees it as if each row had been committed alone.
 */
export class Known {
  readonly #households = new Map<number, StoredHousehold>()
  readonly #cores = new Map<string, { key: string; n: number }[]>()
  readonly #externalIds = new Map<string, number>()
  readonly #listRows = new Map<number, number[]>()
  readonly #stands = new Map<string, Stand[]>()
  readonly #near = new Map<string, number[]>()
  /** As #near, of the households that rows of this list led to before. */
  readonly #nearListed = new Map<string, number[]>()
  /** Households that this chunk made or changed, by key. */
  readonly #changed = new Map<string, Set<number>>()
  /** Nameless households that rows of this chunk led to. */
  readonly #fromList = new Set<number>()

  private constructor(found: Found, stands: readonly Stand[]) {
    for (const entry of found.keys) push(this.#cores, entry.key.slice(0, CORE_LENGTH), entry)
    for (const { scheme, value, n } of found.externalIds) this.#externalIds.set(pair(scheme, value), n)
    for (const { row, n } of found.listRows) push(this.#listRows, row, n)
    for (const stand of stands) push(this.#stands, stand.key, stand)
  }

  /** Reads everything that the rows could match, in three or four round trips whatever their number. */
  static async load(tx: RegistryTransaction, list: string, rows: readonly AddressedRow[]): Promise<Known> {
    const found = await tx.find({
      keys: [...new Set(rows.filter((row) => row.identifies).flatMap((row) => row.keys))],
      coreLength: CORE_LENGTH,
      perKey: PER_KEY,
      externalIds: unique(
        rows.flatMap(({ external }) => external ?? []),
        ({ scheme, value }) => pair(scheme, value),
      ),
      list,
      rows: rows.map(({ row }) => row),
    })
    const asked = new Set(rows.flatMap((row) => row.keys))
    const stands = await tx.stands([...asked], PER_STAND)
    const known = new Known(found, stands)
    const nameless = rows.filter(
      (row) =>
        !row.identifies &&
        row.draft.point &&
        !known.#listRows.has(row.row) &&
        !(row.external && known.external(row.external)),
    )
    const queries = new Map<string, NearQuery>()
    for (const row of nameless)
      queries.set(nearKey(row), { ...boxAround(row.draft.point!, NAMELESS_REACH), key: row.key })
    const near = queries.size > 0 ? await tx.findNear(list, [...queries.values()]) : []
    for (const [i, name] of [...queries.keys()].entries()) known.#near.set(name, near[i]!)
    const moved = await known.#loadListed(tx, list, rows)

    const wanted = new Set([...near.flat(), ...moved])
    for (const { key, n } of found.keys) if (asked.has(key)) wanted.add(n)
    for (const { n } of stands) wanted.add(n)
    for (const { n } of found.externalIds) wanted.add(n)
    for (const { n } of found.listRows) wanted.add(n)
    for (let depth = 0; wanted.size > 0 && depth <= MOST_HEIRS; depth++) {
      const households = await tx.households([...wanted])
      wanted.clear()
      for (const household of households) {
        known.#households.set(household.n, household)
        const heir = onlyHeir(household)
        if (heir !== null && !known.#households.has(heir)) wanted.add(heir)
      }
    }
    return known
  }

  /** Households of this list at the very points of nameless rows: the row may stand elsewhere in the list by now. */
  async #loadListed(tx: RegistryTransaction, list: string, rows: readonly AddressedRow[]): Promise<number[]> {
    const queries = new Map<string, NearQuery>()
    for (const row of rows)
      if (!row.identifies && row.draft.point)
        queries.set(nearKey(row), { ...boxAround(row.draft.point, SAME_POINT), key: row.key })
    if (queries.size === 0) return []
    const near = await tx.findNear(list, [...queries.values()], true)
    for (const [i, name] of [...queries.keys()].entries()) this.#nearListed.set(name, near[i]!)
    return near.flat()
  }

  /** The household that stands for a historical one today; null when there is none, or several. */
  heir(household: StoredHousehold): StoredHousehold | null {
    let heir = household
    for (let depth = 0; heir.status === 'historical'; depth++) {
      const next = onlyHeir(heir)
      const found = next !== null && depth < MOST_HEIRS ? this.#households.get(next) : undefined
      if (!found) return null
      heir = found
    }
    return heir
  }

  household(n: number): StoredHousehold {
    const household = this.#households.get(n)
    if (!household) throw new Error(`household ${n} was not read`)
    return household
  }

  external({ scheme, value }: { scheme: string; value: string }): number | undefined {
    return this.#externalIds.get(pair(scheme, value))
  }

  /** Households that this row of the list led to before, lowest n first; not those that were withdrawn. */
  listRow(row: number): StoredHousehold[] {
    return (this.#listRows.get(row) ?? []).map((n) => this.household(n)).filter(({ key }) => key !== NO_KEY)
  }

  /** The PER_KEY households of exactly this key with the lowest n. */
  sameKey(key: string): StoredHousehold[] {
    const ns = (this.#cores.get(key.slice(0, CORE_LENGTH)) ?? []).filter((entry) => entry.key === key)
    return ns.map(({ n }) => this.household(n)).slice(0, PER_KEY)
  }

  /** What households said before with this key; by n, then time. */
  stands(key: string): readonly Stand[] {
    return this.#stands.get(key) ?? []
  }

  /** The keys of the same core, with their households. */
  sameCore(key: string): readonly { key: string; n: number }[] {
    return this.#cores.get(key.slice(0, CORE_LENGTH)) ?? []
  }

  /** Households of this key about NAMELESS_REACH from the row's point that no row of its list led to. */
  near(row: AddressedRow): StoredHousehold[] {
    const ns = new Set(this.#near.get(nearKey(row)))
    for (const n of this.#changed.get(row.key) ?? []) ns.add(n)
    return [...ns]
      .filter((n) => !this.#fromList.has(n))
      .map((n) => this.household(n))
      .filter((household) => household.key === row.key)
  }

  /** Households of this key that rows of this list led to before this chunk, at the row's very point; lowest n first. */
  listedAt(row: AddressedRow): StoredHousehold[] {
    return (this.#nearListed.get(nearKey(row)) ?? []).map((n) => this.household(n))
  }

  /** Takes in a new household or a new version of one. */
  put(household: StoredHousehold): void {
    const { n, key } = household
    const before = this.#households.get(n)
    this.#households.set(n, household)
    if (before?.key !== key) {
      if (before) remove(this.#cores.get(before.key.slice(0, CORE_LENGTH)), n)
      const entries = push(this.#cores, key.slice(0, CORE_LENGTH), { key, n })
      if (entries.length > 1 && entries.at(-2)!.n > n) entries.sort((a, b) => a.n - b.n)
    }
    for (const { scheme, value } of household.externalIds) this.#externalIds.set(pair(scheme, value), n)
    this.#changed.set(key, (this.#changed.get(key) ?? new Set()).add(n))
  }

  /** From now on the row of the list leads to the household. False when it did already. */
  putListRow(row: number, n: number): boolean {
    this.#fromList.add(n)
    if (this.#listRows.get(row)?.includes(n)) return false
    push(this.#listRows, row, n)
    return true
  }
}

const nearKey = ({ draft, key }: AddressedRow) => `${draft.point!.lat},${draft.point!.lon},${key}`

function push<K, T>(map: Map<K, T[]>, key: K, value: T): T[] {
  const values = map.get(key) ?? []
  if (values.length === 0) map.set(key, values)
  values.push(value)
  return values
}

function remove(entries: { n: number }[] | undefined, n: number): void {
  const at = entries?.findIndex((entry) => entry.n === n) ?? -1
  if (at >= 0) entries!.splice(at, 1)
}

const unique = <T>(values: T[], name: (value: T) => string) => [
  ...new Map(values.map((value) => [name(value), value])).values(),
]
