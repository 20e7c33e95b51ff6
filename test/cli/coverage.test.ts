import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { folder, vpostcode } from './command.ts'

vi.setConfig({ testTimeout: 120_000 })

const db = ['--db', 'coverage.db']
const json = (...args: string[]) => {
  const { status, stdout, stderr } = vpostcode(['coverage', ...args, '--format', 'json', ...db])
  expect([stderr, status]).toEqual(['', 0])
  return JSON.parse(stdout)
}

test('coverage: targets and households of a commune, of its province beside others, and by day', () => {
  const rows = [
    '"12 Lê Lợi, Phường Bến Thành, TP. Hồ Chí Minh",10.7721,106.6983',
    '"14 Lê Lợi, Phường Bến Thành, TP. Hồ Chí Minh",10.7722,106.6984',
    '"16 Lê Lợi, Phường Bến Thành, TP. Hồ Chí Minh",,',
    '"18 Lê Lợi, Phường Bến Thành, TP. Hồ Chí Minh",21.03,105.85',
    '"5 Phố Huế, Phường Hai Bà Trưng, Hà Nội",21.0145,105.851',
  ]
  writeFileSync(join(folder, 'five.csv'), `address,lat,lon\n${rows.join('\n')}\n`)
  expect(vpostcode(['assign', 'five.csv', ...db]).status).toBe(0)
  writeFileSync(
    join(folder, 'targets.csv'),
    'commune_code,households\n26743,10\n26740,5\n99999,1\n26743,3\n4,x\n',
  )
  const imported = vpostcode(['import', 'targets', 'targets.csv', ...db])
  expect(imported.status).toBe(1)
  expect(JSON.parse(imported.stdout)).toEqual({ communes: 2, households: 15, rejected: 3 })
  expect(imported.stderr).toMatch(/line 4: no commune.*line 5: commune 26743 stands.*line 6: households "x"/s)

  const benThanh = { households: 4, coded: 2, visit: 1, review: 1, verified: 0 }
  const communes = json('--province', 'Hồ Chí Minh')
  expect(communes).toHaveLength(168)
  expect(communes.find(({ code }: { code: string }) => code === '26743')).toMatchObject({
    name: 'Phường Bến Thành',
    provinceCode: '79',
    expected: 10,
    ...benThanh,
  })
  const provinces = json()
  expect(provinces).toHaveLength(34)
  const of = (code: string) => provinces.find((line: { code: string }) => line.code === code)
  expect(of('79')).toMatchObject({ expected: 15, ...benThanh })
  expect(of('01')).toMatchObject({ expected: null, households: 1, coded: 1 })
  const [day, ...more] = json('--commune', '26743')
  const byThen = { codedByThen: 2, visitByThen: 1, reviewByThen: 1, householdsByThen: 4, errorByThen: null }
  expect([day, more]).toMatchObject([{ ...benThanh, ...byThen, expected: 10 }, []])
  expect(json('--by', 'total')).toMatchObject([
    { code: 'VN', name: 'Việt Nam', expected: 15, ...benThanh, households: 5, coded: 3, error: null },
  ])
  const table = vpostcode(['coverage', '--format', 'table', ...db])
    .stdout.trimEnd()
    .split('\n')
  expect(table).toHaveLength(34 + 4)
  expect(table[0]).toMatch(
    /^place +expected +coded +coded % +visit +review +findings +verified +verified % +sampled/,
  )
  expect(table.at(-1)).toMatch(/^Việt Nam +15 +3 +20 +1 +1 +0 +0 +0 +0 +0 +0 +-$/)

  const csv = vpostcode(['coverage', '--by', 'commune', '--commune', '26743', ...db]).stdout.split('\n')
  expect(csv[0]).toMatch(
    /^code,name,province_code,province_name,expected,households,coded,visit,review,verified,/,
  )
  expect(csv[1]).toMatch(/^26743,Phường Bến Thành,79,Thành phố Hồ Chí Minh,10,4,2,1,1,0,20,/)
})

test('coverage: what cannot be meant says why', () => {
  for (const [args, words] of [
    [['--format', 'xml'], '--format is csv, json or table'],
    [['--province', 'Atlantis'], 'is no province of today'],
    [['--commune', '99999'], 'is no five-digit code of a commune'],
    [['--by', 'week'], '--by is province, commune, day or total'],
  ] as const) {
    const { status, stderr } = vpostcode(['coverage', ...args, ...db])
    expect([status, stderr]).toEqual([2, expect.stringContaining(words)])
  }
  expect(vpostcode(['coverage', '--db', 'none.db'])).toMatchObject({ status: 3 })
})
