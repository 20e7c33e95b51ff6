import { describe, expect, test } from 'vitest'
import { understand } from './world.ts'

const repaired = (given: string, used: string) => ({
  code: 'street-repaired',
  part: 'street',
  given,
  used,
  severity: 'info',
})

describe('a misspelled street', () => {
  test.each([
    ['12 Nguyen Huee, Quận 1', 'Nguyen Huee', 'Nguyễn Huệ'],
    ['15 Lê Thánh Tônn, P. Bến Nghé, Q1', 'Lê Thánh Tônn', 'Lê Thánh Tôn'],
    ['45 Nam Ky Khoi Ngia, quan 3', 'Nam Ky Khoi Ngia', 'Nam Kỳ Khởi Nghĩa'],
    ['45 Võ Văn Tầng, phường 6, quận 3', 'Võ Văn Tầng', 'Võ Văn Tần'],
  ])('is read as the street of the place that it stands for, and that is told: %s', (text, given, used) => {
    const { components, issues } = understand(text)
    expect(components.street).toBe(used)
    expect(issues).toContainEqual(repaired(given, used))
  })

  test('is never exact', () => {
    const units = 'Phường Sài Gòn, Thành phố Hồ Chí Minh'
    expect(understand(`12 Nguyễn Huệ, ${units}`).grade).toBe('A')
    const wrong = understand(`12 Nguyễn Huêj, ${units}`)
    expect([wrong.grade, wrong.confidence <= 0.98]).toEqual(['B', true])
  })

  test('helps to choose the commune, as the street itself does', () => {
    const best = (street: string) =>
      understand(`12 ${street}, Quận 1, TPHCM`).candidates[1]!.current.commune!.name
    expect(best('Nguyen Huee')).toBe(best('Nguyễn Huệ'))
  })

  test.each([
    ['known elsewhere', '12 Nguyễn Huy Tự, phường Sài Gòn, TPHCM', 'Nguyễn Huy Tự'],
    ['nothing like a street there', '12 Trần Khờ Khạo, phường Sài Gòn, TPHCM', 'Trần Khờ Khạo'],
    ['a number', 'Đường số 999, phường Sài Gòn, TPHCM', 'Đường số 999'],
    ['written without its marks', '12 nguyen hue, phường Sài Gòn, TPHCM', 'nguyen hue'],
  ])('a name that is %s stays', (_, text, street) => {
    const { components, issues } = understand(text)
    expect(components.street).toBe(street)
    expect(issues.map(({ code }) => code)).not.toContain('street-repaired')
  })
})
