import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withoutPrivate } from '../../src/match/understand.ts'
import { fold } from '../../src/text/tokens.ts'
import { currentAddress, formerAddress, understand } from '../match/world.ts'

const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length })
const mobile = fc
  .tuple(fc.constantFrom('09', '03', '07', '08', '05'), digits(8))
  .map((parts) => parts.join(''))
const phone = mobile.chain((number) =>
  fc.constantFrom(
    number,
    `ĐT: ${number}`,
    `sđt ${number}`,
    `SDT:${number}`,
    `(${number})`,
    `+84${number.slice(1)}`,
    `${number.slice(0, 4)} ${number.slice(4, 7)} ${number.slice(7)}`,
    `${number.slice(0, 4)}.${number.slice(4, 7)}.${number.slice(7)}`,
  ),
)
const personalId = fc
  .tuple(fc.constantFrom('001', '079', '048', '092'), digits(9))
  .map((parts) => parts.join(''))
const address = fc.oneof(currentAddress, formerAddress).map((parts) => parts.join(', '))
const placed = (secret: fc.Arbitrary<string>) =>
  fc.tuple(address, secret, fc.constantFrom('front', 'end', 'blank')).map(([line, hidden, where]) => ({
    line,
    hidden,
    text:
      where === 'front' ? `${hidden}, ${line}` : where === 'end' ? `${line}, ${hidden}` : `${line} ${hidden}`,
  }))
const RUNS = { numRuns: 300, seed: 20250701 }
const onlyDigits = (text: string) => text.replace(/\D/g, '')

describe.each([
  ['a phone number', phone, 'phone'],
  ['a personal ID', personalId, 'id'],
] as const)('%s', (_, secret, kind) => {
  test('is private: named as a span, in no component, gone from the text that is stored', () => {
    fc.assert(
      fc.property(placed(secret), ({ text, hidden }) => {
        const answer = understand(text)
        const number = onlyDigits(hidden)
        const spans = answer.private.map(({ start, end }) => onlyDigits(text.slice(start, end)))
        expect(answer.private.map((span) => span.kind)).toContain(kind)
        expect(spans.join(' ')).toContain(number)
        expect(onlyDigits(JSON.stringify(answer.components))).not.toContain(number.slice(-9))
        expect(onlyDigits(withoutPrivate(answer))).not.toContain(number.slice(-9))
      }),
      RUNS,
    )
  })
  test('does not change what the rest of the text says', () => {
    fc.assert(
      fc.property(placed(secret), ({ text, line }) => {
        const { components, current } = understand(text)
        const alone = understand(line)
        expect({ components, current }).toEqual({ components: alone.components, current: alone.current })
      }),
      RUNS,
    )
  })
})

/** What stands around an address in a chat: the piece, and the words of it that nobody else may see. */
const people = fc.constantFrom(
  ...['anh Khôi', 'chị Ngọc Diệp', 'Cô Xuyến', 'chú Bảy', 'Mr Phúc', 'Ms. Quỳnh', 'em Uyên'],
  'Người nhận: Trương Thị Ngọc Diệp',
  'Tên: khôi',
  'KH: Nguyễn Khôi',
)
const notes = fc.constantFrom(
  'giao giờ hành chính',
  'gọi trước khi giao',
  'hàng dễ vỡ xin nhẹ tay',
  'Thu hộ 250k',
  'COD 1.250.000đ',
  'cho xem hàng',
  'đã chuyển khoản',
)
const SECRET = /khôi|diệp|xuyến|bảy|phúc|quỳnh|uyên|giao|gọi|vỡ|250|xem hàng|khoản/iu

test('a chat line: person, phone and note around an address, in any order, comma or line', () => {
  const chat = fc
    .record({ person: people, phone, note: notes, line: address, by: fc.constantFrom(', ', '\n', ' - ') })
    .chain(({ person, phone, note, line, by }) =>
      fc.shuffledSubarray([person, phone, note, line], { minLength: 4 }).map((pieces) => ({
        text: pieces.join(by),
        line,
        number: onlyDigits(phone).slice(-9),
      })),
    )
  fc.assert(
    fc.property(chat, ({ text, line, number }) => {
      const answer = understand(text)
      const alone = understand(line)
      fc.pre(!SECRET.test(line))
      expect(answer.current).toEqual(alone.current)
      expect(answer.components.houseNumber).toBe(alone.components.houseNumber)
      expect(answer.components.street).toBe(alone.components.street)
      expect([...new Set(answer.private.map(({ kind }) => kind))].sort()).toEqual(['note', 'person', 'phone'])
      const told = JSON.stringify([answer.components, withoutPrivate(answer)])
      expect(told).not.toMatch(SECRET)
      expect(onlyDigits(told)).not.toContain(number)
    }),
    RUNS,
  )
})

test('an address alone has no private span', () => {
  fc.assert(
    fc.property(address, (line) => {
      expect(understand(line).private).toEqual([])
    }),
    RUNS,
  )
})

test('unresolved spans are what no component, unit or private span explains: they overlap none of them', () => {
  fc.assert(
    fc.property(placed(phone), ({ text }) => {
      const { unresolved, private: secrets, components, current } = understand(text)
      for (const { start, end } of unresolved) {
        expect(secrets.some((secret) => secret.start < end && start < secret.end)).toBe(false)
        expect(Object.values(components)).not.toContain(text.slice(start, end))
        expect(fold(text.slice(start, end))).not.toBe(fold(current?.commune?.fullName ?? '-'))
      }
    }),
    RUNS,
  )
})
