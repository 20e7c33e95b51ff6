import type { EarlierCommune, Gazetteer } from '../../gazetteer/types.ts'
import { viewUnit } from '../../match/views.ts'
import { crosswalkAnswers, crosswalksOfUnit } from '../crosswalks.ts'
import { numberParam, z } from '../params.ts'
import { Problem } from '../problems.ts'
import { isKnown } from '../reference.ts'
import { type Context, defineRoute, SENT } from '../route.ts'
import { bbox, era, lat, level, lon, orNull, postcode, unit, unitCode, unitType } from '../schemas.ts'
import { type Relation, type UnitEntry, unitIndex } from '../unitIndex.ts'
import { NO_PLACE, placeOf } from '../unitPlace.ts'

const MOST_UNITS = 200

const itemShape = {
  era,
  level,
  code: z.string().openapi({ example: '26743' }),
  name: z.string(),
  fullName: z.string(),
  type: unitType,
  province: orNull(unit).openapi({ description: 'null for a province' }),
  district: orNull(unit).openapi({ description: 'For former communes' }),
  postcode: postcode.nullable().openapi({ description: 'For current communes' }),
}
const item = z.strictObject(itemShape).openapi('UnitItem')
const listed = z.strictObject({ ...itemShape, crosswalks: crosswalkAnswers }).openapi('ListedUnit')

const relation = z
  .strictObject({
    ...itemShape,
    whole: z.boolean().openapi({ description: 'The whole former unit went there' }),
    takesPopulation: z.boolean().nullable(),
  })
  .openapi('UnitRelation')

const earlier = z
  .strictObject({
    code: z.string().nullable().openapi({ description: 'In October 2019, where known' }),
    name: z.string(),
    fullName: z.string(),
    type: unitType.nullable(),
    districtName: z.string(),
    province: unit,
    asOf: z.string().nullable().openapi({ description: 'The last date, or the year, on which it stood' }),
    successors: z.array(item).openapi({ description: 'Communes of June 2025' }),
  })
  .openapi('EarlierCommune', { description: 'Gone between 2018 and June 2025' })

const place = z.strictObject({ lat, lon })
const detail = z
  .strictObject({
    ...itemShape,
    otherNames: z.array(z.string()),
    postcodePrefixes: z.array(z.string()).openapi({ description: 'For current provinces' }),
    areaKm2: z.number().nullable().openapi({
      description: 'Square kilometres as declared; of a larger unit the sum of its communes',
    }),
    typeChange: z.strictObject({ from: unitType, to: unitType, on: z.string() }).nullable(),
    centroid: place.nullable(),
    inside: place.nullable().openapi({ description: 'A point surely inside' }),
    bbox: bbox.nullable().openapi({
      description: 'Like area and points null for a former unit that a commune of today crosses',
    }),
    sources: z.array(relation).openapi({ description: 'What a current unit was made from' }),
    successors: z.array(relation).openapi({ description: 'Where a former unit went on 1 July 2025' }),
    earlier: z.array(earlier).openapi({ description: 'Communes gone before June 2025 that lead to it' }),
    crosswalks: crosswalkAnswers,
  })
  .openapi('UnitDetail')

export const unitsRoute = defineRoute({
  method: 'get',
  path: '/v1/units',
  operationId: 'listUnits',
  tagged: true,
  access: 'read',
  tag: 'units',
  summary: 'Provinces, districts and communes of either era',
  description:
    'Without `q` and `parent`: the provinces. With `parent`: the units directly under it. With `q`: those whose name holds the words, with or without accents, best first.',
  query: z.strictObject({
    q: z.string().trim().min(1).max(100).optional().openapi({ example: 'ben thanh' }),
    era: era.optional().openapi({ description: 'current when not given' }),
    level: level.optional(),
    parent: unitCode
      .optional()
      .openapi({ description: 'Code of a province or district of that era', example: '79' }),
    limit: numberParam({ min: 1, max: MOST_UNITS, integer: true })
      .optional()
      .openapi({ description: 'Units at most; 50 when not given' }),
  }),
  answer: z.strictObject({
    total: z.int().openapi({ description: 'How many there are in all' }),
    units: z.array(listed).max(MOST_UNITS),
  }),
  problems: ['unknown-parameter', 'bad-parameter', 'unknown-unit'],
  examples: [{}, { query: { parent: '79', limit: '200' } }, { query: { q: 'ben nghe', era: 'former' } }],
  handle({ query }, context) {
    const index = unitIndex(context.gazetteer)
    const wanted = query.era ?? 'current'
    let found: UnitEntry[]
    if (query.parent !== undefined) {
      const parent = index.at(query.parent, wanted)
      if (!parent) throw new Problem('unknown-unit')
      found = index.childrenOf(parent.unit)
      if (query.q !== undefined) {
        const under = new Set(found)
        found = index.search(query.q, wanted).filter((entry) => under.has(entry))
      }
    } else if (query.q !== undefined) found = index.search(query.q, wanted)
    else {
      const level = query.level ?? 'province'
      found = index.entries.filter((entry) => entry.era === wanted && entry.level === level)
    }
    if (query.level !== undefined) found = found.filter((entry) => entry.level === query.level)
    if (isKnown(context, crosswalkState(context))) return SENT
    const units = found
      .slice(0, query.limit ?? 50)
      .map((entry) => ({ ...viewItem(entry), crosswalks: idsOf(entry, context) }))
    return { total: found.length, units }
  },
})

export const unitRoute = defineRoute({
  method: 'get',
  path: '/v1/units/{code}',
  operationId: 'getUnit',
  tagged: true,
  access: 'read',
  tag: 'units',
  summary: 'One unit with its history',
  description:
    'A code can name another area since July 2025: without `era` all units that bear it answer, and in `earlier` communes gone before June 2025.',
  params: z.strictObject({ code: unitCode.openapi({ example: '26740' }) }),
  query: z.strictObject({ era: era.optional() }),
  answer: z.strictObject({ code: z.string(), units: z.array(detail), earlier: z.array(earlier) }),
  problems: ['unknown-parameter', 'bad-parameter', 'unknown-unit'],
  examples: [{ params: { code: '26740' } }, { params: { code: '79' }, query: { era: 'former' } }],
  handle({ params, query }, context) {
    const { gazetteer } = context
    const index = unitIndex(gazetteer)
    const units = index.byCode(params.code).filter((entry) => entry.era === (query.era ?? entry.era))
    const gone = query.era === 'current' ? [] : index.earlierByCode(params.code)
    if (units.length === 0 && gone.length === 0) throw new Problem('unknown-unit')
    if (isKnown(context, crosswalkState(context))) return SENT
    return {
      code: params.code,
      units: units.map((entry) => ({ ...viewDetail(entry, gazetteer), crosswalks: idsOf(entry, context) })),
      earlier: gone.map((commune) => viewEarlier(commune, gazetteer)),
    }
  },
})

const idsOf = (entry: UnitEntry, { crosswalks, gazetteer }: Context) =>
  crosswalksOfUnit(crosswalks, entry, gazetteer)
const crosswalkState = ({ crosswalks }: Context) => String(crosswalks.version)

function viewItem(entry: UnitEntry) {
  const { era, level } = entry
  return {
    era,
    level,
    ...viewUnit(entry.unit),
    province: entry.level === 'province' ? null : viewUnit(entry.unit.province),
    district: entry.level === 'commune' && entry.era === 'former' ? viewUnit(entry.unit.district) : null,
    postcode: entry.level === 'commune' && entry.era === 'current' ? entry.unit.postcode : null,
  }
}

function viewDetail(entry: UnitEntry, gazetteer: Gazetteer) {
  const index = unitIndex(gazetteer)
  const current = entry.level === 'commune' && entry.era === 'current' ? entry.unit : null
  const communes = index.communesOf(entry)
  return {
    ...viewItem(entry),
    otherNames: entry.level === 'province' ? [] : [...entry.unit.otherNames],
    postcodePrefixes: entry.level === 'province' ? [...entry.unit.postcodePrefixes] : [],
    typeChange: entry.level === 'province' ? entry.unit.typeChange : (current?.typeChange ?? null),
    ...(communes ? placeOf(communes) : NO_PLACE),
    sources: index.sourcesOf(entry).map(viewRelation),
    successors: index.successorsOf(entry).map(viewRelation),
    earlier: index.earlierOf(entry.unit).map((commune) => viewEarlier(commune, gazetteer)),
  }
}

function viewRelation({ entry, whole, takesPopulation }: Relation) {
  return { ...viewItem(entry), whole, takesPopulation }
}

function viewEarlier(commune: EarlierCommune, gazetteer: Gazetteer) {
  const { code, name, fullName, type, districtName, asOf } = commune
  const index = unitIndex(gazetteer)
  const successors = commune.successors.map((unit) => viewItem(index.at(unit.code, 'former')!))
  return { code, name, fullName, type, districtName, province: viewUnit(commune.province), asOf, successors }
}
