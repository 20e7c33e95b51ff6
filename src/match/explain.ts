import { type NameIndex, nameIndex, type Sense } from '../gazetteer/names.ts'
import type { CurrentCommune, Gazetteer, Province } from '../gazetteer/types.ts'
import { inInput, overlaps, type TokenSpan, written } from '../parse/line.ts'
import type { PartName } from '../parse/parts.ts'
import type { Components } from '../parse/types.ts'
import { communesBelow, MOST_CANDIDATES, thatCount } from './decide.ts'
import { misspelled } from './evidence.ts'
import { type Hints, hearPoint, hearStreet } from './hints.ts'
import { ISSUES, type IssueCode } from './issueCodes.ts'
import { type Outcome, weighOutcomes } from './outcomes.ts'
import { restates, unitsOf } from './readingPoints.ts'
import type { Named, Reading } from './readings.ts'
import { provinceFits } from './relations.ts'
import { hearOnlyStreet } from './streetCommunes.ts'
import type { Understanding } from './types.ts'
import { type Trace, type UnderstandOptions, understandText } from './understand.ts'

/** Why an answer is as it is. Sentences are English, for people; they are no contract. */
export interface Explanation {
  /** The text with its letters converted or lost blanks put right, where it had to be read so. */
  readAs: string | null
  /** Every word of the text by the part that it was taken for, in the order of the text. Spans of the input (of one in old letters: once converted). */
  parts: { part: PartName | 'unexplained'; text: string; start: number; end: number }[]
  era: string
  grade: string
  /** The communes that were weighed, best first. */
  candidates: WeighedCommune[]
  /** The ways to read the units together that were weighed, best first. */
  readings: WeighedReading[]
}

/** Belief is a share of 1: as the units alone tell it, with the street heard, and with the point. */
export interface WeighedCommune {
  commune: string | null
  province: string
  former: string | null
  belief: { units: number; street: number; point: number }
  evidence: string[]
}

export interface WeighedReading {
  points: number
  /** Its share of belief; 0 = it was dropped as too weak. */
  share: number
  /** Points that each piece of evidence gives or takes; they add up to `points`. Null where several share one number. */
  evidence: { points: number | null; what: string }[]
}

/**
 * An understanding with its reasons. Asks the same steps as `understandText` once more, so it costs about twice as much.
 * @throws InputTooLong above 500 characters.
 */
export function explain(
  text: string,
  gazetteer: Gazetteer,
  options: Omit<UnderstandOptions, 'memo'> = {},
): Understanding & { explanation: Explanation } {
  let trace: Trace | undefined
  const answer = understandText(text, gazetteer, options, (found) => {
    trace = found
  })
  return { ...answer, explanation: explanationOf(answer, trace!, gazetteer, options.era !== undefined) }
}

/**
 * Every word of a text by the part that it was taken for, in the order of the text; see `Explanation.parts`.
 * @throws InputTooLong above 500 characters.
 */
export function spansOf(text: string, gazetteer: Gazetteer): Explanation['parts'] {
  let trace: Trace | undefined
  understandText(text, gazetteer, {}, (found) => {
    trace = found
  })
  return listParts(trace!)
}

function explanationOf(
  answer: Understanding,
  trace: Trace,
  gazetteer: Gazetteer,
  forced: boolean,
): Explanation {
  const { line, units, hints, reading } = trace
  const index = nameIndex(gazetteer)
  const readings = units.readings ?? []
  const outcomes = weighOutcomes(thatCount(readings), index)
  const shares = new Map<Reading, number>()
  for (const { reading, belief } of outcomes) shares.set(reading, (shares.get(reading) ?? 0) + belief)
  return {
    readAs: line.text === answer.input ? null : line.text,
    parts: listParts(trace),
    era: reading
      ? `${answer.era}${forced ? ' (asked for)' : ''}: ${whyEra(answer, reading, trace)}`
      : 'no unit is read',
    grade: whyGrade(answer),
    candidates: weighCommunes(outcomes, hints, index, gazetteer),
    readings: merged(
      readings.map((one) => ({
        points: round(one.points),
        share: shares.get(one) ?? 0,
        evidence: weighReading(one, trace),
      })),
    ),
  }
}

/** Readings that differ only in which of its own names a unit goes by are told once. */
function merged(readings: readonly WeighedReading[]): WeighedReading[] {
  const known = new Map<string, WeighedReading>()
  for (const one of readings) {
    const key = JSON.stringify(one.evidence)
    known.set(key, { ...one, share: round((known.get(key)?.share ?? 0) + one.share) })
  }
  return [...known.values()]
}

function listParts({ line, parts }: Trace): Explanation['parts'] {
  const { tokens } = line
  const piece = (part: PartName | 'unexplained', from: number, to: number) => {
    const span = inInput(line, { start: tokens[from]!.start, end: tokens[to - 1]!.end })
    return { part, text: line.input.slice(span.start, span.end), ...span }
  }
  const found = parts.list.map(({ part, from, to }) => piece(part, from, to))
  for (let i = 0; i < tokens.length; i++) {
    if (!parts.free(i)) continue
    let end = i + 1
    while (parts.free(end) && !parts.startsSegment(end)) end++
    found.push(piece('unexplained', i, end))
    i = end - 1
  }
  return found.sort((a, b) => a.start - b.start)
}

/** What each unit of a reading says of the era. */
function whyEra(answer: Understanding, reading: Reading, { line }: Trace): string {
  const told = unitsOf(reading).map(({ sense, from, to }) => {
    const { level, current, earlier, currentProvince, formerProvince } = sense
    const stood =
      level === 'district'
        ? 'a district: none since July 2025'
        : level === 'province'
          ? !currentProvince
            ? 'a province until June 2025 only'
            : formerProvince
              ? 'a province of both eras'
              : 'a province since July 2025'
          : current
            ? 'a commune of today'
            : earlier
              ? 'a commune that was gone before June 2025'
              : 'a commune until June 2025'
    return `"${written(line, from, to)}" is ${stood}`
  })
  // the rest of the line named the former commune beside the current one
  const beside = reading.commune?.sense.current ? answer.former?.commune : null
  if (beside) told.push(`${beside.fullName}, a commune until June 2025, is named beside it`)
  return told.join('; ')
}

function whyGrade({ grade, confidence, current, issues, candidates }: Understanding): string {
  const belief = `${(100 * confidence).toFixed(1)} %`
  const reasons = issues.map(({ code }) => `${ISSUES[code as IssueCode][2]} (${code})`).join('; ')
  if (grade === 'A') return `A: units of today as they are written, belief ${belief}`
  if (grade === 'B') return `B: one answer with a belief of ${belief}, but not exact. ${reasons}`
  if (grade === 'D') return 'D: no unit is read with any confidence'
  const several = candidates.filter((one) => one.current.commune).length
  const open =
    several > 1
      ? `${several} communes are possible`
      : current?.commune
        ? 'the commune is in doubt'
        : 'the commune is not told'
  return `C: ${open}; belief in the ${current?.commune ? 'first' : 'province'} ${belief}. ${reasons}`
}

function weighCommunes(
  outcomes: readonly Outcome[],
  { components, point }: Hints,
  index: NameIndex,
  gazetteer: Gazetteer,
): WeighedCommune[] {
  const heard = outcomes.map((outcome) => ({ ...outcome }))
  hearStreet(heard, components, gazetteer)
  hearOnlyStreet(heard, components, index, gazetteer)
  const decided = heard.map((outcome) => ({ ...outcome }))
  hearPoint(decided, point, gazetteer)
  const placeOf = ({ commune, province }: Outcome): CurrentCommune | Province => commune ?? province
  const best = decided[0]
  const same = (one: Outcome) => best !== undefined && placeOf(one) === placeOf(best)
  const stop = best && {
    ...best,
    belief: decided.reduce((sum, one) => sum + (same(one) ? one.belief : 0), 0),
  }
  // Where the line stops above them the likeliest communes that it can mean follow, each with its share of the same belief.
  const below = (parts: Components): readonly Outcome[] =>
    stop ? communesBelow(stop, parts, index, gazetteer).slice(0, MOST_CANDIDATES) : []
  const unheard = [...outcomes, ...below({})]
  const named = below(components ?? {})
  const withStreet = [...heard, ...named]
  const withPoint: readonly Outcome[] = [...decided, ...named]
  const beliefIn = (place: CurrentCommune | Province, list: readonly Outcome[]) =>
    round(list.reduce((sum, outcome) => sum + (placeOf(outcome) === place ? outcome.belief : 0), 0))
  const near = point ? gazetteer.boundaries.communesWithin(point.lat, point.lon, 1000) : []
  const street = components?.street
  const runs = street ? gazetteer.communesOfStreet(street) : []
  const seen = new Set<CurrentCommune | Province>()
  const found: WeighedCommune[] = []
  for (const outcome of withPoint) {
    const place = placeOf(outcome)
    if (seen.has(place)) continue
    seen.add(place)
    const { commune, former, province } = outcome
    const evidence: string[] = commune && former ? ofSplit(commune, outcome, index) : []
    const run = runs.find((one) => one.commune === commune)
    if (run)
      evidence.push(
        `${street} runs ${Math.round(run.metres)} m through it, ${run.addresses} mapped addresses`,
      )
    else if (commune && runs.length > 0) evidence.push(`${street} is mapped elsewhere, not here`)
    if (street && former && gazetteer.districtsOfStreet(street).includes(former.district))
      evidence.push(`${former.district.fullName} has a street ${street}`)
    const metres = near.find((one) => gazetteer.communes[one.index] === commune)?.metres
    if (metres !== undefined)
      evidence.push(metres === 0 ? 'the point lies in it' : `the point lies ${Math.round(metres)} m off`)
    found.push({
      commune: commune && `${commune.fullName} (${commune.code})`,
      province: province.fullName,
      former: former && `${former.fullName}, ${former.district.fullName} (${former.code})`,
      belief: {
        units: beliefIn(place, unheard),
        street: beliefIn(place, withStreet),
        point: beliefIn(place, withPoint),
      },
      evidence,
    })
  }
  return found.sort((a, b) => b.belief.point - a.belief.point)
}

/** What speaks for this part of a former commune that was split. */
function ofSplit(commune: CurrentCommune, { former }: Outcome, index: NameIndex): string[] {
  if (!former || former.successors.length < 2) return []
  const { takesPopulation } = former.successors.find(({ current }) => current === commune)!
  return [
    `one of ${former.successors.length} parts of ${former.fullName}`,
    ...(takesPopulation ? ['it took the whole population'] : []),
    ...(commune.name === former.name ? ['it kept the name'] : []),
    ...(commune.code === former.code ? ['it kept the code'] : []),
    ...(index.coreOf(former) === commune ? ['the mapped centre of the former commune lies there'] : []),
  ]
}

function weighReading(reading: Reading, trace: Trace): WeighedReading['evidence'] {
  const { commune, district, province, inDistrict } = reading
  const list: WeighedReading['evidence'] = []
  const add = (unit: Named | null, fit: number, beside: string) => {
    if (!unit) return
    const told = fit < 1 ? `; ${beside} of another date or name (x ${fit})` : ''
    list.push({ points: unit.points * fit, what: `${ofUnit(unit, trace)}${told}` })
  }
  add(commune, 1, '')
  add(district, inDistrict, 'beside a commune')
  const unit = commune ?? district
  add(province, unit && province ? provinceFits(unit.sense, province.sense) : 1, 'beside a unit')
  const rest = reading.points - list.reduce((sum, { points }) => sum + points!, 0)
  const told = list.map(({ points, what }) => ({ points: round(points!), what }))
  const reasons = ofLine(reading, trace)
  if (reasons.length === 1 || Math.abs(rest) >= 0.005)
    told.push({ points: round(rest), what: reasons[0] ?? 'how the units stand in the line' })
  return [...told, ...reasons.slice(1).map((what) => ({ points: null, what }))]
}

function ofUnit({ sense, from, to, mention, accents }: Named, { line }: Trace): string {
  const { edits, typeWord } = mention
  const how = [
    typeWord ? 'with a type word' : 'without a type word',
    ...(edits > 0
      ? [edits < 1 ? 'blanks put right' : edits === 1 ? '1 letter put right' : `${edits} letters put right`]
      : misspelled(line, mention, accents)
        ? ['other marks']
        : []),
  ]
  return `"${written(line, from, to)}" names ${nameOf(sense)}, ${how.join(', ')}`
}

function nameOf(sense: Sense): string {
  const { current, former, earlier, district, earlierDistrict, currentProvince, formerProvince } = sense
  if (current) return `${current.fullName} (${current.code}, today), ${current.province.name}`
  if (former) return `${former.fullName} (${former.code}, June 2025), ${former.district.fullName}`
  if (earlier) return `${earlier.fullName} (gone before June 2025), ${earlier.districtName}`
  if (district) return `${district.fullName} (${district.code}, June 2025), ${district.province.name}`
  if (earlierDistrict) return `${earlierDistrict.fullName} (gone before June 2025)`
  return (currentProvince ?? formerProvince)!.fullName
}

/** What the line as a whole says for or against reading these units together. */
function ofLine(reading: Reading, { line, parts, units }: Trace): string[] {
  const { commune, district, province } = reading
  const spans = unitsOf(reading)
  const inUnits = (i: number) => spans.some(({ from, to }) => i >= from && i < to)
  const first = Math.min(...spans.map(({ from }) => from))
  const strange: TokenSpan[] = []
  for (let i = first; i < line.tokens.length; i++) {
    const own = parts.list.find(({ from, to }) => i >= from && i < to)?.part
    if (inUnits(i) || own === 'private' || own === 'country' || own === 'label' || own === 'postcode')
      continue
    const last = strange.at(-1)
    if (last?.to === i) strange[strange.length - 1] = { from: last.from, to: i + 1 }
    else strange.push({ from: i, to: i + 1 })
  }
  const reasons: string[] = []
  const unread: TokenSpan[] = (units.mentions ?? []).filter(
    (mention) =>
      mention.typeWord &&
      !spans.some((span) => overlaps(span, mention)) &&
      !mention.senses.all.some(({ sense }) => restates(reading, sense)),
  )
  // Of names in each other the widest is told, and what is told as a unit not once more as a mere word.
  const holds = (one: TokenSpan) => (other: TokenSpan) =>
    other !== one && other.from <= one.from && one.to <= other.to
  const widest = unread.filter(
    (one, k) => !unread.some((other, at) => holds(one)(other) && (at < k || !holds(other)(one))),
  )
  const words = strange.filter((one) => !widest.some((unit) => unit.from <= one.from && one.to <= unit.to))
  if (words.length > 0)
    reasons.push(`not in it: ${words.map(({ from, to }) => `"${written(line, from, to)}"`).join(', ')}`)
  else if (strange.length === 0 && commune && district && province)
    reasons.push('commune, district and province side by side')
  if (commune && !commune.sense.current && !district) reasons.push('a former commune without its district')
  for (const { from, to } of widest) reasons.push(`the unit "${written(line, from, to)}" stays unread`)
  if (!commune && district) reasons.push('a district without a commune')
  if (!commune && !district && spans[0]?.from === 0 && spans[0].to === line.tokens.length)
    reasons.push('the line is nothing but a province')
  return reasons
}

const round = (value: number) => Math.round(value * 1000) / 1000
