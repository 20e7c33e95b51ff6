import { Gap } from '../text/tokens.ts'
import { written } from './line.ts'
import type { PartName, Parts } from './parts.ts'
import { alleys } from './rules/alleys.ts'
import { buildings } from './rules/buildings.ts'
import { flat, flatLeft } from './rules/flats.ts'
import { house } from './rules/house.ts'
import { settlements } from './rules/settlements.ts'
import { type KnownWords, street } from './rules/streets.ts'
import { spellWords } from './spelled.ts'
import type { Alley, Components, Span } from './types.ts'

/** What is read once the units are known, in this order: each rule sees what the ones before left free. */
const RULES: readonly ((parts: Parts, known: KnownWords) => void)[] = [
  flat,
  buildings,
  alleys,
  settlements,
  house,
  street,
  flatLeft,
  places,
]

/** The parts of the line below its units, as written, and what no part explains. */
export function readParts(parts: Parts, known: KnownWords): { components: Components; unresolved: Span[] } {
  spellWords(parts, known)
  for (const rule of RULES) rule(parts, known)
  return { components: components(parts), unresolved: unresolved(parts) }
}

/** A line that has none of these is no address: "xin chào". */
const PLACED = new Set<PartName>([
  'units',
  'houseNumber',
  'street',
  'alley',
  'hamlet',
  'group',
  'building',
  'plusCode',
  'vpostcode',
])

/** What stands in front of the house number and is no part of it is the name of the place. */
function places(parts: Parts): void {
  if (parts.has('name')) return
  const { tokens } = parts.line
  if (!parts.list.some(({ part }) => PLACED.has(part))) return
  const door = parts.list.find(({ part }) => part === 'houseNumber' || part === 'street')
  for (let i = 0; i < (door?.from ?? tokens.length); i++) {
    if (!parts.free(i)) continue
    let end = i
    while (end < tokens.length && parts.free(end) && !(end > i && parts.startsSegment(end))) end++
    if (end - i >= 2) {
      parts.add('name', i, end)
      return
    }
    i = end
  }
}

const SINGLE = [
  'name',
  'building',
  'block',
  'floor',
  'unit',
  'houseNumber',
  'street',
  'group',
  'hamlet',
  'postcode',
  'vpostcode',
  'plusCode',
] as const

function components(parts: Parts): Components {
  const { line, list } = parts
  const found: Components = {}
  if (list.length > 1) list.sort((a, b) => a.from - b.from)
  for (const name of SINGLE) {
    if (!parts.has(name)) continue
    let value: string | undefined
    for (const { part, textFrom, to, meant } of list) {
      if (part !== name) continue
      const text = meant ?? written(line, textFrom, to)
      value = value === undefined ? text : `${value}, ${text}`
      // "tổ 4, khu phố 2" are two groups of one address.
      if (name !== 'group' && name !== 'hamlet') break
    }
    if (value !== undefined) found[name] = value
  }
  const chain = alleyChain(parts)
  if (chain.length > 0) found.alleys = chain
  return found
}

/** Outermost first: northern lines name the innermost alley first, southern numbers and kiệt chains the outermost. */
function alleyChain({ line, list }: Parts): Alley[] {
  const chain: Alley[] = []
  for (let i = list.length - 1; i >= 0; i--) {
    const { part, alley, textFrom, to } = list[i]!
    if (part === 'alley') chain.push({ kind: alley!, number: written(line, textFrom, to) })
  }
  // A kiệt leaves the street wherever it is told: "kiệt 27 hẻm 5 số 10".
  if (chain.length > 1) chain.sort((a, b) => Number(b.kind === 'kiet') - Number(a.kind === 'kiet'))
  const number = list.find(({ part }) => part === 'houseNumber')
  if (number) addAlleysInNumber(chain, written(line, number.textFrom, number.to))
  return chain
}

/** "130/20/14/3" leads through 130, 20 and 14; "K448/H20/2" through kiệt 448 and hẻm 20. */
function addAlleysInNumber(chain: Alley[], number: string): void {
  if (!number.includes('/') || /[;,]/.test(number)) return
  const named = chain.map((alley) => alley.number)
  for (const [i, step] of number.split('/').slice(0, -1).entries()) {
    const central = /^([kh])\s*(\d.*)$/i.exec(step.trim())
    const alley = central?.[2] ?? step.trim()
    // "123/45 kiệt 123" tells its kiệt twice.
    if (alley === named[i]) continue
    if (!central) chain.push({ kind: null, number: alley })
    else chain.push({ kind: central[1]!.toLowerCase() === 'k' ? 'kiet' : 'hem', number: alley })
  }
}

function unresolved(parts: Parts): Span[] {
  const { tokens } = parts.line
  const spans: Span[] = []
  for (let i = 0; i < tokens.length; i++) {
    if (!parts.unresolved(i)) continue
    let end = i + 1
    while (parts.unresolved(end) && parts.free(end) === parts.free(i) && tokens[end]!.gap < Gap.dash) end++
    spans.push({ start: tokens[i]!.start, end: tokens[end - 1]!.end })
    i = end - 1
  }
  return spans
}
