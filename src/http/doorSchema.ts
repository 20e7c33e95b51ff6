import { degrees } from '../locate/encode.ts'
import type { WayTo } from '../locate/place.ts'
import type { Precision } from '../locate/precision.ts'
import { z } from './params.ts'
import { lat, lon } from './schemas.ts'

const PRECISIONS = [
  'point',
  'household',
  'building',
  'interpolated',
  'alley',
  'street',
  'hamlet',
  'commune',
  'none',
] as const satisfies readonly Precision[]
export const precision = z.enum(PRECISIONS).openapi({
  description:
    'What tells the point, best first. point: given, or of a code; household: registered; building: a mapped house number, or a registered home at this door; interpolated: between known numbers on its side of the street; alley: the alley, at the depth of the number; street: the part of the street in the commune; hamlet: its middle; commune: a point in it, or the middle of the former commune named; none: of a province or a former district',
})

/** How a point was found, and the way to it. */
export const wayShapes = {
  access: z
    .strictObject({ lat, lon })
    .nullable()
    .openapi({ description: 'Where a courier leaves the street: the mouth of the alley, where it is known' }),
  turns: z
    .array(z.string())
    .openapi({ description: 'The numbers on the way from the street: the alleys, then the door' }),
  evidence: z
    .array(
      z.strictObject({
        kind: z.enum(['household', 'house', 'alley', 'street', 'hamlet', 'former-commune', 'commune']),
        text: z.string(),
        layer: z.string().nullable(),
      }),
    )
    .openapi({
      description:
        'What told the point, the most telling first: its number or name as `text`; `layer` names the street layer that has it, null for what the registry or the units tell',
    }),
}

/** The same of a point that was given, and of a unit. */
export const NO_WAY = { access: null, turns: [], evidence: [] }

export const wayOfDoor = ({ access, turns, evidence }: WayTo) => ({
  access: access && { lat: degrees(access.lat), lon: degrees(access.lon) },
  turns: [...turns],
  evidence: [...evidence],
})
