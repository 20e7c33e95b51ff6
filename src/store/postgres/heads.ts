/**
 * A household is looked up by its key, its code or its commune, but stands in the partition of its province. `heads` says in
 * which provinces households have a key of this commune, a code of this postcode, or this commune: nearly always in one.
 */

/** A key begins with its commune, in decimal digits. */
export const headOfKey = (key: string): number => Number.parseInt(key.slice(0, 6), 10) || 0

/** A code begins with its postcode (see shared/codec.ts). */
export const headOfCode = (code: number): number => Math.floor(code / 20 ** 7)
