import { z } from './params.ts'
import { commune, issue, orNull, unit } from './schemas.ts'

const part = z.string().optional()
const confidence = z
  .number()
  .min(0)
  .max(1)
  .openapi({ description: 'Calibrated: of the answers at 0.9 nine in ten are right' })

const formerShape = {
  province: orNull(unit),
  district: orNull(unit),
  commune: orNull(unit),
}
const formerPlace = z.strictObject(formerShape).openapi('FormerPlace')
const formerUnit = unit
  .extend({
    code: z.string().nullable().openapi({
      description: 'Of June 2025; of a unit gone by then its code in October 2019, else null',
    }),
  })
  .openapi('FormerUnit')
const former = z
  .strictObject({
    province: orNull(unit),
    district: orNull(formerUnit),
    commune: orNull(formerUnit),
    asOf: z.string().nullable().openapi({ description: 'The last date or year on which these units stood' }),
    successor: z
      .array(formerPlace)
      .openapi({ description: 'The units of June 2025 that took it over; empty at 2025-06-30' }),
  })
  .openapi('FormerReading')
const current = z.strictObject({ province: unit, commune: orNull(commune) }).openapi('CurrentReading')
const span = z.strictObject({ start: z.int(), end: z.int() })

/** The answer to "what does this text say" (section 3 of the contract). */
export const understanding = z
  .strictObject({
    input: z.string(),
    era: z.enum(['current', 'former', 'mixed', 'unknown']),
    components: z.strictObject({
      name: part,
      building: part,
      block: part,
      floor: part,
      unit: part,
      houseNumber: part,
      alleys: z
        .array(
          z.strictObject({ kind: z.enum(['ngo', 'ngach', 'hem', 'kiet']).nullable(), number: z.string() }),
        )
        .optional(),
      street: part,
      group: part,
      hamlet: part,
      postcode: part,
      vpostcode: part,
      plusCode: part,
    }),
    former: orNull(former),
    formerCandidates: z.array(z.strictObject({ ...formerShape, confidence })),
    current: orNull(current).openapi({ description: 'The best reading; null only at grade D' }),
    candidates: z
      .array(z.strictObject({ current, former: orNull(former), confidence, reason: z.string() }))
      .openapi({ description: 'All readings when there are several, best first' }),
    grade: z
      .enum(['A', 'B', 'C', 'D'])
      .openapi({ description: 'A exact, B sure after repair, C several readings, D not understood' }),
    confidence,
    issues: z.array(issue),
    private: z.array(
      z.strictObject({ kind: z.enum(['phone', 'person', 'id', 'note']), start: z.int(), end: z.int() }),
    ),
    unresolved: z.array(span),
  })
  .openapi('Understanding')
