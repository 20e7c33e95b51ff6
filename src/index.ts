import { load as loadGazetteer } from './gazetteer/load.ts'
import type { Gazetteer } from './gazetteer/types.ts'
import { type EncodedPoint, encodePoint } from './locate/encode.ts'
import { type ResolvedCode, resolveCode } from './locate/resolve.ts'
import { convertCurrentCode, convertFormerCode } from './match/convertCode.ts'
import type { Understanding } from './match/types.ts'
import { type UnderstandOptions, understandText } from './match/understand.ts'

export type { EncodedPoint } from './locate/encode.ts'
export type { ResolvedCode } from './locate/resolve.ts'
export type * from './match/types.ts'
export { InputTooLong, type UnderstandOptions } from './match/understand.ts'

let gazetteer: Gazetteer | undefined

/** The gazetteer of the package, read on the first call of anything here. */
function world(): Gazetteer {
  gazetteer ??= loadGazetteer()
  return gazetteer
}

/** Reads the gazetteer now, so that the first answer does not wait for it (about half a second). */
export async function load(): Promise<void> {
  understandText('', world())
}

/**
 * What an address says, in both structures.
 * @throws InputTooLong above 500 characters, TypeError for what is no text, RangeError for an unknown era.
 */
export function understand(text: string, options: UnderstandOptions = {}): Understanding {
  requireText(text)
  requireEra(options.era)
  return understandText(text, world(), options)
}

/**
 * The units of an address, or of the five-digit code of a commune, in the other structure: a code is taken for a former
 * one, with `to: 'former'` for a current one. null for a code that no commune bears.
 * @throws InputTooLong above 500 characters, TypeError for what is no text (a code as a number has lost its zeros).
 */
export function convert(
  addressOrCode: string,
  { to = 'current', ...options }: UnderstandOptions & { to?: 'current' | 'former' } = {},
): Understanding | null {
  requireText(addressOrCode)
  requireEra(options.era)
  if (!/^\d{5}$/.test(addressOrCode)) return understandText(addressOrCode, world(), options)
  return (to === 'current' ? convertFormerCode : convertCurrentCode)(addressOrCode, world())
}

/**
 * The Vpostcode of a point (degrees WGS 84) with its commune; null at sea and abroad.
 * @throws RangeError for numbers that are no place on earth.
 */
export function encode(lat: number, lon: number): EncodedPoint | null {
  // NaN fails each comparison.
  const onEarth = Math.abs(lat) <= 90 && Math.abs(lon) <= 180
  if (typeof lat !== 'number' || typeof lon !== 'number' || !onEarth)
    throw new RangeError(`no latitude and longitude in degrees: ${String(lat)}, ${String(lon)}`)
  return encodePoint(world(), lat, lon)
}

/** Where a Vpostcode is, or what is wrong with it and which codes may be meant. Asks no registry. */
export function decode(code: string): Promise<ResolvedCode> {
  return resolveCode({ gazetteer: world(), households: null }, code)
}

function requireText(value: unknown): void {
  if (typeof value !== 'string') throw new TypeError(`not a text: ${String(value)}`)
}

function requireEra(era: unknown): void {
  if (era !== undefined && era !== 'current' && era !== 'former')
    throw new RangeError(`era must be current or former, not ${String(era)}`)
}
