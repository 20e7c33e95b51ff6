/**
 * The plus code by exact rational arithmetic on decimal texts: slow, simple, without one floating-point number.
 * It shares nothing with src/vpostcode, so that the two can be held against each other.
 */
const ALPHABET = '23456789CFGHJMPQRVWX'
const LAT_UNITS = 25_000_000n
const LON_UNITS = 8_192_000n

/** floor(value * factor) of a decimal text such as "-12.0345". */
function floorTimes(text: string, factor: bigint): bigint {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)!
  const numerator = BigInt(`${sign}${whole}${fraction}`) * factor
  const denominator = 10n ** BigInt(fraction.length)
  const quotient = numerator / denominator
  return numerator < 0n && numerator % denominator !== 0n ? quotient - 1n : quotient
}

/** Units above the south pole and east of the date line: latitude clipped, longitude wrapped. */
export function exactUnits(lat: string, lon: string): { lat: bigint; lon: bigint } {
  const above = floorTimes(lat, LAT_UNITS) + 90n * LAT_UNITS
  const top = 180n * LAT_UNITS - 1n
  const east = floorTimes(lon, LON_UNITS) + 180n * LON_UNITS
  const span = 360n * LON_UNITS
  return { lat: above < 0n ? 0n : above > top ? top : above, lon: ((east % span) + span) % span }
}

/** The plus code of 2, 4, 6, 8 or 10 to 15 digits. */
export function exactPlusCode(lat: string, lon: string, digits: number): string {
  const units = exactUnits(lat, lon)
  let all = ''
  let { lat: up, lon: east } = units
  for (let digit = 0; digit < 5; digit++) {
    all = ALPHABET[Number((up % 5n) * 4n + (east % 4n))]! + all
    up /= 5n
    east /= 4n
  }
  for (let pair = 0; pair < 5; pair++) {
    all = ALPHABET[Number(up % 20n)]! + ALPHABET[Number(east % 20n)]! + all
    up /= 20n
    east /= 20n
  }
  const kept = all.slice(0, digits).padEnd(8, '0')
  return `${kept.slice(0, 8)}+${kept.slice(8)}`
}

/** A seeded generator of numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A decimal text between two whole numbers with a given count of decimals. */
export function decimalText(random: () => number, low: number, high: number, decimals: number): string {
  const whole = low + Math.floor(random() * (high - low))
  let fraction = ''
  for (let digit = 0; digit < decimals; digit++) fraction += Math.floor(random() * 10)
  return decimals > 0 ? `${whole}.${fraction}` : String(whole)
}
