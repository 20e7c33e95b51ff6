import request from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from './support.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
  await api.assign(
    Array.from({ length: 130 }, (_, i) => ({
      address: `Số ${i + 1} phố Thử, thôn Đông, phường Cửa Nam, Hà Nội`,
    })),
    'visits',
  )
})
afterAll(() => api.close())

const get = (query: object, key = 'staff') =>
  request(api.app).get('/v1/worklist').query(query).set('X-Api-Key', key)
const told = ({ status, body }: request.Response) => [status, body.code]

test('has every household of the commune that lacks a point, page after page, in the columns of the command', async () => {
  const { status, text, headers } = await get({ commune: '00082' })
  expect([status, headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8'])
  const [header, ...rows] = text.trim().split('\r\n')
  expect(header).toBe(
    'Mã hộ,Số của cơ quan,Địa chỉ,"Thôn, tổ",Kết quả,Địa chỉ đúng,Vĩ độ,Kinh độ,Sai số (m),Mã người khảo sát,Ngày',
  )
  // With the one of the sample that has no point.
  expect(rows).toHaveLength(131)
  expect(new Set(rows.map((row) => row.slice(0, 13))).size).toBe(131)
  expect(rows[0]).toMatch(/^\d{6} \d{6},,/)
  expect((await get({ commune: '00070' })).text.trim().split('\r\n')).toHaveLength(1)
})

test('of other places, of nowhere, or to others it is refused', async () => {
  expect(told(await get({ commune: '00082' }, 'staff:79'))).toEqual([403, 'outside-scope'])
  expect((await get({ commune: '00082' }, 'staff:01')).status).toBe(200)
  expect(told(await get({ commune: '99999' }))).toEqual([404, 'unknown-unit'])
  expect(told(await get({}))).toEqual([400, 'missing-parameter'])
  expect(told(await get({ commune: '00082' }, 'courier'))).toEqual([403, 'not-allowed'])
})
