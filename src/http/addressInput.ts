import { MAX_INPUT } from '../match/understand.ts'
import { z } from './params.ts'
import { type Fault, Problem } from './problems.ts'

/** One text; longer ones get past the schema and are refused as `input-too-long`. */
export const addressText = z
  .string()
  .openapi({ maxLength: MAX_INPUT, example: '5 Lý Tự Trọng, Phường Bến Nghé, Quận 1, TPHCM' })

const text = z.string().max(MAX_INPUT)
export const addressParts = z
  .strictObject({
    houseNumber: text.optional(),
    street: text.optional(),
    hamlet: text.optional(),
    unit: text.optional(),
    commune: text.optional(),
    district: text.optional(),
    province: text.optional(),
  })
  .openapi('AddressParts', { description: 'The fields of a form, as they were filled in' })

export const pointInput = z
  .strictObject({ lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) })
  .openapi({ description: 'Degrees WGS 84', example: { lat: 10.7787, lon: 106.7013 } })

/** Of the parameter or field `name` that is blank. */
export const emptyAddress = (place: Fault['in'], name = 'address') =>
  new Problem('bad-parameter', {
    faults: [{ in: place, name, text: { en: 'must not be empty', vi: 'không được để trống' } }],
  })

/** Of the parameter or field `name` that is longer than any address. */
export const longAddress = (place: Fault['in'], name = 'address') =>
  new Problem('input-too-long', {
    faults: [
      {
        in: place,
        name,
        text: { en: `must be at most ${MAX_INPUT} characters long`, vi: `dài tối đa ${MAX_INPUT} ký tự` },
      },
    ],
  })
