import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { communeOf, currentAddress, formerAddress, understand } from './world.ts'

const codes = (text: string, era: 'current' | 'former') =>
  understand(text, { era }).issues.map(({ code }) => code)

describe('a forced era', () => {
  test('that is the own era of the text changes nothing', () => {
    fc.assert(
      fc.property(currentAddress, (parts) => {
        const answer = understand(parts.join(', '))
        if (answer.grade === 'A')
          expect(understand(parts.join(', '), { era: 'current' })).toMatchObject({
            era: 'current',
            grade: 'A',
            current: answer.current,
            components: answer.components,
          })
      }),
      { numRuns: 200, seed: 11 },
    )
    fc.assert(
      fc.property(formerAddress, (parts) => {
        const answer = understand(parts.join(', '))
        if (answer.era !== 'former') return
        const forced = understand(parts.join(', '), { era: 'former' })
        expect(communeOf(forced)).toBe(communeOf(answer))
        expect([forced.era, forced.former, forced.components]).toEqual([
          'former',
          answer.former,
          answer.components,
        ])
      }),
      { numRuns: 200, seed: 11 },
    )
  })

  test('of today reads no former unit, and remarks the district that the text names', () => {
    fc.assert(
      fc.property(formerAddress, (parts) => {
        const { former, era, issues, current, grade } = understand(parts.join(', '), { era: 'current' })
        expect(former).toBeNull()
        expect(era).not.toBe('former')
        expect(issues.map(({ code }) => code)).toContain('other-era')
        expect(grade).not.toBe('A')
        expect(current === null).toBe(grade === 'D')
      }),
      { numRuns: 200, seed: 11 },
    )
  })

  test('of before reads no unit of today', () => {
    fc.assert(
      fc.property(currentAddress, (parts) => {
        const { era, grade, former } = understand(parts.join(', '), { era: 'former' })
        expect([era, grade]).not.toContain('current')
        expect(era === 'former').toBe(former !== null)
        expect(grade).not.toBe('A')
      }),
      { numRuns: 200, seed: 11 },
    )
  })

  test('reads a name of both eras as the unit of the one asked for', () => {
    const text = 'Phường Bến Thành, Thành phố Hồ Chí Minh'
    expect(understand(text, { era: 'current' })).toMatchObject({ era: 'current', grade: 'A', former: null })
    expect(understand(text, { era: 'former' })).toMatchObject({
      era: 'former',
      former: { commune: { code: '26743' }, district: { code: '760' } },
    })
    expect(codes(text, 'former')).not.toContain('other-era')
    expect(understand('Hà Nội', { era: 'former' }).former).toMatchObject({ province: { code: '01' } })
    expect(understand('Hà Nội', { era: 'current' }).former).toBeNull()
  })

  test('keeps the commune and remarks the rest when only the rest is of the other era', () => {
    const text = '12 Lê Lợi, Phường Bến Thành, Quận 1, Hồ Chí Minh'
    const answer = understand(text, { era: 'current' })
    expect(communeOf(answer)).toBe('Phường Bến Thành, Thành phố Hồ Chí Minh')
    expect([answer.grade, answer.components]).toEqual(['B', { houseNumber: '12', street: 'Lê Lợi' }])
    expect(answer.issues).toEqual([
      {
        code: 'other-era',
        part: 'units',
        given: 'Quận 1',
        used: 'Phường Bến Thành',
        severity: 'warning',
      },
    ])
  })

  test('answers no commune surely when the one that the text names is of the other era', () => {
    const seven = understand('12 Lê Lợi, Phường 7, Quận 3, TP.HCM', { era: 'current' })
    expect(seven).toMatchObject({ grade: 'C', current: { province: { code: '79' }, commune: null } })
    expect(seven.components).toEqual({ houseNumber: '12', street: 'Lê Lợi' })
    // "Hải Dương" is a ward today, but not what "phường Hải Tân, Hải Dương" means.
    expect(understand('phường Hải Tân, Hải Dương', { era: 'current' }).grade).toBe('C')
    expect(understand('12 Lê Lợi, Phường 7, Quận 3', { era: 'current' })).toMatchObject({
      grade: 'D',
      current: null,
    })
    expect(codes('12 Lê Lợi, Phường 7, Quận 3', 'current')).toEqual(['not-understood', 'other-era'])
    expect(understand('Phường Sài Gòn, TP.HCM', { era: 'former' })).toMatchObject({
      grade: 'C',
      current: { commune: null },
      former: { commune: null },
    })
  })
})
