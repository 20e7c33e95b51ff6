import { expect, test } from 'vitest'
import { mayBePrivate, oneLine, privatePieces, withoutPrivate } from '../../../src/web/widget/split.ts'

const input = 'Chị Lan 0912 345 678, 12 Hàng Trống gần hồ, Hà Nội. Gọi trước'
const spans = (...words: [kind: 'person' | 'phone' | 'note', text: string][]) => ({
  input,
  private: words.map(([kind, text]) => ({
    kind,
    start: input.indexOf(text),
    end: input.indexOf(text) + text.length,
  })),
})

test('private pieces are cut out with the signs around them, and the rest stays as it was written', () => {
  const answer = spans(['person', 'Chị Lan'], ['phone', '0912 345 678'], ['note', 'Gọi trước'])
  expect(privatePieces(answer).map(({ text }) => text)).toEqual(['Chị Lan', '0912 345 678', 'Gọi trước'])
  expect(withoutPrivate(answer)).toBe('12 Hàng Trống gần hồ, Hà Nội')
  expect(withoutPrivate(spans(['note', 'gần hồ']))).toBe(
    'Chị Lan 0912 345 678, 12 Hàng Trống, Hà Nội. Gọi trước',
  )
  expect(withoutPrivate({ input: 'Lê Lợi', private: [] })).toBe('Lê Lợi')
})

test('a text with a phone is told from addresses with many numbers', () => {
  for (const text of ['0912345678 Lê Lợi', 'Lan 0912.345.678', '+84 912 345 678', '(028) 3829 1234'])
    expect([text, mayBePrivate(text)]).toEqual([text, true])
  for (const text of ['130/20/14/3 Lê Văn Sỹ', '71009QMCXR8V', 'P1205 tầng 12 số 25', '10.7721, 106.6983'])
    expect([text, mayBePrivate(text)]).toEqual([text, false])
})

test('lines of a chat become one line, whose words do not grow together', () => {
  expect(oneLine('Chị Lan\r\n 0912345678 \n\n12 Hàng Trống\n')).toBe('Chị Lan, 0912345678, 12 Hàng Trống')
})
