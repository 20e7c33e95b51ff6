import { readdirSync, readFileSync } from 'node:fs'
import { parseCsv } from '../../src/gazetteer/csv.ts'
import type { Gazetteer } from '../../src/gazetteer/types.ts'
import type { Understanding } from '../../src/match/types.ts'
import { understandText } from '../../src/match/understand.ts'
import { foldKeepingMarks } from '../../src/text/tokens.ts'

export const FOLDER = 'test/cases'
export const COLUMNS = [
  'text',
  'current',
  'former',
  'grade',
  'parts',
  'private',
  'reason',
  'known_gap',
] as const

/** One line of a case file. Blank = says nothing of it. */
export interface Case {
  text: string
  /**
   * "26743 Bến Thành": this commune; "79 Hồ Chí Minh": this province and no commune; "none": not understood; several joined
   * by " / ": one of them (the parts of a split commune).
   */
  current: string
  /**
   * The commune of June 2025 that the text names or leads to; several joined by " / ": one of them. "~27190 2": the best of
   * those that it may mean.
   */
  former: string
  /** The letters allowed. */
  grade: string
  /** "houseNumber=25; alleys=ngo:78|ngach:34/56; !street": components by name, "!x" = x is absent. */
  parts: string
  /** "phone:0901234567/person:Nam": the kinds of spans and a text inside each, in any order, and no other; "-" = none. */
  private: string
  reason: string
  /** Why the line fails today. The test then holds that it still does. */
  known_gap: string
}

export const groups = (): string[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.csv'))
    .map((name) => name.slice(0, -4))

export function readGroup(group: string): Case[] {
  const { columns, rows } = parseCsv(readFileSync(`${FOLDER}/${group}.csv`, 'utf8'))
  if (columns.join() !== COLUMNS.join()) throw new Error(`${group}.csv has the columns ${columns.join()}`)
  return rows as unknown as Case[]
}

/** What is wrong with the answer to a case, one sentence a fault; empty when all is right. */
export function faultsOf(one: Case, gazetteer: Gazetteer): string[] {
  const answer = understandText(one.text, gazetteer)
  return [
    ...currentFaults(one, answer),
    ...formerFaults(one, answer),
    ...(one.grade === '' || one.grade.includes(answer.grade) ? [] : [`grade ${answer.grade}`]),
    ...list(one.parts, '; ').flatMap((part) => partFaults(part, answer)),
    ...(one.private === '' ? [] : privateFaults(one.private, answer)),
  ]
}

/** Sentences about a case that name a code which is not what it says. */
export function wrongFacts({ current, former }: Case, gazetteer: Gazetteer): string[] {
  const known = (code: string) =>
    code.length === 2 ? gazetteer.province(code, 'current') : gazetteer.commune(code)
  const check = (unit: string, name: string | undefined) =>
    unit.slice(unit.indexOf(' ') + 1) === name ? [] : [`${unit} is ${name}`]
  return [
    ...(current === 'none'
      ? []
      : list(current, ' / ').flatMap((unit) => check(unit, known(codeOf(unit))?.name))),
    ...list(former.replace('~', ''), ' / ').flatMap((unit) =>
      check(unit, gazetteer.formerCommune(codeOf(unit))?.name),
    ),
  ]
}

const list = (text: string, by: string) =>
  text
    .split(by)
    .map((part) => part.trim())
    .filter(Boolean)
const codeOf = (unit: string) => unit.split(' ')[0]!

function currentFaults({ current }: Case, { current: answer }: Understanding): string[] {
  if (current === '') return []
  const said = answer ? `${answer.commune?.fullName ?? '-'}, ${answer.province.fullName}` : 'nothing'
  const codes = list(current, ' / ').map(codeOf)
  const right =
    current === 'none'
      ? answer === null
      : codes.some((code) =>
          code.length === 2
            ? answer?.province.code === code && answer.commune === null
            : answer?.commune?.code === code,
        )
  return right ? [] : [`current is ${said}`]
}

function formerFaults({ former }: Case, { former: answer, formerCandidates }: Understanding): string[] {
  if (former === '') return []
  if (former.startsWith('~')) {
    const best = formerCandidates[0]?.commune
    return best?.code === codeOf(former.slice(1)) ? [] : [`former is likely ${best?.fullName ?? '-'}`]
  }
  const places = answer ? (answer.successor.length > 0 ? answer.successor : [answer]) : []
  const found = places.some(({ commune }) =>
    list(former, ' / ')
      .map(codeOf)
      .includes(commune?.code ?? ''),
  )
  return found ? [] : [`former is ${answer?.commune?.fullName ?? '-'}, ${answer?.district?.fullName ?? '-'}`]
}

function partFaults(part: string, { components }: Understanding): string[] {
  const absent = part.startsWith('!')
  const [name, ...rest] = (absent ? part.slice(1) : part).split('=') as [keyof typeof components, ...string[]]
  const wanted = rest.join('=')
  const said =
    name === 'alleys'
      ? components.alleys?.map(({ kind, number }) => (kind ? `${kind}:${number}` : number)).join('|')
      : components[name]
  const right = absent ? said === undefined : said !== undefined && plain(name, said) === plain(name, wanted)
  return right ? [] : [`${name} is ${said ?? 'absent'}`]
}

/** Words that say what a part is and that the part may keep or drop. */
const WORDS: Record<string, RegExp> = {
  street: /^(đường|phố|đ|p)(\. ?| )(?!số )/iu,
  unit: /^(căn hộ|căn|phòng|ch|p)(\.? ?số)?(\. ?| )/iu,
  floor: /^(tầng|lầu)(\. ?| )/iu,
  block: /^(tòa nhà|toà nhà|tòa|toà|block|lô|nhà|tháp)(\. ?| )/iu,
  building: /^(tòa nhà|toà nhà|tòa|toà|chung cư|c\/c|cc|khu chung cư)(\. ?| )/iu,
}

function plain(name: string, value: string): string {
  const text = value.normalize('NFC').replace(/\s+/g, ' ')
  if (name === 'vpostcode') return text.replaceAll(' ', '')
  if (name === 'houseNumber' || name === 'alleys') return text
  const word = WORDS[name]
  return foldKeepingMarks(word ? text.replace(word, '') : text)
}

function privateFaults(wanted: string, { input, private: spans }: Understanding): string[] {
  const said = spans.map(({ kind, start, end }) => ({ kind, text: input.slice(start, end) }))
  const asked = wanted === '-' ? [] : list(wanted, '/').map((one) => one.split(':') as [string, string])
  const missing = asked.filter(
    ([kind, text]) => !said.some((one) => one.kind === kind && one.text.includes(text)),
  )
  return [
    ...missing.map(([kind, text]) => `private ${kind} "${text}" is not found`),
    ...(said.length > asked.length
      ? [`private has ${said.map(({ kind, text }) => `${kind} "${text}"`).join(', ')}`]
      : []),
  ]
}
