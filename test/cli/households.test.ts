import { expect, test } from 'vitest'
import { vpostcode } from './command.ts'

const run = (...args: string[]) => vpostcode(['households', ...args, '--db', 'homes.db'])
const json = (...args: string[]) => {
  const { status, stdout, stderr } = run(...args)
  expect([stderr, status]).toEqual(['', 0])
  return JSON.parse(stdout)
}
const HOME = '12 Lê Lợi, Phường Bến Thành, TP Hồ Chí Minh'
const BEN_THANH = '10.7721,106.6983'

test('households: a clerk registers, verifies, merges and finds them, from one call to the next', () => {
  const because = ['--reason', 'asked for', '--actor', 'lan']
  const [home] = json('register', '--address', HOME, '--point', BEN_THANH, '--external-id', 'office=A-1')
  expect(home).toMatchObject({ status: 'provisional', vpostcode: '71009QMCXR8V' })
  expect(json('show', home.id)).toEqual(home)
  expect(json('find', '--code', '71009 qmcx-r8v')).toEqual([home])
  expect(json('find', '--address', '12 đường Lê Lợi, P. Bến Thành, TPHCM')).toEqual([home])
  expect(json('find', '--external-id', 'office=A-1')).toEqual([home])
  expect(json('find', '--near', BEN_THANH, '--metres', '5')).toMatchObject([{ household: home }])

  expect(json('verify', home.id, ...because)).toMatchObject([{ status: 'verified' }])
  const [other] = json('register', '--address', HOME.replace('12', '14'), '--point', '10.7723,106.6983')
  expect(json('external-id', other.id, 'digital-address=7100900001')[0].externalIds).toHaveLength(1)
  expect(json('merge', home.id, other.id, ...because)).toMatchObject([
    { id: home.id, externalIds: [{ value: '7100900001' }, { value: 'A-1' }] },
    { id: other.id, status: 'historical', successors: [home.id] },
  ])
  const { events, successors } = json('history', `${other.id.slice(0, 6)} ${other.id.slice(6)}`)
  expect(successors).toEqual([home.id])
  expect(events.map((event: Record<string, unknown>) => [event['kind'], event['actor']])).toEqual([
    ['insert', expect.any(String)],
    ['update', expect.any(String)],
    ['merge', 'lan'],
  ])
  const decoded = vpostcode(['decode', other.vpostcode, '--db', 'homes.db'])
  expect(JSON.parse(decoded.stdout)).toMatchObject({
    status: 'superseded',
    superseded: [{ current: home.vpostcode, successors: [home.id] }],
  })
}, 120_000)

test('households: what is refused or cannot be meant says why', () => {
  const again = run('register', '--address', HOME, '--point', BEN_THANH)
  expect(again.status).toBe(3)
  expect(again.stderr).toMatch(/^error: address-taken: another household has this address\n {2}\d{12}\n$/)
  expect(run('show', '123')).toMatchObject({ status: 3, stderr: 'error: no household has this id\n' })
  expect(run('erase', '123', '--reason', 'x')).toMatchObject({ status: 3 })
  const id = /\d{12}/.exec(again.stderr)![0]
  expect(run('retire', id)).toMatchObject({
    status: 3,
    stderr: expect.stringMatching(/reason-missing.*--reason/),
  })
  for (const args of [
    ['find'],
    ['find', '--code', '71009'],
    ['find', '--near', 'here'],
    ['find', '--near', BEN_THANH, '--metres', '0'],
    ['register', '--address', HOME, '--surveyed'],
    ['register', '--address', HOME, '--point', BEN_THANH, '--surveyed'],
    ['external-id', '123', 'office'],
    ['alternative', '123'],
    ['retire', '123', '--reason', ''],
  ])
    expect([args, run(...args).status]).toEqual([args, 2])
}, 120_000)
