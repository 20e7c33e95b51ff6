import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildGazetteer } from '../../src/gazetteer/build.ts'
import { readTables } from '../../src/gazetteer/tables.ts'
import { validate } from '../../src/gazetteer/validate.ts'

test('the committed seeds have no fault', () => {
  expect(validate(readTables('seeds'))).toEqual([])
})

describe('a fault of the seeds is named', () => {
  const sound = readTables('seeds')
  type Table = keyof typeof sound

  /** The faults after one row of one table has been changed. */
  function faults(name: Table, code: string, change: Record<string, string> | null): string[] {
    const key = name === 'successions' ? 'former_code' : 'code'
    const at = sound[name].findIndex((row) => row[key] === code)
    expect(at, `${code} stands in ${name}`).toBeGreaterThanOrEqual(0)
    const rows = [...sound[name]]
    if (change) rows[at] = { ...rows[at]!, ...change }
    else rows.splice(at, 1)
    return validate({ ...sound, [name]: rows })
  }

  test.each<[string, Table, string, Record<string, string> | null, string]>([
    ['a missing row', 'former-districts', '001', null, 'former-districts: 695 rows, expected 696'],
    ['a code twice', 'communes', '00008', { code: '00004' }, 'communes: 00004 stands twice'],
    [
      'a code that lost its zeros',
      'communes',
      '00008',
      { code: '8' },
      'communes: "8" is no code of this level',
    ],
    [
      'an unknown parent',
      'communes',
      '00004',
      { province_code: '02' },
      'communes: 00004 lies in 02, which provinces does not have',
    ],
    [
      'an unknown district',
      'former-communes',
      '00001',
      { district_code: '' },
      'former-communes: 00001 lies in nothing, which former-districts does not have',
    ],
    [
      'an unknown type',
      'former-communes',
      '00001',
      { type: 'ward' },
      'former-communes: 00001 has the unknown type "ward"',
    ],
    ['an empty name', 'former-communes', '00001', { name: ' ' }, 'former-communes: 00001 has no name'],
    [
      'a change of type without its day',
      'communes',
      '07294',
      { type_changed_on: '' },
      'communes: 07294 has the broken change of type "phuong" on ""',
    ],
    ['no postcode', 'communes', '00004', { postcode: '' }, 'communes: 00004 has the broken postcode ""'],
    [
      'a postcode of six digits',
      'communes',
      '08872',
      { postcode: '152213' },
      'communes: 08872 has the broken postcode "152213"',
    ],
    [
      'a postcode twice',
      'communes',
      '00008',
      { postcode: '11120' },
      'communes: 00004 and 00008 share the postcode 11120',
    ],
    [
      'a postcode of another province',
      'communes',
      '00004',
      { postcode: '71999' },
      'communes: the postcode 71999 of 00004 has no prefix of its province 01',
    ],
    [
      'a prefix of two provinces',
      'provinces',
      '04',
      { postcode_prefixes: '10 21' },
      'provinces: prefix 10 belongs to 01 and 04',
    ],
    [
      'a point outside the box',
      'communes',
      '00004',
      { inside_lat: '20.5' },
      'communes: 00004 has a broken point or box',
    ],
    [
      'an empty coordinate',
      'communes',
      '00004',
      { min_lat: '' },
      'communes: 00004 has a broken point or box',
    ],
    [
      'a former commune without successor',
      'successions',
      '00001',
      { former_code: '00004' },
      'former-communes: 00001 has no successor',
    ],
    [
      'a current commune without source',
      'successions',
      '30781',
      { current_code: '00004' },
      'communes: 30781 has no source',
    ],
    [
      'a successor that is none',
      'successions',
      '00001',
      { current_code: '00001' },
      'successions: 00001 to 00001: no such current commune',
    ],
    [
      'a former commune that is none',
      'successions',
      '00001',
      { former_code: '00002' },
      'successions: 00002 to 00097: no such former commune',
    ],
    [
      'a whole commune with two successors',
      'successions',
      '00112',
      { share: 'whole' },
      'successions: 00112 goes whole to one commune and has 2 successors',
    ],
    [
      'a population that goes whole to two',
      'successions',
      '00112',
      { takes_population: '1' },
      'successions: the population of 00112 goes whole to several communes',
    ],
    [
      'an unknown share',
      'successions',
      '00001',
      { share: 'half' },
      'successions: 00001 to 00097: unknown share "half"',
    ],
    [
      'an earlier commune that leads to nothing',
      'earlier-communes',
      '27124',
      { successors: '' },
      'earlier-communes: 7 (Quận 3, 27124) leads to nothing',
    ],
    [
      'an earlier commune with an unknown successor',
      'earlier-communes',
      '27124',
      { successors: '27124' },
      'earlier-communes: 7 (Quận 3, 27124) leads to 27124, which is unknown',
    ],
    [
      'a broken date',
      'earlier-communes',
      '27124',
      { as_of: '31/12/2020' },
      'earlier-communes: 27124 has the broken date "31/12/2020"',
    ],
  ])('%s', (_name, table, code, change, fault) => {
    expect(faults(table, code, change)).toContain(fault)
  })
})

describe('building', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'seeds-'))
    cpSync('seeds', join(dir, 'seeds'), { recursive: true })
  })
  afterEach(() => rmSync(dir, { recursive: true }))
  const build = () => buildGazetteer(join(dir, 'seeds'), join(dir, 'out'))
  const edit = (name: string, change: (text: string) => string) =>
    writeFileSync(join(dir, 'seeds', name), change(readFileSync(join(dir, 'seeds', name), 'utf8')))

  test('stops at faults, names all of them and writes nothing', () => {
    edit('communes.csv', (text) => text.replace('\n00004,', '\n4,'))
    edit('former-districts.csv', (text) => text.replace('\n001,01,', '\n001,99,'))
    expect(build).toThrow(/communes: "4" is no code[\s\S]*001 lies in 99/)
    expect(existsSync(join(dir, 'out'))).toBe(false)
  })

  test('names a table that is missing, broken or has other columns', () => {
    rmSync(join(dir, 'seeds', 'provinces.csv'))
    edit('former-provinces.csv', (text) => text.replace('Hà Nội,', '"Hà Nội,'))
    edit('earlier-districts.csv', (text) => text.replace('code,name', 'name,code'))
    expect(build).toThrow(
      /provinces\.csv: ENOENT[\s\S]*former-provinces\.csv: [\s\S]*never closed[\s\S]*earlier-districts\.csv has the columns name,code/,
    )
  })

  test('gives a version that changes with every seed', () => {
    const before = build()
    edit('communes.csv', (text) => text.replace('decree prints', 'the decree prints'))
    expect(build()).not.toBe(before)
  })
})
