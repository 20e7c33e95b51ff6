import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { folder, vpostcode } from './command.ts'

vi.setConfig({ testTimeout: 240_000 })

const db = ['--db', 'sample.db']
const run = (...args: string[]) => vpostcode([...args, ...db])
const json = (...args: string[]) => {
  const { status, stdout, stderr } = run(...args)
  expect([stderr, status]).toEqual(['', 0])
  return JSON.parse(stdout)
}
const lat = (i: number) => (10.7721 + i / 11_060).toFixed(7)

test('review sample: drawn, handed out blind, read back twice, checked one by one, shown in coverage', () => {
  const rows = Array.from(
    { length: 12 },
    (_, i) => `"Số ${i + 1} Lê Lợi, Phường Bến Thành, TP. Hồ Chí Minh",${lat(i)},106.6983000`,
  )
  writeFileSync(join(folder, 'twelve.csv'), `address,lat,lon\n${rows.join('\n')}\n`)
  expect(run('assign', 'twelve.csv').status).toBe(0)

  const drawn = json('review', 'sample', '--seed', 'abc', '--share', '50', '--minimum', '3', '-o', 'sheets')
  expect(drawn).toEqual({
    finished: true,
    round: 1,
    seed: 'abc',
    share: 50,
    minimum: 3,
    communes: 1,
    households: 6,
    before: { communes: 0, households: 0 },
    sheets: { sheets: 1, households: 6, output: 'sheets' },
  })
  expect(json('review', 'sample')).toMatchObject({ seed: 'abc', communes: 0, before: { households: 6 } })
  expect(run('review', 'sample', '--seed', 'other')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--new-round'),
  })

  const files = readdirSync(join(folder, 'sheets')).sort()
  expect(files).toEqual(['79-quan-1.csv', '79-quan-1.html', '79-quan-1.xlsx'])
  const csv = readFileSync(join(folder, 'sheets', '79-quan-1.csv'), 'utf8')
  const html = readFileSync(join(folder, 'sheets', '79-quan-1.html'), 'utf8')
  // Blind: neither commune nor point nor code.
  for (const text of [csv, html]) expect(text).not.toMatch(/Bến Thành|26743|71009|10\.77|106\.69/)
  expect(html).toContain('Danh sách hộ kiểm tra mẫu: Thành phố Hồ Chí Minh')
  const [header, ...lines] = csv.trim().split('\r\n')
  expect(lines).toHaveLength(6)
  expect(lines[0]).toMatch(/^\d{6} \d{6},1,số \d+ Lê Lợi,Quận 1,Thành phố Hồ Chí Minh,,,,,,,$/)

  const i = (line: string) => Number(/số (\d+)/.exec(line)![1]) - 1
  const filled = (line: string, cells: string) => line.replace(/,{7}$/, `,${cells}`)
  const back = [
    filled(lines[0]!, `có,Bến Thành,${lat(i(lines[0]!))},106.6983000,5,,kt-01`),
    filled(lines[1]!, `có,phường Bến Thành,${lat(i(lines[1]!) + 8)},106.6983000,5,,kt-01`),
    filled(lines[2]!, 'không có,,,,,,kt-01'),
    filled(lines[3]!, `,,${lat(i(lines[3]!))},"106,6983",,,kt-01`),
    // The id of another row; one without a point.
    filled(lines[4]!, `có,Bến Thành,,,,,kt-01`),
    lines[5]!.replace(/^\d{6} \d{6}/, lines[4]!.slice(0, 13)),
  ]
  writeFileSync(join(folder, 'back.csv'), [header, ...back].join('\r\n'))
  const first = run('review', 'sample', 'read', 'back.csv')
  expect([first.stderr, first.status]).toEqual(['', 1])
  expect(JSON.parse(first.stdout)).toEqual({ recorded: 4, rejected: 2, rejects: 'back.csv.rejects.csv' })
  const rejects = readFileSync(join(folder, 'back.csv.rejects.csv'), 'utf8')
  expect(rejects).toMatch(/check-incomplete.*twice-in-file/s)
  writeFileSync(join(folder, 'again.csv'), [header, ...back.slice(0, 4)].join('\r\n'))
  const second = run('review', 'sample', 'read', 'again.csv')
  expect(JSON.parse(second.stdout)).toEqual({ unchanged: 4 })
  expect([second.status, second.stderr]).toEqual([0, 'nothing changed: no row told anything new\n'])
  const blank = run('review', 'sample', 'read', 'sheets/79-quan-1.xlsx')
  expect(JSON.parse(blank.stdout)).toEqual({ blank: 6 })

  const waiting = json('review', 'list', '--reason', 'check')
  const reasons = waiting.map(({ doubts }: { doubts: { reason: string }[] }) => doubts[0]!.reason).sort()
  expect(reasons).toEqual(['no-such-house', 'wrong-point'])

  // 2 of 4 wrong: Wilson's interval of a half.
  const [line] = json('coverage', '--by', 'commune', '--commune', '26743', '--format', 'json')
  expect(line).toMatchObject({
    ...{ coded: 12, verified: 0, sampled: 6, checked: 4, wrong: 2, findings: 2 },
    error: { share: 0.5, low: expect.closeTo(0.15, 2), high: expect.closeTo(0.85, 2) },
  })
  const [province] = json('coverage', '--by', 'province', '--province', '79', '--format', 'json')
  const [total] = json('coverage', '--by', 'total', '--format', 'json')
  const [day] = json('coverage', '--commune', '26743', '--format', 'json')
  for (const one of [province, total])
    expect(one).toMatchObject({ sampled: 6, checked: 4, wrong: 2, findings: 2, error: line.error })
  expect(day).toMatchObject({ sampledByThen: 6, checkedByThen: 4, wrongByThen: 2, errorByThen: line.error })
  const text = run('coverage', '--commune', '26743', '--by', 'commune', '--format', 'table').stdout
  expect(text).toMatch(/Bến Thành .* 6 +4 +2 +50 \(15 - 85\)\n$/)
  const cells = run('coverage', '--commune', '26743', '--by', 'commune').stdout.split('\n')
  expect(cells[0]).toMatch(
    /,sampled,checked,wrong,error_percent,error_low_percent,error_high_percent,findings$/,
  )
  expect(cells[1]).toMatch(/,6,4,2,50,15,85,2$/)

  // One by one; not by the one who loaded the file.
  const loader = json('households', 'history', lines[4]!.slice(0, 13)).events[0].actor
  expect(json('review', 'next', '--actor', loader)).toBeNull()
  const next = json('review', 'next', '--actor', 'kt-02')
  expect(Object.keys(next)).toEqual(['id', 'round', 'address', 'area', 'province'])
  expect(run('review', 'check', next.id, '--no-house', '--actor', loader)).toMatchObject({
    status: 3,
    stderr: expect.stringContaining('same-person: the checker entered'),
  })
  const there = ['--point', `${lat(i(next.address))},106.6983`]
  expect(json('review', 'check', next.id, ...there, '--actor', 'kt-02')).toEqual({
    id: next.id,
    recorded: true,
  })
  expect(json('review', 'check', next.id, '--undo')).toEqual({ id: next.id, undone: true })
  expect(json('review', 'next', '--actor', 'kt-02').id).toBe(next.id)
  expect(json('review', 'check', next.id, ...there, '--actor', 'kt-02').recorded).toBe(true)

  for (const args of [[], ['--undo', '--no-house'], ['--accuracy', '5'], ['--commune', '1,2']])
    expect([args, run('review', 'check', next.id, ...args).status]).toEqual([args, 2])
  expect(vpostcode(['review', 'sample', '--db', 'none.db']).status).toBe(3)
})
