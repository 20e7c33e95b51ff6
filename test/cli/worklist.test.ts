import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { folder, vpostcode } from './command.ts'

vi.setConfig({ testTimeout: 240_000 })

const db = ['--db', 'worklist.db']
const run = (...args: string[]) => vpostcode([...args, ...db])

test('worklist: written a hamlet, read back: verified only with a surveyed point, bad rows come out', () => {
  const unit = 'Xã Khoái Châu, Tỉnh Hưng Yên'
  const rows = [1, 2, 3, 4, 5, 6].map((i) => `A-${i},"Số nhà ${i}, Thôn Đông, ${unit}"`)
  writeFileSync(
    join(folder, 'visits.csv'),
    `Mã hộ,address\n${rows.join('\n')}\nA-7,"Số nhà 9, Thôn Tây, ${unit}"\n`,
  )
  expect(run('assign', 'visits.csv').status).toBe(0)
  const written = run('worklist', '--province', '33', '-o', 'lists')
  expect([written.stderr, JSON.parse(written.stdout)]).toEqual([
    '',
    { lists: 2, households: 7, output: 'lists' },
  ])
  const [commune] = readdirSync(join(folder, 'lists'))
  expect(commune).toMatch(/^\d{5}-xa-khoai-chau$/)
  const path = join(folder, 'lists', commune!)
  const names = ['thon-dong', 'thon-tay'].flatMap((name) =>
    ['csv', 'html', 'xlsx'].map((kind) => `${name}.${kind}`),
  )
  expect(readdirSync(path).sort()).toEqual(names)
  const html = readFileSync(join(path, 'thon-dong.html'), 'utf8')
  expect(html).toContain('Số nhà 3, Thôn Đông')
  expect(html).not.toMatch(/https?:|src=|@import/)

  const [header, ...lines] = readFileSync(join(path, 'thon-dong.csv'), 'utf8').trim().split('\r\n')
  expect(lines).toHaveLength(6)
  const here = '20.8420,105.9740'
  // Dates that are none of a survey: nobody was there.
  const dated = (date: string, i: number) => lines[i]!.replace(/,{7}$/, `,đúng,,${here},5,kt-07,${date}`)
  const wrong = [header, ...['31/02/2025', '20/11/2099', '2025-13-01'].map(dated)].join('\r\n')
  writeFileSync(join(folder, 'dates.csv'), wrong)
  const dates = run('worklist', 'read', 'dates.csv')
  expect(JSON.parse(dates.stdout)).toEqual({ rejected: 3, rejects: 'dates.csv.rejects.csv' })
  const refused = readFileSync(join(folder, 'dates.csv.rejects.csv'), 'utf8')
  expect(refused).toMatch(/,bad-date\r\n.*,date-in-future\r\n.*,bad-date\r\n$/s)
  // Read again, the file is the same; where a person has worked in it, it stays and another one is written.
  expect(JSON.parse(run('worklist', 'read', 'dates.csv').stdout).rejects).toBe('dates.csv.rejects.csv')
  writeFileSync(join(folder, 'dates.csv.rejects.csv'), 'corrected by hand')
  expect(JSON.parse(run('worklist', 'read', 'dates.csv').stdout).rejects).toBe('dates.csv.rejects.2.csv')
  expect(readFileSync(join(folder, 'dates.csv.rejects.csv'), 'utf8')).toBe('corrected by hand')
  expect(readFileSync(join(folder, 'dates.csv.rejects.2.csv'), 'utf8')).toBe(refused)

  const filled = [
    lines[0]!.replace(/,{7}$/, `,đúng,,${here},5,kt-07,20/11/2025`),
    lines[1]!.replace(/,{7}$/, `,đúng,,${here},,,`),
    lines[2]!.replace(/,{7}$/, `,sửa,"Số nhà 33, Thôn Đông, ${unit}",,,,,`),
    lines[3]!.replace(/,{7}$/, ',không có,,,,,,'),
    // Its id was typed wrongly, and that of the next belongs to another row.
    lines[4]!.replace(/^(\d{6} \d{5})(\d)/, (_, most, last) => `${most}${(Number(last) + 1) % 10}`),
    lines[5]!.replace(/^\d{6} \d{6}/, lines[4]!.slice(0, 13)),
  ]
  writeFileSync(join(folder, 'back.csv'), [header, ...filled].join('\r\n'))
  const back = run('worklist', 'read', 'back.csv', '--actor', 'lan')
  expect([back.stderr, back.status]).toEqual(['', 1])
  expect(JSON.parse(back.stdout)).toEqual({
    verified: 1,
    moved: 1,
    corrected: 1,
    gone: 1,
    rejected: 2,
    rejects: 'back.csv.rejects.csv',
  })
  const rejects = readFileSync(join(folder, 'back.csv.rejects.csv'), 'utf8')
  expect(rejects).toMatch(/bad-household-id.*address-of-another-household/s)
  const id = lines[0]!.slice(0, 13)
  const { events } = JSON.parse(run('households', 'history', id).stdout)
  expect(events.at(-1)).toMatchObject({
    kind: 'verify',
    actor: 'kt-07',
    reason: 'work list, 2025-11-20',
    evidence: 'surveyed-point',
    household: { status: 'verified', point: { source: 'surveyed', accuracy: 5 } },
  })
  // The same list again changes nothing; the workbook is read as well.
  writeFileSync(join(folder, 'again.csv'), [header, ...filled.slice(0, 4)].join('\r\n'))
  expect(JSON.parse(run('worklist', 'read', 'again.csv').stdout)).toEqual({ unchanged: 4 })
  expect(JSON.parse(run('worklist', 'read', join(path, 'thon-tay.xlsx')).stdout)).toEqual({ blank: 1 })

  // A row of before the correction that says something else about it is of another household, or late.
  const late = [filled[2]!.replace(',sửa,', ',đúng,').replace('Số nhà 33', 'Số nhà 34'), dated('1/9/2025', 2)]
  writeFileSync(join(folder, 'late.csv'), [header, late[0]].join('\r\n'))
  expect(JSON.parse(run('worklist', 'read', 'late.csv').stdout)).toMatchObject({ rejected: 1 })
  writeFileSync(join(folder, 'late.csv'), [header, late[1]].join('\r\n'))
  expect(JSON.parse(run('worklist', 'read', 'late.csv').stdout)).toMatchObject({ rejected: 1 })

  // A bare "đúng" leaves who said so and when, once; it verifies nothing.
  const [, west] = readFileSync(join(path, 'thon-tay.csv'), 'utf8').trim().split('\r\n')
  writeFileSync(
    join(folder, 'west.csv'),
    [header, west!.replace(/,{7}$/, ',đúng,,,,,kt-08,21/11/2025')].join('\r\n'),
  )
  expect(JSON.parse(run('worklist', 'read', 'west.csv').stdout)).toEqual({ confirmed: 1 })
  expect(JSON.parse(run('worklist', 'read', 'west.csv').stdout)).toEqual({ unchanged: 1 })
  const confirmed = JSON.parse(run('households', 'history', west!.slice(0, 13)).stdout).events
  expect(confirmed).toHaveLength(2)
  expect(confirmed[1]).toMatchObject({
    kind: 'update',
    actor: 'kt-08',
    reason: 'work list, 2025-11-21',
    household: { status: 'provisional' },
  })

  // The file loaded again: what came back stands, the household that is not there does not come back.
  const again = run('assign', 'visits.csv', '-o', 'again.result.csv')
  expect([again.status, again.stderr]).toEqual([0, expect.stringMatching(/unchanged +7/)])
  const result = readFileSync(join(folder, 'again.result.csv'), 'utf8')
  expect(result.match(/household-rejected/g)).toHaveLength(1)
  expect(result.match(/corrected-since/g)).toHaveLength(1)
})
