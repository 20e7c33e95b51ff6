import type { Gazetteer } from '../../../src/gazetteer/types.ts'
import type { Components, Understanding, UnitView } from '../../../src/match/types.ts'
import { fold } from '../../../src/text/tokens.ts'
import { type Context, readJson } from '../context.ts'
import { letters } from '../names.ts'

type Label = Partial<Record<'housenumber' | 'street' | 'level2' | 'level3' | 'level4' | 'postcode', string>>
interface Row {
  text: string
  expected: Label[] | null
}

/**
 * map4d-*.json: text without accents to parts. A row is right when every labelled part is. A house number is compared as
 * the set of its numbers ("so 4 kiet 234" = number 4 and alley 234), whatever words stand between them; a street without
 * its type word; a unit by its letters at its level, where a city that is a province today may stand at either. A row
 * labelled "nothing" is right when no number, no street and no sure unit is answered.
 */
export function map4d({ understand, report, gazetteer }: Context): void {
  for (const file of ['address', 'housenumber'] as const)
    for (const { text, expected } of readJson<Row[]>(`map4d-${file}.json`)) {
      const answer = understand(text)
      const label: Label = Object.assign({}, ...(expected ?? []))
      const right = expected === null ? saysNothing(answer) : holds(answer, label, gazetteer)
      for (const figure of ['all', file])
        report.score(`map4d.${figure}`, right, text, JSON.stringify(expected && label), answer)
    }
}

function saysNothing({ components, grade }: Understanding): boolean {
  return !components.houseNumber && !components.street && (grade === 'C' || grade === 'D')
}

function holds(answer: Understanding, label: Label, gazetteer: Gazetteer): boolean {
  const { components, former, current } = answer
  const earlier = gazetteer.earlierDistricts.filter(({ successors }) =>
    successors.some(({ code }) => code === former?.district?.code),
  )
  const provinces = [former?.province, current?.province]
  return (
    (label.housenumber === undefined || sameNumbers(components, label.housenumber)) &&
    (label.street === undefined || streetName(components.street ?? '') === streetName(label.street)) &&
    (label.postcode === undefined || components.postcode === label.postcode) &&
    (label.level4 === undefined || someNamed([former?.commune, current?.commune], label.level4)) &&
    (label.level3 === undefined || someNamed([former?.district, ...earlier, ...provinces], label.level3)) &&
    (label.level2 === undefined || someNamed([...provinces, former?.district], label.level2))
  )
}

const UNIT_WORD = /^(phuong|quan|xa|huyen) /

function someNamed(units: (Pick<UnitView, 'name'> | null | undefined)[], label: string): boolean {
  const name = fold(label).replace(UNIT_WORD, '').replace(/ /g, '')
  return units.some((unit) => unit && letters(unit.name) === name)
}

const streetName = (street: string) => fold(street).replace(/^((duong|pho|dai lo) )+/, '')

function sameNumbers({ houseNumber = '', alleys = [] }: Components, label: string): boolean {
  const ours = numbers([houseNumber, ...alleys.map(({ number }) => number)].join(' '))
  return ours === numbers(label) && ours !== ''
}

/** The numbers of a text in a fixed order, each once: "K448/H20/2" gives "2 20 448". */
function numbers(text: string): string {
  const found = text
    .toLowerCase()
    .replace(/\b(so|kiet|hem|ngo|ngach|lo)\b/g, ' ')
    .match(/[a-z]*\d[a-z\d]*/g)
  return [...new Set((found ?? []).map((number) => number.replace(/^[kh](?=\d)/, '')))].sort().join(' ')
}
