import { describe, expect, test } from 'vitest'
import { understandText } from '../../src/match/understand.ts'
import { gazetteer, understand } from './world.ts'

const best = (text: string) => understand(text).formerCandidates[0]?.commune?.fullName ?? null

describe('the former communes of a current address', () => {
  test('are all that its commune was made from, best first, with districts and shares of at most 1', () => {
    for (const commune of gazetteer.communes.filter(({ sources }) => sources.length > 0)) {
      const { former, formerCandidates } = understand(`${commune.fullName}, ${commune.province.fullName}`)
      if (former?.commune) continue
      const name = `${commune.fullName}, ${commune.province.fullName}`
      expect(formerCandidates.map((one) => one.commune!.code).sort(), name).toEqual(
        commune.sources.map((one) => one.former.code).sort(),
      )
      const shares = formerCandidates.map(({ confidence }) => confidence)
      expect(shares, name).toEqual([...shares].sort((a, b) => b - a))
      expect(
        shares.reduce((sum, one) => sum + one, 0),
        name,
      ).toBeLessThanOrEqual(1 + 1e-9)
      expect(
        formerCandidates.every(({ district }) => district),
        name,
      ).toBe(true)
    }
  })

  test('is the one whose name is left in the line, not a longer name that holds it', () => {
    const former = (text: string) => understand(text).former?.commune?.fullName
    expect(former('Tổ 3, Tăng Nhơn Phú B, Phường Tăng Nhơn Phú, TP.HCM')).toBe('Phường Tăng Nhơn Phú B')
    expect(former('9 đường 10, Bình Hưng Hòa A, Phường Bình Hưng Hòa, TP.HCM')).toBe('Phường Bình Hưng Hòa A')
    expect(former('9 đường 10, Bình Hưng Hòa, Phường Bình Hưng Hòa, TP.HCM')).toBe('Phường Bình Hưng Hòa')
  })

  test('makes the line one of both eras, unless the caller says that it is a current one', () => {
    const text = 'Tổ 3, Tăng Nhơn Phú B, Phường Tăng Nhơn Phú, Hồ Chí Minh'
    const { era, former, grade, issues, formerCandidates } = understand(text)
    expect({ era, asOf: former?.asOf, grade, formerCandidates }).toEqual({
      era: 'mixed',
      asOf: '2025-06-30',
      grade: 'B',
      formerCandidates: [],
    })
    expect(issues.map(({ code }) => code)).toEqual(['mixed-eras'])
    const forced = understandText(text, gazetteer, { era: 'current' })
    expect(forced.era).toBe('current')
    expect(forced.former).toBeNull()
    expect(forced.formerCandidates[0]?.commune?.fullName).toBe('Phường Tăng Nhơn Phú B')
  })

  test('a number is a ward only behind its type word', () => {
    const { formerCandidates } = understand('2 Trần Văn Giáp, Phường Cầu Kiệu, TP.HCM')
    expect(formerCandidates).toEqual(understand('Phường Cầu Kiệu, TP.HCM').formerCandidates)
    const { former } = understand('Trần Văn Giáp, P.2, Phường Cầu Kiệu, TP.HCM')
    expect(former?.commune?.fullName).toBe('Phường 2')
  })

  test('of a line with its former district are those of that district first', () => {
    const { former, formerCandidates } = understand('12 Trần Phú, TP. Hội An, Phường Hội An Tây, TP. Đà Nẵng')
    expect(former?.commune ?? null).toBeNull()
    expect(formerCandidates[0]?.district?.name).toBe('Hội An')
  })

  test('a street that is called like a property of objects is just unknown', () => {
    for (const name of ['constructor', '__proto__', 'toString'])
      expect(best(`5 đường ${name}, Phường Cầu Kiệu, TP.HCM`)).toBe(best('Phường Cầu Kiệu, TP.HCM'))
  })

  test('are no candidates when the line names its former commune', () => {
    expect(understand('Phường 2, Quận Phú Nhuận, TP.HCM').formerCandidates).toEqual([])
  })
})

describe('the former communes of a street', () => {
  const at = (name: string, code: string) => gazetteer.formerStreet(name, gazetteer.commune(code)!)

  test('are those of that commune, with shares that add up to 1', () => {
    const street = at('Phan Đăng Lưu', '27058')!
    const sources = gazetteer.commune('27058')!.sources.map(({ former }) => former)
    expect(street.shares.every(({ former }) => sources.includes(former))).toBe(true)
    expect(street.shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)
  })
  test('are found by list or map, however the name is written', () => {
    expect(at('Ton Dat Tien', '27487')?.shares[0]?.former.name).toBe('Tân Phú')
    expect(at('hang bun', '00004')?.listed.map(({ name }) => name)).toEqual(['Trúc Bạch'])
  })
  test('unknown streets and communes of one source have none', () => {
    expect(at('Không Có Tên Này', '27487')).toBeNull()
    const whole = gazetteer.communes.find(({ sources }) => sources.length === 1)!
    expect(gazetteer.formerStreet('Lê Lợi', whole)).toBeNull()
  })
  test('of a number the nearest mapped one on its side is told', () => {
    const found = at('Lê Văn Sỹ', '27142')?.nearest('209/14')
    expect(found && found.number % 2).toBe(1)
    expect(at('Lê Văn Sỹ', '27142')?.nearest('x')).toBeNull()
  })
})
