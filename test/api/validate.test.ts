import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ISSUES } from '../../src/match/issueCodes.ts'
import { gazetteer, openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

const validate = async (body: unknown) => {
  const answer = await request(api.app)
    .post('/v1/validate')
    .send(body as object)
  return { status: answer.status, body: answer.body }
}
const HANG_TRONG = { street: 'Hàng Trống', commune: 'phường Hoàn Kiếm', province: 'Hà Nội' }
const partOf = (body: { parts: { part: string }[] }, name: string) =>
  body.parts.find(({ part }) => part === name)

describe('a complete address', () => {
  test('of former units is accepted, with labels in both structures', async () => {
    const { body } = await validate({ address: '5 Lý Tự Trọng, Phường Bến Nghé, Quận 1, TPHCM' })
    expect(body).toMatchObject({
      grade: 'B',
      verdict: { addressComplete: true, hasReplacedComponents: true, possibleNextAction: 'ACCEPT' },
      ask: [],
      labels: {
        current: {
          vi: ['5 Lý Tự Trọng', 'Phường Sài Gòn', 'Thành phố Hồ Chí Minh 71016'],
          abroad: ['5 Ly Tu Trong', 'Phuong Sai Gon', 'Thanh pho Ho Chi Minh 71016', 'VIET NAM'],
        },
        former: { vi: ['5 Lý Tự Trọng', 'Phường Bến Nghé, Quận 1', 'Thành phố Hồ Chí Minh'] },
      },
      postcode: '71016',
      vpostcode: null,
      household: null,
      point: { turns: ['5'] },
    })
    expect(body.point!.precision).not.toBe('commune')
    expect(body.verdict.geocodeGranularity).not.toBe('OTHER')
    expect(partOf(body, 'street')).toMatchObject({ confirmation: 'CONFIRMED' })
    expect(partOf(body, 'houseNumber')).toMatchObject({ confirmation: 'UNCONFIRMED_BUT_PLAUSIBLE' })
  })

  test('of a registered household has its code and point', async () => {
    const { body } = await validate({ address: { ...HANG_TRONG, houseNumber: '12', unit: 'phòng 301' } })
    expect(body).toMatchObject({
      verdict: {
        inputGranularity: 'SUB_PREMISE',
        validationGranularity: 'SUB_PREMISE',
        geocodeGranularity: 'PREMISE',
        hasUnconfirmedComponents: false,
        possibleNextAction: 'ACCEPT',
      },
      household: api.ids[0],
      vpostcode: api.codes[0],
      point: { lat: 21.0312, lon: 105.8493, precision: 'household' },
    })
  })

  test('with a point has the code of that point', async () => {
    const point = { lat: 21.03005, lon: 105.85123 }
    const { body } = await validate({ address: { ...HANG_TRONG, houseNumber: '99' }, point })
    expect(body).toMatchObject({ household: null, point: { ...point, precision: 'point' } })
    expect(body.vpostcode).toMatch(/^11024/)
    expect(body.formatted.replaceAll(' ', '')).toBe(body.vpostcode)
  })

  test('whose alleys stand beside its number keeps them on the label', async () => {
    const { body } = await validate({ address: 'số 25 ngách 34/56 ngõ 78 phố Láng, phường Láng, Hà Nội' })
    expect(body.labels.current.vi[0]).toBe('25 ngách 34/56 ngõ 78 phố Láng')
    const { body: south } = await validate({ address: '130/20/14/3 Lê Văn Sỹ, Phường 13, Quận 3, TPHCM' })
    expect(south.labels.current.vi[0]).toBe('130/20/14/3 Lê Văn Sỹ')
  })

  test('in a tower says what its numbers are, and has the lines in front of the units alone', async () => {
    const address = 'P. 1205 lầu 12 block B chung cư Sunrise, 25 Lê Lợi, phường Bến Thành, TPHCM'
    const { body } = await validate({ address })
    const place = ['phòng 1205, tầng 12, block B, chung cư Sunrise', '25 Lê Lợi']
    expect(body.labels.current.vi.slice(0, -2)).toEqual(place)
    expect(body.labels.place).toEqual({
      vi: place,
      abroad: ['phong 1205, tang 12, block B, chung cu Sunrise', '25 Le Loi'],
    })
    const again = await validate({ address: [...place, 'phường Bến Thành', 'TPHCM'].join(', ') })
    expect(again.body.components).toEqual(body.components)
  })
})

describe('an address that needs the shopper', () => {
  test('with letters put right is to be confirmed', async () => {
    const { body } = await validate({ address: '14 Hàng Trống, phường Hoàn Kiêm, Hà Nội' })
    expect(body.verdict).toMatchObject({
      hasSpellCorrectedComponents: true,
      possibleNextAction: 'CONFIRM',
    })
    expect(partOf(body, 'commune')).toMatchObject({ text: 'Phường Hoàn Kiếm', spellCorrected: true })
  })

  test('without its commune and number asks for both, the commune by choices', async () => {
    const { body } = await validate({ address: 'Lê Lợi, Quận 1' })
    expect(body).toMatchObject({
      grade: 'C',
      verdict: { addressComplete: false, possibleNextAction: 'FIX' },
      ask: [{ part: 'commune' }, { part: 'houseNumber', choices: [] }],
      labels: { current: null, place: { vi: ['Lê Lợi'] } },
      postcode: null,
      vpostcode: null,
    })
    expect(body.ask[0].choices).toContainEqual({
      label: 'Phường Bến Thành, Thành phố Hồ Chí Minh',
      communeCode: '26743',
      provinceCode: '79',
      formerCommuneCode: null,
    })
  })

  test('a choice decides: by its label or by its code', async () => {
    const { body } = await validate({ address: { street: 'Lê Lợi', district: 'Quận 1' } })
    for (const { label, communeCode } of body.ask[0].choices) {
      for (const commune of [label, communeCode]) {
        const chosen = await validate({ address: { street: 'Lê Lợi', houseNumber: '12', commune } })
        expect(chosen.body).toMatchObject({ current: { commune: { code: communeCode } }, ask: [] })
      }
      const form = { street: 'Lê Lợi', houseNumber: '12', commune: communeCode, district: 'Quận 1' }
      const { body: decided } = await validate({ address: form })
      expect(decided).toMatchObject({ current: { commune: { code: communeCode } }, ask: [] })
    }
  })

  test.each([
    // Beside Văn Lăng, Cẩm Giàng and Thạnh An of the same province; and where a ward of before had the name.
    ['02143', true],
    ['10888', true],
    ['25807', true],
    ['09445', false],
  ])(
    'a choice with a namesake is taken: %s by code and label, behind a text where that tells it',
    async (code, byText) => {
      const { fullName, province } = gazetteer.commune(code)!
      const label = `${fullName}, ${province.fullName}`
      for (const commune of [code, label]) {
        const { body } = await validate({ address: { street: 'Lê Lợi', houseNumber: '12', commune } })
        expect(body).toMatchObject({ current: { commune: { code } }, former: null, ask: [] })
      }
      const { body } = await validate({ address: `12 Lê Lợi, ${label}` })
      expect(body.current.commune.code).toBe(code)
      if (byText) expect(body.ask).toEqual([])
      else
        expect(body.ask[0].choices.map((choice: { communeCode: string }) => choice.communeCode)).toEqual([
          '09445',
          '09187',
        ])
    },
  )

  test('what is a commune or the district around it gives all communes of that to choose from', async () => {
    const { body } = await validate({ address: '12 Hàng Trống, Hoàn Kiếm' })
    const codes = body.ask[0].choices.map(({ communeCode }: { communeCode: string }) => communeCode)
    expect(codes[0]).toBe('00070')
    expect(new Set(codes).size).toBe(codes.length)
    expect(body.ask[0].choices.map(({ label }: { label: string }) => label)).toEqual(
      expect.arrayContaining(['Phường Hoàn Kiếm, Thành phố Hà Nội', 'Phường Cửa Nam, Thành phố Hà Nội']),
    )
  })

  test('a number that is no code of a commune of today names none', async () => {
    const { body } = await validate({ address: { street: 'Lê Lợi', district: 'Quận 1', commune: '99999' } })
    expect(body.ask[0].choices.length).toBeGreaterThan(1)
  })

  test('at a point elsewhere is suspicious and gets no code', async () => {
    const point = { lat: 10.7721, lon: 106.6983 }
    const { body } = await validate({ address: { ...HANG_TRONG, houseNumber: '99' }, point })
    expect(body.verdict.possibleNextAction).toBe('CONFIRM')
    expect(body.vpostcode).toBeNull()
    expect(partOf(body, 'commune')).toMatchObject({ confirmation: 'UNCONFIRMED_AND_SUSPICIOUS' })
    expect(body.issues.map(({ code }: { code: string }) => code)).toContain('point-far-from-commune')
  })

  test('with a point of two decimals is not placed at the house', async () => {
    const { body } = await validate({
      address: { ...HANG_TRONG, houseNumber: '99' },
      point: { lat: 21.03, lon: 105.85 },
    })
    expect(body.verdict.geocodeGranularity).toBe('OTHER')
    expect(body.vpostcode).toBeNull()
  })

  test('that nobody understands asks for all of it', async () => {
    const { body } = await validate({ address: 'xyzzy' })
    expect(body).toMatchObject({ grade: 'D', verdict: { possibleNextAction: 'FIX' }, point: null })
    expect(body.ask.map(({ part }: { part: string }) => part)).toEqual(['province', 'commune', 'street'])
  })
})

describe('texts for people', () => {
  const ask = async (address: string, language?: string) => {
    const sent = request(api.app).post('/v1/validate').send({ address })
    return language ? sent.set('Accept-Language', language) : sent
  }

  test('questions and issues come in the language asked for, and the headers say which', async () => {
    const [vi, en] = [await ask('Lê Lợi, Quận 1', 'vi-VN,vi;q=0.9'), await ask('Lê Lợi, Quận 1')]
    expect([vi, en].map(({ headers }) => headers['content-language'])).toEqual(['vi', 'en'])
    for (const { headers } of [vi, en]) expect(headers['vary']).toContain('Accept-Language')
    expect(vi.body.ask.map(({ question }: { question: string }) => question)).toEqual([
      'Địa chỉ ở xã, phường nào trong các nơi sau?',
      'Số nhà là gì?',
    ])
    expect(en.body.ask[1].question).toBe('What is the house number?')
    const messageOf = ({ body }: typeof vi) =>
      body.issues.find(({ code }: { code: string }) => code === 'commune-missing').message
    expect([messageOf(vi), messageOf(en)]).toEqual(ISSUES['commune-missing'].slice(1))
  })

  test('choices show the former commune where only that tells them apart', async () => {
    const labels = ({ body }: { body: { ask: { choices: { label: string }[] }[] } }) =>
      body.ask[0]!.choices.map(({ label }) => label)
    const vi = labels(await ask('12 Lê Lợi, Phường 1, TP HCM', 'vi'))
    expect(vi).toContain('Phường Hạnh Thông, Thành phố Hồ Chí Minh (Phường 1, Quận Gò Vấp cũ)')
    expect(new Set(vi).size).toBe(vi.length)
    expect(labels(await ask('12 Lê Lợi, Phường 1, TP HCM'))).toContain(
      'Phường Hạnh Thông, Thành phố Hồ Chí Minh (formerly Phường 1, Quận Gò Vấp)',
    )
    const { body } = await ask('12 Lê Lợi, Xã Tân Lập', 'vi')
    const away = body.ask[0].choices.find(({ label }: { label: string }) => label.includes('Hà Giang'))
    expect(away.label).toBe('Xã Tân Quang, Tỉnh Tuyên Quang (Xã Tân Lập, Huyện Bắc Quang, Tỉnh Hà Giang cũ)')
    expect(away.formerCommuneCode).toMatch(/^\d{5}$/)
  })
})

test('phone and name stay out of the labels', async () => {
  const { body } = await validate({ address: 'anh Nam 0901234567, 14 Hàng Trống, phường Hoàn Kiếm, Hà Nội' })
  expect(body.labels.current.vi).toEqual(['14 Hàng Trống', 'Phường Hoàn Kiếm', 'Thành phố Hà Nội 11024'])
  expect(body.private.length).toBeGreaterThan(0)
})

test.each<[unknown, number, string]>([
  [{}, 400, 'missing-parameter'],
  [{ address: 7 }, 400, 'bad-parameter'],
  [{ address: ['Hà Nội'] }, 400, 'bad-parameter'],
  [{ fields: { province: 'Hà Nội' }, address: 'Hà Nội' }, 400, 'unknown-parameter'],
  [{ address: ' ' }, 400, 'bad-parameter'],
  [{ address: {} }, 400, 'bad-parameter'],
  [{ address: { city: 'Hà Nội' } }, 400, 'unknown-parameter'],
  [{ address: { street: 7 } }, 400, 'bad-parameter'],
  [{ address: 'a'.repeat(501) }, 413, 'input-too-long'],
  [{ address: { street: 'a'.repeat(300), commune: 'b'.repeat(300) } }, 413, 'input-too-long'],
  [{ address: 'Hà Nội', point: { lat: 91, lon: 0 } }, 400, 'bad-parameter'],
])('%j is refused', async (body, status, code) => {
  const answer = await validate(body)
  expect([answer.status, answer.body.code]).toEqual([status, code])
})

test('a fault inside the parts is named', async () => {
  const { body } = await validate({ address: { city: 'Hà Nội' } })
  expect(body.errors).toEqual([{ in: 'body', name: 'address.city', message: 'is not known here' }])
})

test.each<[object, string, string]>([
  [{ point: { lat: 106.7, lon: 10.77 } }, 'must be at most 90', 'tối đa là 90'],
  [{ point: { lat: -91, lon: 10.77 } }, 'must be at least -90', 'tối thiểu là -90'],
  [{ point: { lat: '10.77', lon: 106.7 } }, 'must be a number', 'phải là số'],
])('what is wrong with %j is said in both languages', async (wrong, en, vi) => {
  for (const [language, message] of [
    ['en', en],
    ['vi', vi],
  ]) {
    const { body } = await request(api.app)
      .post('/v1/validate')
      .set('Accept-Language', language!)
      .send({ address: 'Hà Nội', ...wrong })
    expect(body.errors).toEqual([{ in: 'body', name: 'point.lat', message }])
  }
})

describe('a street', () => {
  const UNITS = 'Phường Sài Gòn, Thành phố Hồ Chí Minh'

  test('with a wrong letter is put right and to be confirmed', async () => {
    const { body } = await validate({ address: `12 Nguyen Huee, ${UNITS}` })
    expect(body).toMatchObject({
      grade: 'B',
      components: { street: 'Nguyễn Huệ' },
      verdict: { hasSpellCorrectedComponents: true, possibleNextAction: 'CONFIRM' },
    })
    expect(partOf(body, 'street')).toMatchObject({ text: 'Nguyễn Huệ', spellCorrected: true })
    expect(body.issues.map(({ code }: { code: string }) => code)).toContain('street-repaired')
  })

  test.each([
    ['nguyen hue', 'Nguyễn Huệ'],
    ['đường Lý Tự Trọng', 'đường Lý Tự Trọng'],
    ['Đ. Lí Tự Trọng', 'Đ. Lý Tự Trọng'],
  ])(
    '"%s" stands on the label as the lists have it, and in the components as it was said',
    async (said, shown) => {
      const { body } = await validate({ address: `12 ${said}, ${UNITS}` })
      expect(body.labels.current.vi[0]).toBe(`12 ${shown}`)
      expect(body.components.street).toBe(said)
      expect(partOf(body, 'street')).toMatchObject({ text: shown, spellCorrected: false })
    },
  )
})
