import type {
  EncodedPoint,
  FeatureCollection,
  Household,
  Postcode,
  ResolvedCode,
  SearchResult,
  Validation,
} from 'vpostcode/client'
import { ask, Refusal } from '../shared/api.ts'
import type { LatLon } from '../shared/map/map.ts'
import { metresText } from '../shared/numbers.ts'
import { unitsLine } from '../shared/units.ts'
import type { Answer, Choice } from './answer.ts'
import { type LookupText, text } from './texts.ts'

/** The Vpostcode and what is known of it. */
export async function answerCode(code: string): Promise<Answer> {
  const found = await ask<ResolvedCode>(`/v1/vpostcodes/${encodeURIComponent(code)}`)
  const heading = found.formatted ?? code
  const [others, title] =
    found.reissued.length > 0 ? [found.reissued, text('now')] : [found.suggestions, text('meant')]
  const choices = { title, list: others.map((other) => choiceOf(other)) }
  if (found.status === 'mistyped')
    return {
      heading,
      notice: { text: text((found.reason ?? 'wrong-length') as LookupText), bad: true },
      choices,
    }
  const { lat, lon, status, superseded, households } = found
  const now = superseded.find(({ current }) => current)?.current
  const isOld = found.issues.some(({ code: issue }) => issue === 'old-postcode')
  const notice = isOld
    ? text('oldPostcode')
    : status === 'superseded'
      ? text(now ? 'supersededNow' : 'superseded')
      : status === 'unregistered'
        ? text('unregistered')
        : null
  return {
    heading,
    notice: notice ? { text: notice } : undefined,
    vpostcode: status === 'superseded' ? (now ?? null) : found.vpostcode,
    postcode: found.postcode,
    current: unitsLine(found.commune, found.province),
    former: await formerOf(found.commune?.code, lat !== null && lon !== null ? { lat, lon } : null),
    plusCode: found.plusCode,
    point:
      lat === null || lon === null
        ? undefined
        : { lat, lon, precision: 'point', accuracy: 3, cell: found.bounds },
    household: households.length === 1 ? households[0] : undefined,
    remarks: households.length > 1 ? [text('households', { n: households.length })] : [],
    choices,
  }
}

const choiceOf = (other: { vpostcode: string; formatted?: string; registered?: boolean }): Choice => ({
  label: other.formatted ?? other.vpostcode,
  detail: other.registered ? text('registered') : undefined,
  text: other.formatted ?? other.vpostcode,
  ask: () => answerCode(other.vpostcode),
})

/** The household of a number. */
export async function answerHousehold(id: string): Promise<Answer> {
  const home = await ask<Household>(`/v1/households/${id}`)
  const { houseNumber, street, hamlet, group, building, block, floor, unit } = home.parts
  const line = [unit, floor, block, building, [houseNumber, street].filter(Boolean).join(' '), group, hamlet]
  const point: Household['point'] | null = home.point
  return {
    heading: line.filter(Boolean).join(', ') || home.id,
    vpostcode: home.vpostcode,
    noCode: home.vpostcode ? undefined : text('noPlace'),
    postcode: home.commune?.postcode,
    current: unitsLine(home.commune, home.province),
    former: await formerOf(home.communeCode, point),
    point: point ? { ...point, precision: 'household' } : undefined,
    household: home,
    choices: {
      title: text('now'),
      list: home.successors.map((one) => ({ label: one, text: one, ask: () => answerHousehold(one) })),
    },
  }
}

/** The commune of a postcode. */
export async function answerPostcode(code: string): Promise<Answer> {
  let found: Postcode
  try {
    found = await ask<Postcode>(`/v1/postcodes/${code}`)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'unknown-postcode')
      return {
        heading: code,
        notice: { text: error.problem?.detail ?? text('unknownPostcode', { code }), bad: true },
      }
    throw error
  }
  const commune: Postcode['commune'] | null = found.commune
  const { features } = await ask<SearchResult>('/v1/search', {
    query: { q: commune?.code ?? found.province.code, limit: 1 },
  })
  const place = features[0]
  return {
    heading: commune ? commune.fullName : text('wholeProvince', { name: found.province.fullName }),
    notice: found.status === 'old' ? { text: text('oldPostcode') } : undefined,
    noCode: text('noHouse'),
    postcode: commune?.postcode ?? null,
    current: unitsLine(commune, found.province),
    former: await formerOf(commune?.code),
    point: place && pointOf(place),
  }
}

type Feature = SearchResult['features'][number]
const pointOf = ({ geometry: { coordinates }, properties: { accuracy, precision } }: Feature) => ({
  lat: coordinates[1]!,
  lon: coordinates[0]!,
  accuracy,
  precision,
})

/** The code of a point, and what stands there. */
export async function answerPoint({ lat, lon }: LatLon): Promise<Answer> {
  const query = { lat: lat.toFixed(7), lon: lon.toFixed(7) }
  let place: EncodedPoint
  let features: FeatureCollection['features']
  try {
    ;[place, { features }] = await Promise.all([
      ask<EncodedPoint>('/v1/vpostcodes', { query }),
      ask<FeatureCollection>('/v1/reverse', { query: { ...query, limit: 1 } }),
    ])
  } catch (error) {
    if (error instanceof Refusal && error.code === 'outside-coverage')
      return { heading: text('notFound'), notice: { text: text('outside'), bad: true } }
    throw error
  }
  const near = features[0]?.properties
  const distance = near?.distance ?? 0
  const named = near && near.precision !== 'commune' ? near.label : null
  return {
    heading: !named
      ? text('point')
      : distance < 5
        ? text('at', { label: named })
        : text('near', { label: named, metres: metresText(distance) }),
    vpostcode: place.vpostcode,
    postcode: place.postcode,
    current: unitsLine(place.commune, place.province),
    former: await formerOf(place.commune.code, place),
    plusCode: place.plusCode,
    point: { lat: place.lat, lon: place.lon, precision: 'point', accuracy: 3 },
    access: near?.access ?? null,
    remarks:
      place.neighbours.length > 0
        ? [text('border', { names: place.neighbours.map(({ fullName }) => fullName).join(', ') })]
        : [],
  }
}

/** The communes before July 2025 that a commune of today came from, nearest to the point first. */
async function formerOf(commune: string | null | undefined, point: LatLon | null = null): Promise<string[]> {
  if (!commune) return []
  const at = point && { lat: point.lat, lon: point.lon }
  const { former, formerCandidates } = await ask<Validation>('/v1/convert', {
    query: { current: commune, ...at },
  })
  const units = former?.commune ? [former] : formerCandidates
  return units.map(({ commune, district, province }) => unitsLine(commune, district, province))
}
