import { expect, test } from 'vitest'
import type { Validation } from 'vpostcode/client'
import { type Chosen, look, questionOf } from '../../../src/web/widget/look.ts'

const values = { line: '12 Lê Lợi', commune: '', district: '', province: '', postcode: '' }
const chosen: Chosen = { code: '26743', former: null, crosswalks: [], line: null }
const signal = new AbortController().signal
const answer = (more: object) =>
  ({ grade: 'A', former: null, crosswalks: [], ...more }) as unknown as Validation

test('a line alone is asked as a text, filled-in units as the fields of a form, a chosen commune by its code', () => {
  expect(questionOf(values, null)).toBe('12 Lê Lợi')
  expect(questionOf({ ...values, province: 'TP HCM' }, null)).toEqual({
    street: '12 Lê Lợi',
    province: 'TP HCM',
  })
  expect(questionOf({ ...values, commune: 'Bến Thành', province: 'x' }, chosen)).toEqual({
    street: '12 Lê Lợi',
    commune: '26743',
  })
})

test('behind the answer to a question the units of the line are left out, as long as the line stays', () => {
  const line = { written: '12 Lê Lợi, Quận 1', place: '12 Lê Lợi' }
  const asked = (text: string) => questionOf({ ...values, line: text }, { ...chosen, line })
  expect(asked('12 Lê Lợi, Quận 1')).toEqual({ street: '12 Lê Lợi', commune: '26743' })
  expect(asked('14 Lê Lợi, Quận 1')).toEqual({ street: '14 Lê Lợi, Quận 1', commune: '26743' })
})

test('another address written over a chosen commune is asked by itself', async () => {
  const asked: unknown[] = []
  const there = answer({ current: { commune: { code: '00070' } } })
  const validate = async (question: unknown) => {
    asked.push(question)
    return typeof question === 'string' ? there : answer({ grade: 'C', current: null })
  }
  const found = await look(
    { validate },
    { ...values, line: '12 Hàng Trống, Hoàn Kiếm, Hà Nội' },
    chosen,
    signal,
  )
  expect(found).toMatchObject({ answer: there, chosen: null, byLine: true })
  expect(asked).toHaveLength(2)
})

test('what the text said of before July 2025 outlives the choice of its commune of today', async () => {
  const former = { commune: { code: '27259' } } as Chosen['former']
  const id = (scheme: string, id: string | null) => ({ scheme, id }) as Chosen['crosswalks'][number]
  const validate = async () => answer({ crosswalks: [id('old', null), id('new', '7')] })
  const known = { ...chosen, former, crosswalks: [id('old', '3'), id('new', '8')] }
  const found = await look({ validate }, values, known, signal)
  expect(found).toMatchObject({ former, answer: { crosswalks: [{ id: '3' }, { id: '7' }] } })
})

test('no answer is no finding', async () => {
  expect(await look({ validate: async () => null }, values, chosen, signal)).toBeNull()
})
