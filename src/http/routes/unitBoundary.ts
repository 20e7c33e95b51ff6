import type { CurrentCommune } from '../../gazetteer/types.ts'
import { enclosedKm2 } from '../../geo/flatEarth.ts'
import type { OutlinePolygon, OutlineRing } from '../../geo/outline.ts'
import { viewUnit } from '../../match/views.ts'
import { z } from '../params.ts'
import { Problem } from '../problems.ts'
import { isKnown, WEEK } from '../reference.ts'
import { type Context, defineRoute, SENT } from '../route.ts'
import { bbox, era, level, unitCode, unitType } from '../schemas.ts'
import { inSlices } from '../slices.ts'
import { type UnitEntry, unitIndex } from '../unitIndex.ts'

const ring = z.array(z.array(z.number()).length(2)).min(4)
const feature = z
  .strictObject({
    type: z.literal('Feature'),
    id: z.string(),
    bbox,
    properties: z.strictObject({
      era,
      level,
      code: z.string(),
      name: z.string(),
      fullName: z.string(),
      type: unitType,
      areaKm2: z.number().openapi({ description: 'Square kilometres within the boundary' }),
      attribution: z.string(),
    }),
    geometry: z.strictObject({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(ring)) }),
  })
  .openapi('UnitBoundary', { description: 'GeoJSON (RFC 7946), degrees WGS 84' })

export const unitBoundaryRoute = defineRoute({
  method: 'get',
  path: '/v1/units/{code}/boundary',
  operationId: 'getUnitBoundary',
  tagged: true,
  access: 'read',
  tag: 'units',
  summary: 'The boundary of a unit as GeoJSON',
  description:
    'A larger unit is the union of its communes. A former unit has one where communes of today are exactly it; else the problem is `unknown-boundary`.',
  params: z.strictObject({ code: unitCode.openapi({ example: '26743' }) }),
  query: z.strictObject({
    era: era.optional().openapi({ description: 'current when not given, former for a code that ended' }),
  }),
  answer: feature as z.ZodType<unknown>,
  media: 'application/geo+json',
  problems: ['unknown-parameter', 'bad-parameter', 'unknown-unit', 'unknown-boundary'],
  examples: [
    { params: { code: '26743' } },
    { params: { code: '92' } },
    { params: { code: '760' }, query: { era: 'former' } },
  ],
  async handle({ params: { code }, query }, context) {
    const index = unitIndex(context.gazetteer)
    const entry = query.era
      ? index.at(code, query.era)
      : (index.at(code, 'current') ?? index.at(code, 'former'))
    if (!entry) throw new Problem('unknown-unit')
    const communes = index.communesOf(entry)
    if (!communes?.length) throw new Problem('unknown-boundary')
    if (isKnown(context, '', WEEK)) return SENT
    return inSlices(write(entry, communes, context.gazetteer))
  },
})

function* write(
  entry: UnitEntry,
  communes: readonly CurrentCommune[],
  { boundaries }: Context['gazetteer'],
): Generator<undefined, string> {
  const polygons = yield* boundaries.outline(communes.map(({ index }) => index))
  let km2 = 0
  const texts: string[] = []
  for (const polygon of polygons) {
    const rings: string[] = []
    for (const ring of polygon) {
      km2 += enclosedKm2(ring)
      rings.push(yield* positions(ring))
    }
    texts.push(`[${rings.join()}]`)
  }
  const { era, level } = entry
  const head = JSON.stringify({
    type: 'Feature',
    id: entry.unit.code,
    bbox: boxOf(polygons),
    properties: {
      era,
      level,
      ...viewUnit(entry.unit),
      areaKm2: Math.round(km2 * 100) / 100,
      attribution: 'thanglequoc/vietnamese-provinces-database (MIT)',
    },
  })
  return `${head.slice(0, -1)},"geometry":{"type":"MultiPolygon","coordinates":[${texts.join()}]}}`
}

/** [minLon, minLat, maxLon, maxLat] */
function boxOf(polygons: readonly OutlinePolygon[]): number[] {
  const box = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [ring] of polygons)
    for (let i = 0; i < ring.length; i += 2)
      for (const axis of [0, 1]) {
        box[axis] = Math.min(box[axis]!, ring[i + axis]!)
        box[axis + 2] = Math.max(box[axis + 2]!, ring[i + axis]!)
      }
  return box.map((edge) => edge / 1e6)
}

/** Vertices written in one step. */
const STEP = 2_000

/** A ring of GeoJSON: its first position stands at its end too. */
function* positions(ring: OutlineRing): Generator<undefined, string> {
  const texts: string[] = []
  for (let i = 0; i <= ring.length; i += 2) {
    const at = i % ring.length
    texts.push(`[${ring[at]! / 1e6},${ring[at + 1]! / 1e6}]`)
    if (texts.length % STEP === 0) yield
  }
  return `[${texts.join()}]`
}
