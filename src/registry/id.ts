import { createCipheriv } from 'node:crypto'

/**
 * The public id of a household: 12 digits, first 1 to 9, sixth 0 or 1 (no Vpostcode has that), last a Luhn digit. Between
 * them stand 9 x 10^4 x 2 x 10^5 values, a keyed permutation of the counter `n`, so that an id tells neither how many
 * households there are nor what the next id is.
 *
 * The permutation is a Feistel network over Z_150000 x Z_120000 whose round functions are tables filled from the
 * AES-256-CTR keystream of the database's secret: exact, invertible, without cycle walking. A table entry is a 32-bit word
 * modulo the size, a bias below 4e-5. FROZEN: a change would change every id.
 */
const LEFT = 150_000
const RIGHT = 120_000
const ROUNDS = 8

/** How many ids there are. */
export const MAX_HOUSEHOLDS = LEFT * RIGHT

export interface IdCodec {
  /** The id of household `n` (1 to MAX_HOUSEHOLDS); throws RangeError outside. */
  idOf(n: number): string
  /** The household of an id; null when it is not an id (shape or check digit). */
  nOf(id: string): number | null
}

/** Makes the codec of one database from its 32-byte secret. Builds 4 MB of tables in some 10 ms. */
export function idCodec(secret: Uint8Array): IdCodec {
  const tables = roundTables(secret)
  return {
    idOf(n) {
      if (!Number.isSafeInteger(n) || n < 1 || n > MAX_HOUSEHOLDS)
        throw new RangeError(`no household has number ${n}`)
      let left = Math.floor((n - 1) / RIGHT)
      let right = (n - 1) % RIGHT
      for (let round = 0; round < ROUNDS; round += 2) {
        left = (left + tables[round]![right]!) % LEFT
        right = (right + tables[round + 1]![left]!) % RIGHT
      }
      return write(left * RIGHT + right)
    },
    nOf(id) {
      const value = read(id)
      if (value === null) return null
      let left = Math.floor(value / RIGHT)
      let right = value % RIGHT
      for (let round = ROUNDS - 2; round >= 0; round -= 2) {
        right = (right - tables[round + 1]![left]! + RIGHT) % RIGHT
        left = (left - tables[round]![right]! + LEFT) % LEFT
      }
      return left * RIGHT + right + 1
    },
  }
}

/** The ids of a store. */
export const idsOf = (store: { readonly secret: Uint8Array; readonly ids?: IdCodec }): IdCodec =>
  store.ids ?? idCodec(store.secret)

/** Even rounds map the right half to a step of the left one, odd rounds the other way. */
function roundTables(secret: Uint8Array): Uint32Array[] {
  const sizes = Array.from({ length: ROUNDS }, (_, round) =>
    round % 2 === 0 ? { entries: RIGHT, modulus: LEFT } : { entries: LEFT, modulus: RIGHT },
  )
  const total = sizes.reduce((sum, { entries }) => sum + entries, 0)
  const stream = createCipheriv('aes-256-ctr', secret, Buffer.alloc(16)).update(Buffer.alloc(total * 4))
  let offset = 0
  return sizes.map(({ entries, modulus }) => {
    const table = new Uint32Array(entries)
    for (let i = 0; i < entries; i++, offset += 4) table[i] = stream.readUInt32LE(offset) % modulus
    return table
  })
}

function write(value: number): string {
  const head = 10_000 + Math.floor(value / 200_000)
  const sixth = Math.floor(value / 100_000) % 2
  const digits = `${head}${sixth}${String(value % 100_000).padStart(5, '0')}`
  return digits + luhnDigit(digits)
}

function read(id: string): number | null {
  if (!/^[1-9]\d{4}[01]\d{6}$/.test(id) || luhnDigit(id.slice(0, 11)) !== Number(id[11])) return null
  return (Number(id.slice(0, 5)) - 10_000) * 200_000 + Number(id[5]) * 100_000 + Number(id.slice(6, 11))
}

/** Whether a text has the form and the check digit of an id, of whatever database. */
export function isHouseholdId(text: string): boolean {
  return read(text) !== null
}

/** The check digit that ISO/IEC 7812 puts behind these digits. */
function luhnDigit(digits: string): number {
  let sum = 0
  for (let i = digits.length - 1, double = true; i >= 0; i--, double = !double) {
    const digit = digits.charCodeAt(i) - 48
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit
  }
  return (10 - (sum % 10)) % 10
}
