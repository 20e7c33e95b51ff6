import { expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import type { DecidedStreets } from '../../src/match/hearDecided.ts'
import { understandText } from '../../src/match/understand.ts'

const gazetteer = load()
/** A former commune of Ha Noi that was split, and an address in it on a street that no map knows. */
const SPLIT = gazetteer.formerCommune('00103')!
const TEXT = `Số 5 đường Không Tên, ${SPLIT.fullName}, ${SPLIT.district.fullName}, Hà Nội`
const plain = understandText(TEXT, gazetteer)
const best = plain.current!.commune!.code
const other = SPLIT.successors.map(({ current }) => current.code).find((code) => code !== best)!

/** What is understood when so many households of the street lie in the communes. */
function hearing(counts: Record<string, number>, options = {}, street = 'Không Tên') {
  const decided: DecidedStreets = (former, name) =>
    former === SPLIT.code && name.includes(street)
      ? Object.entries(counts).map(([communeCode, households]) => ({ communeCode, households }))
      : []
  return understandText(TEXT, gazetteer, { decided, ...options })
}
const codes = ({ candidates }: typeof plain) => candidates.map(({ current }) => current.commune!.code)
const issues = (answer: typeof plain) => answer.issues.map(({ code }) => code)

test('five households of the street in one commune place it there, and the answer says so', () => {
  expect([plain.grade, issues(plain)]).toEqual(['C', expect.arrayContaining(['split-commune'])])
  const answer = hearing({ [other]: 5 })
  expect(answer).toMatchObject({ grade: 'B', current: { commune: { code: other } } })
  expect(answer.confidence).toBeGreaterThan(0.9)
  expect(answer.confidence).toBeLessThan(0.95)
  expect(answer.issues).toContainEqual({
    code: 'decided-by-neighbours',
    part: 'commune',
    given: answer.components.street,
    used: gazetteer.commune(other)!.fullName,
    severity: 'info',
  })
  expect(issues(answer)).not.toContain('split-commune')
  // Every part of the split commune is shown.
  expect(codes(answer).toSorted()).toEqual(codes(plain).toSorted())
})

test('fewer, or ones that disagree, order the communes and leave the doubt', () => {
  for (const counts of [{ [other]: 1 }, { [other]: 4 }, { [other]: 40, [best]: 1 }]) {
    const answer = hearing(counts)
    expect([counts, answer.grade, codes(answer)[0], issues(answer)]).toEqual([
      counts,
      'C',
      other,
      expect.arrayContaining(['split-commune']),
    ])
    expect(answer.candidates[0]!.confidence).toBeLessThanOrEqual(0.85)
    const sum = answer.candidates.reduce((total, { confidence }) => total + confidence, 0)
    expect(sum).toBeCloseTo(1, 1)
  }
  expect(hearing({ [other]: 1, [best]: 4 }).current!.commune!.code).toBe(best)
})

test('nothing is heard about another street, a commune that took no part of it, or where there is a point', () => {
  expect(hearing({ [other]: 9 }, {}, 'Tên Khác')).toEqual(plain)
  expect(hearing({ '26743': 9 })).toEqual(plain)
  const there = gazetteer.commune(best)!.inside
  expect(hearing({ [other]: 9 }, { point: there })).toEqual(understandText(TEXT, gazetteer, { point: there }))
})
