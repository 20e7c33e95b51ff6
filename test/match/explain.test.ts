import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explain } from '../../src/match/explain.ts'
import { communeOf, currentAddress, formerAddress, gazetteer, understand } from './world.ts'

const explained = (text: string) => explain(text, gazetteer)
const anyAddress = fc.oneof(currentAddress, formerAddress).map((parts) => parts.join(', '))

describe('an explanation', () => {
  test('belongs to the very answer, and its numbers add up', () => {
    fc.assert(
      fc.property(anyAddress, (text) => {
        const { explanation, ...answer } = explained(text)
        expect(answer).toEqual(understand(text))
        for (const { points, evidence } of explanation.readings)
          expect(evidence.reduce((sum, one) => sum + (one.points ?? 0), 0)).toBeCloseTo(points, 2)
        const [best, ...others] = explanation.candidates
        const belief = [best!, ...others].reduce((sum, one) => sum + one.belief.point, 0)
        expect(belief).toBeCloseTo(1, 2)
        expect(`${best!.commune?.replace(/ \(\d+\)$/, '') ?? '-'}, ${best!.province}`).toBe(communeOf(answer))
      }),
      { numRuns: 200, seed: 19 },
    )
  })

  test('puts every word of the text into one part, in order', () => {
    const { explanation } = explained(
      'Chị Hoa 0901234567, 25 ngõ 78 Láng, P. Láng Thượng, Q. Đống Đa, HN xyz',
    )
    expect(explanation.parts.map(({ part, text }) => `${part}: ${text}`)).toEqual([
      'private: Chị Hoa',
      'private: 0901234567',
      'houseNumber: 25',
      'alley: ngõ 78',
      'street: Láng',
      'units: P. Láng Thượng',
      'units: Q. Đống Đa',
      'units: HN',
      'unexplained: xyz',
    ])
  })

  test('says which unit decided the era', () => {
    const { era } = explained('phường Bến Thành, quận 1, TP.HCM').explanation
    expect(era).toMatch(/^former: .*"quận 1" is a district: none since July 2025/)
    const mixed = explained('phường Sài Gòn, quận 1, TP.HCM').explanation
    expect(mixed.era).toMatch(/^mixed: "phường Sài Gòn" is a commune of today; "quận 1" is a district/)
  })

  test('tells what the street and the point say of each part of a split commune', () => {
    const text = '45 Nguyễn Trãi, phường Thượng Đình, Thanh Xuân, Hà Nội'
    const { candidates } = explained(text).explanation
    expect(candidates).toHaveLength(2)
    for (const { evidence, belief } of candidates) {
      expect(evidence).toContain('one of 2 parts of Phường Thượng Đình')
      expect(evidence.join()).toMatch(/Nguyễn Trãi runs \d+ m through it/)
      expect(belief.street).not.toBe(belief.units)
    }
    const { lat, lon } = gazetteer.commune('00367')!.inside
    const [here] = explain(text, gazetteer, { point: { lat, lon } }).explanation.candidates
    expect(here!.commune).toBe('Phường Thanh Xuân (00367)')
    expect(here!.evidence).toContain('the point lies in it')
    expect(here!.belief.point).toBeGreaterThan(0.9)
  })

  test('weighs the communes of a province by the street, as the answer does', () => {
    const [only, ...none] = explained('12 Hàng Trống, Hà Nội').explanation.candidates
    expect(only!.commune).toBe('Phường Hoàn Kiếm (00070)')
    expect(only!.belief).toMatchObject({ units: 0, street: 1 })
    expect(none).toEqual([])
    const { candidates, explanation } = explained('135 Nam Kỳ Khởi Nghĩa, TPHCM')
    const weighed = explanation.candidates.map(
      ({ commune }) => commune?.replace(/.* \((\d+)\)$/, '$1') ?? null,
    )
    expect(weighed.slice(0, 3)).toEqual(
      candidates.slice(0, 3).map(({ current }) => current.commune?.code ?? null),
    )
  })

  test('names a unit that the best reading leaves unread', () => {
    const { readings } = explained('phường Bến Thành, quận 1, Hà Nội').explanation
    const told = readings.flatMap(({ evidence }) => evidence.map(({ what }) => what))
    expect(told.some((what) => /"quận 1" stays unread|not in it: .*Hà Nội/.test(what))).toBe(true)
  })

  test('of what is no address says so', () => {
    const { explanation } = explained('xin chào')
    expect(explanation).toMatchObject({ era: 'no unit is read', candidates: [], readings: [] })
    expect(explanation.grade).toMatch(/^D/)
  })
})
