import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { folder, vpostcode } from './command.ts'

vi.setConfig({ testTimeout: 120_000 })

const at = (name: string) => join(folder, name)
const load = (file: string, ...more: string[]) =>
  vpostcode(['import', 'crosswalk', 'post', file, '--db', 'c.db', ...more])
const listed = () =>
  vpostcode(['crosswalks', '--db', 'c.db'])
    .stdout.trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

test('a list is loaded whole, its bad rows come out with their reasons, the next list takes its place', () => {
  writeFileSync(
    at('list.csv'),
    'WardCode,WardName,ProvinceName\n7,Phường Sài Gòn,Hồ Chí Minh\n8,"Xã, không có",Hồ Chí Minh\n9,Phường Bến Thành,Hồ Chí Minh\n',
  )
  const map = ['--map', 'WardCode=id', '--era', 'current']
  const dry = load('list.csv', ...map, '--dry-run', '--rejects', 'dry.csv')
  expect([dry.status, JSON.parse(dry.stdout)]).toMatchObject([1, { matched: 2, dryRun: true }])
  expect(existsSync(at('c.db'))).toBe(false)

  const first = load('list.csv', ...map, '--as-of', '2026-10-01')
  expect([first.status, JSON.parse(first.stdout)]).toEqual([
    1,
    {
      scheme: 'post',
      asOf: '2026-10-01',
      rows: 3,
      matched: 2,
      unmatched: 1,
      ambiguous: 0,
      units: 2,
      current: 2,
      former: 0,
      rejects: 'list.csv.rejects.csv',
      dryRun: false,
    },
  ])
  expect(readFileSync(at('list.csv.rejects.csv'), 'utf8')).toBe(
    'WardCode,WardName,ProvinceName,line,status,reason\n' +
      '8,"Xã, không có",Hồ Chí Minh,3,unmatched,no commune of today has this name there\n',
  )
  expect(listed()).toMatchObject([{ scheme: 'post', asOf: '2026-10-01', current: 2, former: 0 }])

  writeFileSync(at('next.csv'), 'unit,id,name\n26743,70,Bến Thành\n')
  expect(load('next.csv', '--era', 'current').status).toBe(0)
  expect(listed()).toMatchObject([{ scheme: 'post', asOf: null, current: 1 }])

  writeFileSync(at('bad.csv'), 'unit,id,name\n99999,70,Nowhere\n')
  const bad = load('bad.csv', '--era', 'current')
  expect([bad.status, bad.stderr]).toEqual([
    3,
    'error: no row names a unit that is known: nothing was changed\n',
  ])
  expect(listed()).toMatchObject([{ scheme: 'post', current: 1 }])

  expect(vpostcode(['crosswalks', 'remove', 'post', '--db', 'c.db']).status).toBe(0)
  expect(listed()).toEqual([])
  const again = vpostcode(['crosswalks', 'remove', 'post', '--db', 'c.db'])
  expect([again.status, again.stderr]).toEqual([3, 'error: there is no crosswalk "post"\n'])
})

test('wrong uses are refused before anything is read', () => {
  writeFileSync(at('one.csv'), 'unit,id,name\n26743,70,Bến Thành\n')
  writeFileSync(at('none.csv'), 'unit,id,name\n')
  for (const [args, status, text] of [
    [['import', 'crosswalk', 'Post', 'one.csv'], 2, 'SCHEME "Post" is not'],
    [['import', 'crosswalk', 'post', 'one.csv', '--era', 'old'], 2, '--era is current or former'],
    [
      ['import', 'crosswalk', 'post', 'one.csv', '--as-of', '2026-02-30'],
      2,
      '--as-of "2026-02-30" is no date',
    ],
    [['import', 'crosswalk', 'post', 'one.csv', '--map', 'unit=code'], 2, 'the field is one of'],
    [['import', 'crosswalk', 'post', 'none.csv'], 3, 'has no rows'],
    [['import', 'crosswalk', 'post', 'missing.csv'], 3, 'There is no file'],
    [['crosswalks', 'remove', 'post'], 3, 'not there yet'],
  ] as const) {
    const { status: code, stderr } = vpostcode([...args, '--db', 'no.db'])
    expect([args, code, stderr]).toEqual([args, status, expect.stringContaining(text)])
  }
  expect(existsSync(at('no.db'))).toBe(false)
})
