import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder, vpostcode } from './command.ts'

const at = (name: string) => join(folder, name)
const GOOD = 'id,Địa chỉ,lat,lng\n1,"12 Lê Lợi, Phường Bến Thành, TPHCM",10.7721,106.6983\n'

test('a file without faults: columns shown, counts, 0; the database stands where it is documented', () => {
  writeFileSync(at('good.csv'), GOOD)
  const { status, stdout, stderr } = vpostcode(['assign', 'good.csv'])
  expect(stderr).toMatch(/Địa chỉ\s+->\s+address/)
  expect(stderr).toMatch(/not looked at, not stored: id/)
  expect(stderr).toMatch(/^1 rows in .*\n\s+assigned\s+1\n/m)
  expect([status, stdout]).toEqual([0, ''])
  expect(readFileSync(at('good.csv.result.csv'), 'utf8')).toContain('71009QMCXR8V')
  expect(existsSync(at('data/vpostcode.db'))).toBe(true)
  const found = JSON.parse(vpostcode(['decode', '71009QMCXR8V']).stdout)
  expect(found).toMatchObject({ status: 'current', households: [{ id: expect.stringMatching(/^\d{12}$/) }] })
  expect(vpostcode(['status']).stdout).toMatch(/1 households\njob 1: assign .*done, 1 rows: assigned 1/)
})

test('rejected rows: 1, with line and reason; the result goes where -o says', () => {
  writeFileSync(at('bad.csv'), `${GOOD}2,"14 Lê Lợi\n3\n`)
  const { status, stderr } = vpostcode(['assign', 'bad.csv', '-o', 'out.csv', '--db', 'other.db'])
  expect(status).toBe(1)
  expect(stderr).toMatch(/rejected: line 3: unclosed-quote\nrejected: line 4: too-few-cells/)
  expect(readFileSync(at('out.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(4)
  expect(existsSync(at('other.db'))).toBe(true)
})

test('--map: a column that cannot be found is a usage error and nothing is written', () => {
  writeFileSync(at('map.csv'), 'a,b\n12 Lê Lợi,x\n')
  expect(vpostcode(['assign', 'map.csv', '--map', 'c=address'])).toMatchObject({ status: 2 })
  expect(vpostcode(['assign', 'map.csv']).stderr).toMatch(/No column was recognised.*--map/)
  expect(existsSync(at('map.csv.result.csv'))).toBe(false)
  expect(vpostcode(['assign', 'map.csv', '--map', 'a=address', '--map', 'b=none']).stderr).toMatch(
    /a\s+->\s+address/,
  )
})

test.each([
  ['no such file', 'missing.csv', null, /no file missing.csv|There is no file/],
  ['an archive', 'book.csv', 'PK\x03\x04', /workbook is broken/],
  ['an empty file', 'empty.csv', '', /empty/],
])('cannot be done: %s ends with 3', (_, name, content, message) => {
  if (content !== null) writeFileSync(at(name), content)
  const { status, stderr } = vpostcode(['assign', name])
  expect(status).toBe(3)
  expect(stderr).toMatch(message)
  expect(stderr).not.toMatch(/\n\s+at /)
})

test.each(['assign', 'geocode', 'reverse', 'convert'])(
  '%s of a file that is not there leaves no database',
  (command) => {
    expect(vpostcode([command, 'missing.csv', '--db', `${command}.db`]).status).toBe(3)
    expect(existsSync(at(`${command}.db`))).toBe(false)
  },
)

test('a database of something else is refused', () => {
  writeFileSync(at('text.db'), 'this is no database, but it is long enough to be looked at as one'.repeat(20))
  const { status, stderr } = vpostcode(['assign', 'good.csv', '--db', 'text.db'])
  expect(status).toBe(3)
  expect(stderr).toMatch(/text\.db cannot be opened/)
})

test.each([
  ['--db', ['--db', '']],
  ['a database in memory', ['--db', ':memory:']],
  ['--list', ['--list', ' ']],
  ['--output', ['-o', '']],
])('an unset variable of a script is a wrong use and registers nothing: %s', (_, options) => {
  writeFileSync(at('unset.csv'), GOOD)
  const { status, stderr } = vpostcode(['assign', 'unset.csv', ...options])
  expect(status).toBe(2)
  expect(stderr).toMatch(/is empty|is no database file/)
  expect(existsSync(at('unset.csv.result.csv'))).toBe(false)
})

test('an empty database file is one that was never written: readers say so, the first load makes it', () => {
  writeFileSync(at('new.csv'), GOOD)
  writeFileSync(at('new.db'), '')
  expect(vpostcode(['status', '--db', 'new.db'])).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/not there yet/),
  })
  expect(vpostcode(['assign', 'new.csv', '--db', 'new.db']).status).toBe(0)
  expect(vpostcode(['status', '--db', 'new.db']).stdout).toMatch(/1 households/)
})

test('thousands of columns are counted, not listed', () => {
  const header = ['Địa chỉ', ...Array.from({ length: 5_000 }, (_, i) => `c${i}`)].join(',')
  writeFileSync(at('wide.csv'), `${header}\n`)
  const { stderr } = vpostcode(['assign', 'wide.csv'])
  expect(stderr).toMatch(/not stored: c0, .*, c29 and 4970 more\n/)
})

test('convert FILE writes the units of both eras and registers nothing', () => {
  writeFileSync(at('convert.csv'), 'id;Địa chỉ\n1;12 Lê Lợi, Phường Bến Thành, Quận 1, TPHCM\n2\n')
  const { status, stderr } = vpostcode(['convert', 'convert.csv', '--db', 'convert.db'])
  expect(stderr).toMatch(/^2 rows in .*\n +rejected +1\nrejected: line 3: too-few-cells$/m)
  expect(status).toBe(1)
  const [header, row, broken] = readFileSync(at('convert.csv.result.csv'), 'utf8').split('\n')
  expect(header).toMatch(/^id;Địa chỉ;commune_code;.*;former_commune_code;.*;issues$/)
  expect(row).toMatch(/;26743;Phường Bến Thành;79;Thành phố Hồ Chí Minh;26743;Phường Bến Thành;;Quận 1;/)
  expect(broken).toMatch(/^2;;.*;D;0;too-few-cells$/)
  expect(vpostcode(['status', '--db', 'convert.db']).stdout).toMatch(
    / 0 households\njob 1: convert .*done, 2 rows/,
  )
})
