import type { Gazetteer } from '../../gazetteer/types.ts'
import { readCoordinates } from '../../geo/coordinates.ts'
import { GIVEN_ACCURACY, type RowFields } from '../../pipeline/row.ts'
import { prepareEntry } from '../../pipeline.ts'
import type { HouseholdDraft, HouseholdPoint } from '../../registry/types.ts'
import { isWellFormed, withoutInvisible } from '../../text/invisible.ts'
import { addressParts, addressText, emptyAddress, longAddress } from '../addressInput.ts'
import { z } from '../params.ts'
import { Problem } from '../problems.ts'

export const UNPRINTABLE = {
  en: 'has characters that cannot be printed',
  vi: 'có ký tự không in được',
}

/** Copied texts hold characters that nobody sees: they are not stored. */
const visible = (text: string) => withoutInvisible(text)?.text ?? text

/** What a person enters of a household. */
export const address = z
  .union([addressText, addressParts])
  .refine((given) => isWellFormed(typeof given === 'string' ? given : Object.values(given).join(' ')), {
    params: UNPRINTABLE,
  })
  .transform((given) =>
    typeof given === 'string'
      ? visible(given)
      : (Object.fromEntries(
          Object.entries(given).map(([name, text]) => [name, visible(text)]),
        ) as typeof given),
  )
  .openapi({ description: 'One text, or the fields of a form; of either era' })

type AddressInput = z.infer<typeof address>

const ABROAD = {
  en: 'must be degrees in Viet Nam, the latitude in lat',
  vi: 'phải tính bằng độ và nằm trong lãnh thổ Việt Nam, vĩ độ ghi ở lat',
}
const degrees = { lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) }
/** Metres. */
const accuracy = z.number().positive().max(1000)
/** Metres that a phone in a street of houses is taken to be good for when it does not say. */
const OBSERVED_ACCURACY = 30

const isHere = ({ lat, lon }: { lat: number; lon: number }) => {
  const read = readCoordinates(String(lat), String(lon))
  return read !== null && !('error' in read) && read.issues.length === 0
}

/** A place, degrees WGS 84. */
export const placeInput = z
  .strictObject(degrees)
  .refine(isHere, { params: ABROAD })
  .openapi({ example: { lat: 21.0312, lon: 105.8493 } })

/** A point that a device of somebody on the way tells. */
export const observedPoint = z
  .strictObject({ ...degrees, accuracy: accuracy.optional() })
  .refine(isHere, { params: ABROAD })
  .transform(({ lat, lon, accuracy = OBSERVED_ACCURACY }) => ({ lat, lon, accuracy }))
  .openapi('ObservedPoint', { example: { lat: 21.0316, lon: 105.8493, accuracy: 8 } })

/** A point as a person gives it. A survey without a stated accuracy is none. */
export const entryPoint = z
  .strictObject({
    ...degrees,
    accuracy: accuracy.optional().openapi({ description: `Metres; ${GIVEN_ACCURACY} when not given` }),
    surveyed: z.boolean().optional().openapi({ description: 'Taken on site; needs accuracy' }),
  })
  .refine(isHere, { params: ABROAD })
  .refine(({ surveyed, accuracy }) => !surveyed || accuracy !== undefined, {
    path: ['accuracy'],
    params: { en: 'is needed for a surveyed point', vi: 'cần có khi điểm được đo tại chỗ' },
  })
  .transform(
    ({ lat, lon, accuracy, surveyed }): HouseholdPoint => ({
      lat,
      lon,
      source: surveyed ? 'surveyed' : 'given',
      accuracy: accuracy ?? GIVEN_ACCURACY,
    }),
  )
  .openapi('EntryPoint', { example: { lat: 21.0312, lon: 105.8493, accuracy: 4, surveyed: true } })

/** What the engine reads in an address. Throws a Problem when that cannot be registered. */
export function readDraft(
  { address, point }: { address: AddressInput; point?: HouseholdPoint | undefined },
  gazetteer: Gazetteer,
): HouseholdDraft {
  const fields: RowFields = typeof address === 'string' ? { address } : address
  const { draft, rejected } = prepareEntry(fields, point, gazetteer)
  if (draft) return draft
  if (rejected === 'no-address') throw emptyAddress('body')
  if (rejected === 'input-too-long') throw longAddress('body')
  throw new Problem('unusable-address', { members: { reasons: [rejected!] } })
}
