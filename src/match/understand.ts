import { type NameIndex, type NameNode, nameIndex, step } from '../gazetteer/names.ts'
import type { FormerCommune, Gazetteer } from '../gazetteer/types.ts'
import { inInput, type Line, readLine, type TokenSpan, written } from '../parse/line.ts'
import { Parts } from '../parse/parts.ts'
import { readParts } from '../parse/readParts.ts'
import { codes, country, postcode } from '../parse/rules/codes.ts'
import { contacts } from '../parse/rules/contacts.ts'
import { labels } from '../parse/rules/labels.ts'
import type { KnownPlaces } from '../parse/rules/persons.ts'
import type { KnownWords } from '../parse/rules/streets.ts'
import { unknownCommune } from '../parse/rules/unknownCommune.ts'
import { withoutInvisible } from '../text/invisible.ts'
import { type Converted, fromLegacy } from '../text/legacyEncodings.ts'
import { tokenize } from '../text/tokens.ts'
import { plainWidths } from '../text/widths.ts'
import { communeUnknown, namedToo, textUnread } from './amend.ts'
import { type CodePoint, codePoint } from './codePoint.ts'
import type { Decision } from './decide.ts'
import { findUnitsOfEra } from './forcedEra.ts'
import { formerCandidates } from './formerCandidates.ts'
import { formerClues, namedFormers } from './formerClues.ts'
import type { DecidedStreets } from './hearDecided.ts'
import type { Hints, PointHint } from './hints.ts'
import { ISSUES, type IssueCode } from './issueCodes.ts'
import { nearStreet } from './nearStreet.ts'
import { SURE } from './outcomes.ts'
import { placedBy } from './placedBy.ts'
import { unitsOf } from './readingPoints.ts'
import type { Reading } from './readings.ts'
import { saidNow } from './saidNow.ts'
import { withLostComma, withStreetWord } from './secondLook.ts'
import { streetAlone } from './streetAlone.ts'
import { isStreet, isStreetOf } from './streetCommunes.ts'
import { repairedStreet, streetRepaired } from './streetRepair.ts'
import { streetSpellings } from './streetSpellings.ts'
import type { Components, FormerCandidate, Span, Understanding } from './types.ts'
import { type ForcedEra, findUnits, type Units } from './units.ts'
import type { UnitsMemo } from './unitsMemo.ts'

/** Longer texts are no addresses. UTF-16 code units. */
export const MAX_INPUT = 500

/** A text above MAX_INPUT: refused, never cut. */
export class InputTooLong extends Error {
  readonly length: number
  constructor(length: number) {
    super(`the text has ${length} characters; at most ${MAX_INPUT} are read`)
    this.name = 'InputTooLong'
    this.length = length
  }
}

export interface UnderstandOptions {
  /**
   * Read the units in this era only; by default the era is decided from the text. Units of the other one that the text names
   * stay unread, with the issue `other-era`.
   */
  era?: ForcedEra
  /** Where it is, degrees WGS 84: decides between several communes, replaces none that the text names. */
  point?: PointHint | null
  /** What persons have decided about streets of split communes: heard where there is no point. */
  decided?: DecidedStreets | null
  /** Remembers the units of line ends, for files whose lines end alike; answers do not depend on it. */
  memo?: UnitsMemo
  /** false leaves out `formerCandidates`, which loads of files have no use for. */
  formers?: boolean
}

/** How an answer was found: what `explain` tells of. */
export interface Trace {
  readonly line: Line
  readonly parts: Parts
  readonly units: Units
  /** What was heard when the last decision was made, and the reading that it chose. */
  readonly hints: Hints
  readonly reading: Reading | null
}

/**
 * What a text says: its units in both eras, its parts, what is doubtful and what is private.
 * @throws InputTooLong above 500 characters.
 */
export function understandText(
  text: string,
  gazetteer: Gazetteer,
  options: UnderstandOptions = {},
  trace?: (found: Trace) => void,
): Understanding {
  if (text.length > MAX_INPUT) throw new InputTooLong(text.length)
  const plain = plainWidths(text)
  if (plain !== text) return { ...understandText(plain, gazetteer, options, trace), input: text }
  const legacy = fromLegacy(text, (word) => isNameSyllable(word, gazetteer))
  if (legacy) return ofLegacy(text, legacy, read(legacy.text, gazetteer, options, trace))
  const visible = withoutInvisible(text)
  return visible
    ? ofConverted(text, visible, read(visible.text, gazetteer, options, trace))
    : read(text, gazetteer, options, trace)
}

/** @param again whether it is read for the second time, see `secondLook.ts`. */
function read(
  text: string,
  gazetteer: Gazetteer,
  options: UnderstandOptions,
  trace?: (found: Trace) => void,
  again = false,
): Understanding {
  const index = nameIndex(gazetteer)
  const line = readLine(text, index)
  const parts = new Parts(line)
  const known: KnownWords & KnownPlaces = {
    street: (name) => isStreet(name, gazetteer),
    unit: (name) => isUnit(name, index),
    nearStreet: (name) => nearStreet(name, gazetteer),
    spelling: (name) => streetSpellings.of(gazetteer).get(name),
    streetHere: () => false,
    ward: false,
    kiet: false,
    syllable: (fold) => index.syllables.bare.has(fold),
  }
  codes(parts)
  const hidden = contacts(parts, known)
  labels(parts)
  country(parts)
  postcode(parts)
  const { era, memo, point = null, decided = null, formers = true } = options
  const units = era
    ? findUnitsOfEra(line, parts, gazetteer, era)
    : findUnits(line, parts, gazetteer, undefined, memo)
  const code = parts.list.length > 0 ? codeIn(parts, gazetteer) : null
  let hints: Hints = { point: point ?? code, components: null, decided }
  let decision = units.decide(hints)
  let naming = units.tokens(decision)
  for (const { from, to } of naming) parts.add('units', from, to)
  const unknown = decision.reading?.commune === null ? unknownCommune(parts, known) : null
  const here = decision.current?.commune && gazetteer.commune(decision.current.commune.code)
  if (here) {
    known.streetHere = (name) => isStreetOf(name, here, gazetteer)
    known.ward = here.type === 'phuong'
  }
  known.kiet = KIET_PROVINCES.has(decision.current?.province.code ?? '')
  const { components, unresolved } = readParts(parts, known)
  const { street } = components
  const repaired = street ? repairedStreet(street, decision, index, gazetteer) : null
  if (repaired) components.street = repaired
  // Which of several communes it is may follow from the street.
  if (decision.grade === 'C') {
    hints = { point: hints.point, components, decided }
    decision = units.decide(hints)
    naming = units.tokens(decision)
  }
  const mayReadAgain = !era && !again
  const readAgain = (other: string) => read(other, gazetteer, options, trace, true)
  if (mayReadAgain && decision.grade === 'C' && components.houseNumber && !components.street) {
    const other = withStreetWord(parts, gazetteer, readAgain)
    if (other) return other
  }
  if (mayReadAgain && decision.grade === 'D') {
    const other = withLostComma(line, gazetteer, readAgain)
    if (other) return other
  }
  if (decision.grade === 'D' && !era && unresolved.length === 0)
    decision = streetAlone(components, index, gazetteer) ?? decision
  decision = saidNow(decision, line.text)
  if (repaired) decision = streetRepaired(decision, street!, repaired)
  if (unknown) decision = communeUnknown(decision, written(line, unknown.from, unknown.to))
  if (code) decision = placedBy(decision, code, gazetteer)
  const back = formersOf(line, naming, decision, components, gazetteer, formers)
  if (back.said && era !== 'current') decision = namedToo(decision, back.said)
  const unread = unresolved.length > 0 && decision.grade !== 'D' ? firstUnread(parts, unresolved) : null
  if (unread) decision = textUnread(decision, line.text.slice(unread.start, unread.end))
  trace?.({ line, parts, units, hints, reading: decision.reading })
  // Field by field: a spread would give every answer a hidden class of its own, and all that reads answers would be slow.
  return {
    input: text,
    components,
    era: decision.era,
    former: decision.former,
    formerCandidates: decision.former?.commune ? [] : back.candidates,
    current: decision.current,
    candidates: decision.candidates,
    grade: decision.grade,
    confidence: decision.confidence,
    issues: decision.issues,
    private: hidden,
    unresolved: unresolved.map((span) => inInput(line, span)),
  }
}

/** Quảng Trị, Huế and Đà Nẵng: "K200" is the short form of kiệt 200. */
const KIET_PROVINCES = new Set(['44', '46', '48'])

/** What programs write where a value is missing: the address may be cut. */
const EMPTY = new Set(['null', 'undefined', 'nan', 'none'])

/**
 * The first run of words with a number in it that no part explains, or with the word of an empty field. A commune that no list
 * has bears its own issue.
 */
function firstUnread(parts: Parts, unresolved: readonly Span[]): Span | null {
  const number = parts.line.tokens.find(({ digits, fold }, i) => (digits || EMPTY.has(fold)) && parts.free(i))
  return (number && unresolved.find(({ start, end }) => start <= number.start && number.end <= end)) ?? null
}

/** The place of a whole code in the line; one without its first digits tells nothing before the commune is known. */
function codeIn({ list, line }: Parts, gazetteer: Gazetteer): CodePoint | null {
  const found: Pick<Components, 'vpostcode' | 'plusCode'> = {}
  for (const { part, from, to } of list)
    if (part === 'vpostcode' || part === 'plusCode') found[part] = written(line, from, to)
  return codePoint(found, null, gazetteer)
}

/**
 * The former communes that a line may mean which names a current one; none when it is read by its former commune.
 * @param naming the tokens that name the units of the decision, those of its reading first.
 * @param listed whether the candidates are wanted; without them only what the line says is heard.
 */
function formersOf(
  line: Line,
  naming: readonly TokenSpan[],
  { former, current, reading }: Decision,
  components: Components,
  gazetteer: Gazetteer,
  listed: boolean,
): { candidates: FormerCandidate[]; said: FormerCommune | null } {
  const commune = current?.commune && gazetteer.commune(current.commune.code)
  if (!commune || !reading || former?.commune) return { candidates: [], said: null }
  // what only restates the units of the reading tells of the former commune
  const own = unitsOf(reading).length
  const names = namedFormers(line, naming.slice(0, own), commune, gazetteer)
  if (!listed && !names.said) return { candidates: [], said: null }
  const clues = formerClues(names, reading, commune, components, gazetteer)
  const candidates = formerCandidates(commune, clues)
  const isBest = clues.said && candidates[0]!.commune!.code === clues.said.code
  return { candidates, said: isBest && candidates[0]!.confidence >= SURE ? clues.said : null }
}

/** The answer to a text in an old encoding, told of the text as given, and that it was converted. */
function ofLegacy(
  input: string,
  legacy: NonNullable<ReturnType<typeof fromLegacy>>,
  answer: Understanding,
): Understanding {
  const code: IssueCode = `converted-from-${legacy.encoding}`
  const issue = { code, part: 'text', given: null, used: answer.input, severity: ISSUES[code][0] }
  return { ...ofConverted(input, legacy, answer), issues: [issue, ...answer.issues] }
}

/** The answer to a text that was converted, with the spans of the text as given. */
function ofConverted(input: string, { starts }: Converted, answer: Understanding): Understanding {
  const moved = <S extends Span>(span: S): S => ({
    ...span,
    start: starts[span.start]!,
    end: starts[span.end]!,
  })
  return {
    ...answer,
    input,
    private: answer.private.map(moved),
    unresolved: answer.unresolved.map(moved),
  }
}

/** Whether a word is a syllable of names of units or streets, with these marks. */
export function isNameSyllable(word: string, gazetteer: Gazetteer): boolean {
  const [token, more] = tokenize(word)
  return token !== undefined && !more && nameIndex(gazetteer).syllables.marked.has(token.accent)
}

/** Whether a text is a name of some unit of any era, marks aside. */
function isUnit(name: string, index: NameIndex): boolean {
  let node: NameNode | undefined = index.root
  for (const token of tokenize(name)) {
    node = step(node, token)
    if (!node) return false
  }
  return node.senses !== null
}

const UNEVEN = /\s\s|[^\S ]/

/** The text without its private spans: what may be stored. */
export function withoutPrivate({ input, private: spans }: Pick<Understanding, 'input' | 'private'>): string {
  if (spans.length === 0) return (UNEVEN.test(input) ? input.replace(/\s+/g, ' ') : input).trim()
  let kept = ''
  let at = 0
  for (const { start, end } of spans) {
    kept += input.slice(at, start)
    at = end
  }
  return (kept + input.slice(at))
    .replace(/\s+/g, ' ')
    .replace(/^[\s,;:-]+|[\s,;:-]+$/g, '')
    .replace(/\(\s*\)/g, '')
    .replace(/(?:[,;-]\s*){2,}/g, ', ')
    .replace(/\s+(?=,)/g, '')
}
