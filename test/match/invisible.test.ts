import { expect, test } from 'vitest'
import { understand } from './world.ts'

const PLAIN = '12/3 Lê Lợi, Phường Bến Thành, TP Hồ Chí Minh, 0901234567'
const plain = understand(PLAIN)
const slices = (text: string) => understand(text).private.map(({ start, end }) => text.slice(start, end))

test.each([
  ['zero-width blank', '\u200b'],
  ['soft hyphen', '\u00ad'],
  ['byte order mark', '\ufeff'],
  ['mark of direction', '\u200e'],
  ['isolate', '\u2068'],
])('a %s neither parts nor spoils a word', (_, sign) => {
  for (let at = 0; at <= PLAIN.length; at++) {
    const text = PLAIN.slice(0, at) + sign + PLAIN.slice(at)
    const answer = understand(text)
    expect({ ...answer, private: [] }).toEqual({ ...plain, input: text, private: [] })
    expect(slices(text).map((span) => span.replaceAll(sign, ''))).toEqual(['0901234567'])
  }
})

test.each([
  ['\u0000', 'Phường\u0000Bến Thành'],
  ['\u0007', '12 Lê Lợi,\u0007Phường Bến Thành'],
  ['\u0085', 'Phường Bến\u0085Thành'],
])('the control character %j is a blank', (_, start) => {
  const answer = understand(`${start}, TP Hồ Chí Minh`)
  expect([answer.grade, answer.current?.commune?.code]).toEqual(['A', '26743'])
})

test('spans of what is left over point into the text as given', () => {
  const text = '\ufeff12 Lê Lợi, P. Minh\u200b Nghĩa\u0000, TP Huế'
  const { unresolved } = understand(text)
  expect(unresolved.map(({ start, end }) => text.slice(start, end))).toEqual(['P. Minh\u200b Nghĩa'])
})
