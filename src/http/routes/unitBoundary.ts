import { inSlices } from '../../gazetteer/slices.ts'
import type { CurrentCommune } from '../../gazetteer/types.ts'
import { enclosedKm2 } from '../../geo/flatEarth.ts'
import { type OutlinePolygon, type OutlineRing, onGrid } from '../../geo/outline.ts'
import { viewUnit } from '../../match/views.ts'
import { openKept } from '../kept.ts'
import { z } from '../params.ts'
import { Problem } from '../problems.ts'
import { isKnown, WEEK } from '../reference.ts'
import { type Deps, defineRoute, SENT } from '../route.ts'
import { bbox, era, level, unitCode, unitType } from '../schemas.ts'
import { type UnitEntry, unitIndex } from '../unitIndex.ts'

/** Edge of the grid that shapes for drawing are rounded to: millionths of a degree, some 55 m. */
const COARSE = 500

type Boundaries = Deps['gazetteer']['boundaries']

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

const shapes = z
  .strictObject({ type: z.literal('FeatureCollection'), features: z.array(feature) })
  .openapi('UnitShapes')

export const unitBoundaryRoute = defineRoute({
  method: 'get',
  path: '/v1/units/{code}/boundary',
  operationId: 'getUnitBoundary',
  tagged: true,
  access: 'read',
  tag: 'units',
  summary: 'The boundary of a unit as GeoJSON',
  description:
    'A larger unit is the union of its communes. A former unit has one where communes of today are exactly it; else the problem is `unknown-boundary`. Every 20 communes of it count as one request.',
  params: z.strictObject({ code: unitCode.openapi({ example: '26743' }) }),
  query: z.strictObject({
    era: era.optional().openapi({ description: 'current when not given, former for a code that ended' }),
    by: z.enum(['commune']).optional().openapi({
      description:
        'All its communes of today as one FeatureCollection for drawing, rounded to 0.0005 degree without gaps',
    }),
  }),
  answer: z.union([feature, shapes]) as z.ZodType<unknown>,
  media: 'application/geo+json',
  problems: ['unknown-parameter', 'bad-parameter', 'unknown-unit', 'unknown-boundary'],
  examples: [
    { params: { code: '26743' } },
    { params: { code: '92' } },
    { params: { code: '760' }, query: { era: 'former' } },
  ],
  async handle({ params: { code }, query: { era, by } }, context) {
    const index = unitIndex(context.gazetteer)
    const entry = era ? index.at(code, era) : (index.at(code, 'current') ?? index.at(code, 'former'))
    if (!entry) throw new Problem('unknown-unit')
    const communes = index.communesOf(entry)
    if (!communes?.length) throw new Problem('unknown-boundary')
    if (isKnown(context, '', WEEK)) return SENT
    const cost = Math.ceil(communes.length / COMMUNES_PER_REQUEST)
    if (cost > 1) context.spend(cost - 1)
    const { boundaries, version } = context.gazetteer
    return madeOnce(`${version} ${entry.era} ${code} ${by}`, () =>
      by ? writeEach(communes, boundaries) : write(entry, communes, boundaries),
    )
  },
})

/** Boundaries of so many communes count as one request of the quota. */
const COMMUNES_PER_REQUEST = 20
/** Characters of answers that a process keeps: those of a province are half a million to some millions. */
const MOST_KEPT = 24_000_000
const kept = openKept<string>(MOST_KEPT, ({ length }) => length)
const underWay = new Map<string, Promise<string>>()

/** The same data give the same text: it is made once, by the first who asks, and kept. */
function madeOnce(key: string, write: () => Generator<undefined, string>): Promise<string> | string {
  const known = kept.get(key) ?? underWay.get(key)
  if (known) return known
  const made = inSlices(write())
    .then((text) => kept.keep(key, text))
    .finally(() => underWay.delete(key))
  underWay.set(key, made)
  return made
}

/** The communes one by one; rounded alike, neighbours keep their common border. */
function* writeEach(
  communes: readonly CurrentCommune[],
  boundaries: Boundaries,
): Generator<undefined, string> {
  const features: string[] = []
  for (const unit of communes)
    features.push(yield* write({ era: 'current', level: 'commune', unit }, [unit], boundaries, COARSE))
  return `{"type":"FeatureCollection","features":[${features.join()}]}`
}

/** @param step edge of the grid that positions are rounded to, in millionths of a degree. */
function* write(
  entry: Pick<UnitEntry, 'era' | 'level' | 'unit'>,
  communes: readonly CurrentCommune[],
  boundaries: Boundaries,
  step = 1,
): Generator<undefined, string> {
  const polygons = yield* boundaries.outline(communes.map(({ index }) => index))
  let km2 = 0
  const texts: string[] = []
  for (const polygon of polygons) {
    const rings: string[] = []
    for (const ring of polygon) {
      km2 += enclosedKm2(ring)
      const kept = step === 1 ? ring : onGrid(ring, step)
      // What is smaller than the grid is not drawn, but for the whole unit.
      if (kept.length < 6 && (polygons.length > 1 || rings.length > 0)) continue
      rings.push(yield* positions(kept.length < 6 ? ring : kept))
    }
    if (rings.length > 0) texts.push(`[${rings.join()}]`)
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
