import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder, vpostcode } from './command.ts'

const json = (args: string[]) => {
  const { status, stdout, stderr } = vpostcode([...args, '--db', 'homes.db'])
  expect([status, stderr]).toEqual([0, expect.any(String)])
  return JSON.parse(stdout)
}

test('reassign, jobs undo, import postcodes: codes follow a decree, go back, and old ones lead on', () => {
  writeFileSync(
    join(folder, 'list.csv'),
    'Mã hộ,Địa chỉ,Vĩ độ,Kinh độ\nA,"12 Lê Lợi, Phường Bến Thành, TP Hồ Chí Minh",10.7721,106.6983\n',
  )
  expect(vpostcode(['assign', 'list.csv', '--db', 'homes.db', '--threads', '0']).status).toBe(0)
  writeFileSync(
    join(folder, 'decree.csv'),
    'kind,from_code,to_code,postcode,effective\npostcode,,26743,71999,2026-01-01\n',
  )
  const decree = ['reassign', '--decree', 'decree.csv']
  const rehearsed = json([...decree, '--dry-run'])
  expect(rehearsed).toMatchObject({ dryRun: true, ending: 'done', concerned: 1, counts: { updated: 1 } })
  const who = readFileSync(join(folder, 'decree.csv.result.csv'), 'utf8')
  expect(json(['decode', '71009QMCXR8V'])).toMatchObject({ status: 'current' })
  const done = json(decree)
  expect(readFileSync(join(folder, 'decree.csv.result.csv'), 'utf8')).toBe(who)
  expect(done).toMatchObject({ ending: 'done', concerned: 1, counts: { updated: 1 }, why: { postcode: 1 } })
  expect(readFileSync(join(folder, 'decree.csv.result.csv'), 'utf8')).toContain(',71009QMCXR8V,71999QMCXR8V,')
  expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([])
  const code = (text: string) => json(['decode', text])
  expect(code('71009QMCXR8V')).toMatchObject({
    status: 'superseded',
    superseded: [{ current: '71999QMCXR8V' }],
  })
  expect(code('71999QMCXR8V')).toMatchObject({ status: 'current', commune: { code: '26743' } })
  const again = vpostcode([...decree, '--db', 'homes.db'])
  expect([again.status, again.stderr]).toEqual([3, expect.stringContaining('has carried out this decree')])

  expect(json(['jobs', 'undo', String(done.job), '--dry-run'])).toMatchObject({ takenBack: 1, left: 0 })
  expect(json(['jobs', 'undo', String(done.job)])).toMatchObject({ takenBack: 1, left: 0 })
  expect(code('71009QMCXR8V')).toMatchObject({ status: 'current' })

  const old = '71234QMCXR8V'
  const decoded = vpostcode(['decode', old, '--db', 'homes.db'])
  expect(JSON.parse(decoded.stdout)).toMatchObject({ error: 'unknown-postcode' })
  writeFileSync(join(folder, 'old.csv'), 'postcode,commune_code,until\n71234,26743,2025-08-24\n7123,26743,\n')
  const imported = vpostcode(['import', 'postcodes', 'old.csv', '--db', 'homes.db'])
  expect([imported.status, JSON.parse(imported.stdout)]).toEqual([1, { rows: 2, entries: 1, rejected: 1 }])
  expect(imported.stderr).toBe('rejected: line 3: postcode "7123" is not five digits\n')
  expect(code(old)).toMatchObject({ status: 'unregistered', reissued: [{ vpostcode: '71009QMCXR8V' }] })
}, 120_000)

test('reassign and jobs undo say what is wrong', () => {
  writeFileSync(join(folder, 'bad.csv'), 'kind,from_code,to_code,postcode,effective\nwhole,1,2,3,4\n')
  const failed = vpostcode(['reassign', '--decree', 'bad.csv', '--db', 'homes.db'])
  expect([failed.status, failed.stderr]).toEqual([
    3,
    expect.stringContaining('line 2: to_code "2" is no commune'),
  ])
  expect(vpostcode(['reassign', '--decree', 'list.csv', '--db', 'homes.db']).stderr).toContain(
    'has no column kind',
  )
  expect(vpostcode(['jobs', 'undo', '99', '--db', 'homes.db']).stderr).toContain('There is no job 99')
  expect(vpostcode(['jobs', 'undo', 'x', '--db', 'homes.db']).status).toBe(2)
  // No server is asked for that.
  const rehearsed = vpostcode(['reassign', '--dry-run', '--db', 'postgres://nobody@localhost:1/homes'])
  expect([rehearsed.status, rehearsed.stderr]).toEqual([3, expect.stringContaining('migrate-store')])
}, 120_000)
