import { describe, expect, test } from 'vitest'
import { gazetteer, understand } from './world.ts'

const offered = (text: string, point?: { lat: number; lon: number }) =>
  understand(text, { point: point ?? null }).candidates.map(({ current }) => current.commune?.name ?? null)

describe('a line that stops at a district', () => {
  test('names its province and district and offers every commune of today in it, likeliest first', () => {
    const answer = understand('huyện Mường Khương, Lào Cai')
    expect(answer).toMatchObject({
      era: 'former',
      grade: 'C',
      current: { province: { code: '15' }, commune: null },
      former: { province: { name: 'Lào Cai' }, district: { name: 'Mường Khương' }, commune: null },
    })
    expect(answer.issues.map(({ code }) => code)).toContain('commune-missing')
    expect(answer.candidates.map(({ current, reason }) => [current.commune?.name ?? null, reason])).toEqual([
      [null, 'in-district'],
      ...['Mường Khương', 'Pha Long', 'Cao Sơn', 'Bản Lầu'].map((name) => [name, 'in-district']),
    ])
    const [stop, ...communes] = answer.candidates.map(({ confidence }) => confidence)
    expect(communes).toEqual([...communes].sort((a, b) => b - a))
    expect(communes.reduce((sum, one) => sum + one, 0)).toBeCloseTo(stop!, 2)
  })

  test('for every district: all communes that took a part of it, none twice, the answer without one first', () => {
    let several = 0
    for (const { fullName, province, code } of gazetteer.districts) {
      const formers = gazetteer.formerCommunes.filter(({ district }) => district.code === code)
      const all = new Set(formers.flatMap(({ successors }) => successors.map(({ current }) => current.name)))
      const answer = understand(`${fullName}, ${province.fullName}`)
      if (answer.former?.district?.code !== code || answer.former.commune || all.size < 2) continue
      several++
      const [first, ...others] = answer.candidates
      expect([fullName, answer.current?.commune, first?.current]).toEqual([fullName, null, answer.current])
      expect([fullName, new Set(others.map(({ current }) => current.commune!.name))]).toEqual([fullName, all])
      expect(others.length).toBe(all.size)
    }
    expect(several).toBeGreaterThan(600)
  })

  test('of which only one commune was made names that commune', () => {
    const answer = understand('12 Lê Văn Hiến, Ngũ Hành Sơn, Đà Nẵng')
    expect(answer).toMatchObject({
      grade: 'B',
      current: { commune: { name: 'Ngũ Hành Sơn' } },
      candidates: [],
    })
    expect(answer.former).toMatchObject({ district: { name: 'Ngũ Hành Sơn' }, commune: null })
  })

  test('hears the street, but does not take it for certain', () => {
    const [, best, next] = understand('12 Đồng Khởi, Quận 1, TP.HCM').candidates
    expect(best!.current.commune!.name).toBe('Sài Gòn')
    expect(best!.confidence).toBeGreaterThan(3 * next!.confidence)
    expect(understand('12 Đồng Khởi, Quận 1, TP.HCM').grade).toBe('C')
  })

  test('takes the commune of a point in the district, and of no point outside it', () => {
    const { lat, lon } = gazetteer.communes.find(({ name }) => name === 'Bến Thành')!.inside
    expect(understand('Quận 1, TP.HCM', { point: { lat, lon } })).toMatchObject({
      grade: 'B',
      current: { commune: { name: 'Bến Thành' } },
    })
    expect(understand('Quận 7, TP.HCM', { point: { lat, lon } })).toMatchObject({
      grade: 'C',
      current: { commune: null },
    })
    expect(offered('Quận 7, TP.HCM', { lat, lon })).not.toContain('Bến Thành')
  })
})

test('a line that stops at a province offers nothing: there is nothing to choose from but all its communes', () => {
  expect(understand('Hà Nội')).toMatchObject({
    era: 'unknown',
    grade: 'C',
    current: { province: { code: '01' }, commune: null },
    former: null,
    candidates: [],
    issues: [{ code: 'commune-missing' }],
  })
})
