import { describe, expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import { type Case, faultsOf, groups, readGroup, wrongFacts } from './check.ts'

// One line of a case file is one test. A line that states truth but fails today bears its reason in `known_gap`; its test
// fails as soon as the line passes, so that the mark goes. `npm run cases -- --write` drops such marks.

const gazetteer = load()

for (const group of groups())
  describe(group, () => {
    const cases = readGroup(group)
    test.each(cases.map((one): [string, Case] => [`${one.text} | ${one.reason}`, one]))('%s', (_, one) => {
      const faults = faultsOf(one, gazetteer)
      if (one.known_gap === '') expect(faults).toEqual([])
      else expect(faults, 'this line passes now: drop its known_gap').not.toEqual([])
    })
  })

describe('the case files', () => {
  const all = groups().flatMap(readGroup)
  test('have at least 600 lines, none twice', () => {
    expect(all.length).toBeGreaterThanOrEqual(600)
    expect(new Set(all.map(({ text }) => text)).size).toBe(all.length)
  })
  test('name the units that their codes mean', () => {
    expect(all.flatMap((one) => wrongFacts(one, gazetteer))).toEqual([])
  })
  test('expect something and say why on every line', () => {
    const idle = all.filter(
      (one) => !(one.current || one.former || one.grade || one.parts || one.private) || !one.reason,
    )
    expect(idle).toEqual([])
  })
})
