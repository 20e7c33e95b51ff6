import type { CurrentCommune, Gazetteer } from '../gazetteer/types.ts'
import { isWithinReach } from '../match/placedBy.ts'
import { juneCommune } from '../match/possible.ts'
import type { Alley, Components, Understanding } from '../match/types.ts'
import { withoutPrivate } from '../match/understand.ts'
import { isOfPlace } from '../registry/review/reasons.ts'
import { type HouseholdDraft, type HouseholdParts, NO_COMMUNE } from '../registry/types.ts'
import { encodeVpostcode } from '../vpostcode/vpostcode.ts'
import { communeOf, type Row } from './row.ts'

/** What the registry is asked to decide on. The code's head is the text's commune, its tail the point's cell. */
export function draftHousehold(row: Row, gazetteer: Gazetteer): void {
  const { point, fields } = row
  const understanding = row.understanding!
  const commune = communeOf(understanding, gazetteer)
  const reasons = new Set<string>()
  if (understanding.grade === 'C') {
    for (const { code } of understanding.issues) if (isOfPlace(code)) reasons.add(code)
    if (reasons.size === 0) reasons.add('several-communes')
  }
  if (point && commune && row.here !== commune && !isWithinReach(commune, point, gazetteer))
    reasons.add('point-far-from-commune')
  if (point && !commune) reasons.add('point-far-from-commune')
  if (row.issues.includes('code-far-from-point')) reasons.add('code-far-from-point')
  const review = [...reasons]
  const known: HouseholdDraft['point'] = point?.known
    ? { lat: point.lat, lon: point.lon, source: 'given', accuracy: point.accuracy }
    : mappedPoint(row, commune, gazetteer)
  const postcode = commune?.postcode ?? ''
  const unit = fields.unit?.trim()
  const text = withoutPrivate(understanding)
  row.draft = {
    text: unit && text ? `${unit}, ${text}` : unit || text,
    parts: householdParts(understanding.components),
    provinceCode: understanding.current!.province.code,
    communeCode: commune?.code ?? NO_COMMUNE,
    formerCommuneCode: juneCommune(understanding.former),
    postcode,
    point: known,
    vpostcode:
      known && commune && review.length === 0 ? encodeVpostcode(postcode, known.lat, known.lon) : null,
    grade: understanding.grade as HouseholdDraft['grade'],
    confidence: understanding.confidence,
    review,
    externalId: fields.externalId?.trim() || null,
    alsoIn: isGuess(understanding) ? otherParts(understanding) : [],
  }
  for (const code of review) if (!row.issues.includes(code)) row.issues.push(code)
}

/** The mapped house of a row without a point of its own: a known place, where it stands in the commune of the text. */
function mappedPoint(
  { point, door, understanding }: Row,
  commune: CurrentCommune | null,
  gazetteer: Gazetteer,
): HouseholdDraft['point'] {
  if (point || !commune || door?.by !== 'house' || understanding!.grade === 'C') return null
  const { lat, lon, accuracy } = door
  return isWithinReach(commune, door, gazetteer) ? { lat, lon, source: 'mapped', accuracy } : null
}

/** The commune follows from likelihood or from the neighbours: another load may choose another one. */
const isGuess = ({ grade, issues }: Understanding) =>
  grade === 'C' || issues.some(({ code }) => code === 'decided-by-neighbours')

/** The other communes that have a part of the split one that the text names. */
function otherParts(understanding: Understanding): string[] {
  const june = juneCommune(understanding.former)
  if (!june) return []
  return understanding.candidates.flatMap(({ current, former }) =>
    current.commune && juneCommune(former) === june ? current.commune.code : [],
  )
}

function householdParts(components: Components): HouseholdParts {
  const { postcode, vpostcode, plusCode, alleys } = components
  const isPlain = postcode === undefined && vpostcode === undefined && plusCode === undefined
  const once = alleys && alleysOnce(alleys)
  if (isPlain && once === alleys) return components
  const { postcode: _p, vpostcode: _v, plusCode: _c, ...parts } = components
  return once ? { ...parts, alleys: once } : parts
}

/**
 * Each alley once, so that one door has one key: "25/14 hẻm 130" has alley 25 in its number, and "ngách 82/7 ngõ 82" tells its
 * ngõ twice.
 */
function alleysOnce(alleys: Alley[]): Alley[] {
  if (alleys.length < 2 || !alleys.some(({ kind }) => kind)) return alleys
  return alleys
    .filter(({ kind }) => kind)
    .filter(({ number }, i, named) => !`${named[i + 1]?.number ?? ''}/`.startsWith(`${number}/`))
}
