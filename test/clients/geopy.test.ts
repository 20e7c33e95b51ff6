import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeClient, run, type Service, startService } from './support.ts'

/** Debian's own Python, which has Debian's python3-geopy. */
const PYTHON = '/usr/bin/python3'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.close())

/** Prints what an expression with the geocoder `ban` gives, as JSON. Only the domain is another one. */
async function python(expression: string): Promise<unknown> {
  const { stdout } = await run(PYTHON, [
    '-c',
    `
import json
from geopy.geocoders import BANFrance
ban = BANFrance(domain='${service.host}/v1', scheme='http')
place = lambda found: found and [found.address, found.latitude, found.longitude, found.raw['properties']['type']]
print(json.dumps(${expression}))`,
  ])
  return JSON.parse(stdout)
}

await describeClient(
  'geopy',
  async () => (await run(PYTHON, ['-c', 'import geopy; print(geopy.__version__)'])).stdout,
  () => {
    test('BANFrance finds an address', async () => {
      expect(await python(`place(ban.geocode('14 Hàng Trống, phường Hoàn Kiếm, Hà Nội'))`)).toEqual([
        '14 Hàng Trống, Phường Hoàn Kiếm, Thành phố Hà Nội',
        21.03135,
        105.84942,
        'housenumber',
      ])
    })

    test('BANFrance lists what an ambiguous text can mean', async () => {
      const found = (await python(
        `[place(one) for one in ban.geocode('Lê Lợi, Quận 1', exactly_one=False, limit=3)]`,
      )) as [string][]
      expect(found.map(([label]) => label.split(', ')[1])).toEqual([
        'Phường Bến Thành',
        'Phường Sài Gòn',
        'Phường Cầu Ông Lãnh',
      ])
    })

    test('BANFrance knows what stands at a point', async () => {
      expect(await python('place(ban.reverse((21.03135, 105.84942)))')).toEqual([
        '14 Hàng Trống, Phường Hoàn Kiếm, Thành phố Hà Nội',
        21.03135,
        105.84942,
        'housenumber',
      ])
    })

    test('BANFrance answers None for what is nowhere', async () => {
      expect(await python(`[ban.geocode('zzz qqq'), ban.reverse((51.5, -0.12))]`)).toEqual([null, null])
    })

    test('BANFrance hears a refusal as one of its own errors', async () => {
      await expect(python(`ban.geocode('')`)).rejects.toThrow(/GeocoderQueryError/)
    })
  },
)
