import { describe, expect, test } from 'vitest'
import { MOST_CANDIDATES } from '../../src/match/decide.ts'
import { gazetteer, understand } from './world.ts'

const named = (text: string) =>
  understand(text).candidates.map(({ current }) => current.commune?.name ?? null)

describe('a line that stops at a province and names a street', () => {
  test('offers the communes of the province that have it, the nearest mapped house first', () => {
    const answer = understand('135 Nam Kỳ Khởi Nghĩa, TPHCM')
    expect(answer).toMatchObject({ grade: 'C', current: { province: { code: '79' }, commune: null } })
    expect(answer.issues.map(({ code }) => code)).toContain('commune-missing')
    expect(named('135 Nam Kỳ Khởi Nghĩa, TPHCM').slice(0, 4)).toEqual([
      null,
      'Bến Thành',
      'Xuân Hòa',
      'Sài Gòn',
    ])
    expect(answer.candidates.slice(1).map(({ reason }) => reason)).toEqual(
      answer.candidates.slice(1).map(() => 'of-street'),
    )
    const [stop, ...communes] = answer.candidates.map(({ confidence }) => confidence)
    expect(communes).toEqual([...communes].sort((a, b) => b - a))
    expect(communes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(stop! + 0.01)
    expect(answer.candidates.length).toBeLessThanOrEqual(MOST_CANDIDATES)
  })

  test('takes those of the listed districts where there is no map', () => {
    const communes = understand('Lê Lợi, Đà Nẵng').candidates.slice(1)
    expect(communes.length).toBeGreaterThan(5)
    for (const { current } of communes) expect(current.province.name).toBe('Đà Nẵng')
    expect(named('Lê Lợi, Đà Nẵng')).toContain('Hải Châu')
  })

  test('is read by the one commune that has it, mapped and listed, and says so', () => {
    const answer = understand('12 Hàng Trống, Hà Nội')
    expect(answer).toMatchObject({ grade: 'B', current: { commune: { name: 'Hoàn Kiếm' } }, candidates: [] })
    expect(answer.confidence).toBeLessThanOrEqual(0.95)
    expect(answer.issues).toContainEqual({
      code: 'decided-by-street',
      part: 'commune',
      given: 'Hàng Trống',
      used: 'Phường Hoàn Kiếm',
      severity: 'info',
    })
  })

  test('a point decides among them, and a commune that is named is not asked again', () => {
    const { lat, lon } = gazetteer.communes.find(({ name }) => name === 'Bến Thành')!.inside
    expect(understand('135 Nam Kỳ Khởi Nghĩa, TPHCM', { point: { lat, lon } })).toMatchObject({
      grade: 'B',
      current: { commune: { name: 'Bến Thành' } },
    })
    expect(named('135 Nam Kỳ Khởi Nghĩa, phường Bến Thành, TPHCM')).toEqual([])
  })

  test('has no candidates where nobody knows the street, or the name is a province of before', () => {
    expect(named('12 Nguyễn Văn Xyz, Hà Nội')).toEqual([])
    expect(understand('Tỉnh Bình Dương (nay Thành phố Hồ Chí Minh)').components.street).toBeUndefined()
  })
})

describe('a house of a street without any unit', () => {
  test('is offered in the one province that has the street, also in a lane that bears its name', () => {
    for (const text of ['12 Hàng Trống', 'ngõ 165 Cầu Giấy', '5 ngõ Hàng Bông', '12 P. Hàng Trống']) {
      const answer = understand(text)
      expect([text, answer.grade, answer.current?.province.name, answer.current?.commune]).toEqual([
        text,
        'C',
        'Hà Nội',
        null,
      ])
      expect(answer.candidates.length).toBeGreaterThan(1)
    }
    expect(understand('12 P. Hàng Trống').components).toEqual({ houseNumber: '12', street: 'Hàng Trống' })
  })

  test('"P." stays a ward where no such street lies in its place, and where the ward leaves no doubt', () => {
    const answer = understand('12 P. Bến Nghé, Quận 1')
    expect([answer.grade, answer.components]).toEqual(['B', { houseNumber: '12' }])
  })

  test('is not understood where several provinces have the street, and a street alone may be a name', () => {
    expect(understand('45 Võ Văn Tần').grade).toBe('D')
    expect(understand('Nguyễn Văn A').grade).toBe('D')
  })
})
