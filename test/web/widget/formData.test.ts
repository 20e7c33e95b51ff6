import { expect, test } from 'vitest'
import type { Validation } from 'vpostcode/client'
import { entriesOf, UNKNOWN } from '../../../src/web/widget/formData.ts'

const unit = (code: string, name: string) => ({ code, name, fullName: name, type: 'phuong' })
const answer = {
  grade: 'B',
  confidence: 0.98,
  components: { houseNumber: '25', street: 'Láng', alleys: [{ kind: 'ngo', number: '78' }] },
  current: { province: unit('01', 'Hà Nội'), commune: { ...unit('00199', 'Láng'), postcode: '11528' } },
  point: { lat: 21.02, lon: 105.8, precision: 'alley', accuracy: 40 },
  issues: [{ code: 'former-units' }, { code: 'spelling-repaired' }],
  verdict: { possibleNextAction: 'CONFIRM' },
  crosswalks: [
    { scheme: 'ghn', id: '20308' },
    { scheme: 'other', id: null },
  ],
  postcode: '11528',
  vpostcode: null,
  household: null,
} as unknown as Validation
const former = { province: null, district: unit('006', 'Đống Đa'), commune: unit('00199', 'Láng Thượng') }
const known = { status: 'checked', answer, former: former as unknown as Validation['former'] } as const

test('the names do not depend on what is known, and an unknown address has only its status', () => {
  const names = (entries: [string, string][]) => entries.map(([name]) => name)
  const unknown = entriesOf('vpostcode', UNKNOWN)
  expect(names(entriesOf('vpostcode', known)).filter((name) => !name.includes('carrier'))).toEqual(
    names(unknown),
  )
  expect(unknown.filter(([, value]) => value)).toEqual([['vpostcode_status', 'unchecked']])
})

test('an understood address goes with its codes of both eras, its place and the ids of carriers', () => {
  expect(Object.fromEntries(entriesOf('to', known))).toMatchObject({
    to: '',
    to_status: 'checked',
    to_commune_code: '00199',
    to_province_code: '01',
    to_former_commune_name: 'Láng Thượng',
    to_former_province_code: '',
    to_latitude: '21.02',
    to_precision: 'alley',
    to_alleys: 'ngo 78',
    to_issues: 'former-units;spelling-repaired',
    to_action: 'CONFIRM',
    to_carrier_ghn: '20308',
    to_carrier_other: '',
  })
})

test('of several readings none goes as if it were sure', () => {
  const open = { ...known, status: 'open', answer: { ...answer, grade: 'C' } } as const
  const sent = Object.fromEntries(entriesOf('vpostcode', open))
  expect(sent).toMatchObject({ vpostcode_status: 'open', vpostcode_grade: 'C' })
  for (const name of ['commune_code', 'former_commune_code', 'latitude', 'postcode', 'street'])
    expect([name, sent[`vpostcode_${name}`]]).toEqual([name, ''])
  expect(sent).not.toHaveProperty('vpostcode_carrier_ghn')
})
