import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { folder, vpostcode } from './command.ts'

vi.setConfig({ testTimeout: 240_000 })

const db = ['--db', 'review.db']
const run = (...args: string[]) => vpostcode([...args, ...db])
const json = (...args: string[]) => {
  const { status, stdout, stderr } = run(...args)
  expect([stderr, status]).toEqual(['', 0])
  return JSON.parse(stdout)
}

test('duplicates and review: found, shown, decided, undone', () => {
  const rows = [
    '"12 Nguyễn Kim Trọng Khang, Phường Bến Thành, TP. Hồ Chí Minh",10.7721,106.6983',
    '"12 Nguyễn Kim Trọng Khan, Phường Bến Thành, TP. Hồ Chí Minh",10.77212,106.69831',
    '"Số 5 đường Không Tên, Phường Xuân La, Quận Tây Hồ, Hà Nội",,',
  ]
  writeFileSync(join(folder, 'three.csv'), `address,lat,lon\n${rows.join('\n')}\n`)
  expect(run('assign', 'three.csv').status).toBe(0)
  const found = json('duplicates', '-o', 'pairs.csv')
  expect(found).toMatchObject({ finished: true, households: 3, found: { duplicate: 1, numbering: 0 } })
  const [header, pair] = readFileSync(join(folder, 'pairs.csv'), 'utf8').split('\n')
  expect(header).toBe('kind,score,reason,metres,household_id,address,other_id,other_address')
  expect(pair).toMatch(/^duplicate,0\.\d+,spelled-twice,2\.\d,\d{12},"12 Nguyễn .*",\d{12},"12 Nguyễn /)

  const waiting = json('review', 'list')
  expect(waiting).toMatchObject([{ reasons: ['split-commune'] }, { doubts: [{ kind: 'duplicate' }] }])
  expect(json('review', 'list', '--province', '79')).toHaveLength(1)
  const [split, twin] = waiting
  const shown = json('review', 'show', split.household.id)
  expect(shown.candidates.length).toBeGreaterThan(1)
  const { communeCode } = shown.candidates[1]
  const [decided] = json('review', 'decide', split.household.id, '--commune', communeCode, '--actor', 'lan')
  expect(decided).toMatchObject({ communeCode, review: [], cleared: [{ doubt: 'commune', other: null }] })

  // The file loaded again says nothing new; what was decided stands.
  const again = run('assign', 'three.csv', '-o', 'again.csv')
  expect([again.status, again.stderr]).toEqual([0, expect.stringMatching(/unchanged +3/)])
  expect(json('households', 'show', split.household.id)).toMatchObject({ communeCode })

  const keeps = json('review', 'decide', twin.household.id, '--keep')
  expect(keeps).toHaveLength(2)
  expect(json('review', 'list')).toEqual([])
  expect(json('households', 'undo', twin.household.id, '--reason', 'slip')).toHaveLength(2)
  expect(json('review', 'list', '--reason', 'duplicate')).toHaveLength(1)
  expect(json('review', 'list', '--reason', 'same-address')).toEqual([])
  const unknown = run('review', 'list', '--reason', 'abc')
  expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('split-commune, several-')])

  for (const args of [
    [],
    ['--keep', '--reject'],
    ['--no-point'],
    ['--commune', '99999'],
    ['--surveyed', '--point', '10.7,106.6'],
  ])
    expect([args, run('review', 'decide', twin.household.id, ...args).status]).toEqual([args, 2])
  expect(run('review', 'decide', twin.household.id, '--point', '21.03,105.85')).toMatchObject({
    status: 3,
    stderr: expect.stringMatching(/point-far-from-commune: .*--commune CODE/),
  })
  expect(run('review', 'show', '123')).toMatchObject({ status: 3 })
})
