import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold, foldKeepingMarks, Gap, tokenize } from '../../src/text/tokens.ts'

const LETTERS = 'aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ'
const letter = fc.constantFrom(...LETTERS, ...LETTERS.toUpperCase())
const digit = fc.constantFrom(...'0123456789')
const sign = fc.constantFrom(...' ,.-/;:()+#\n\t', '\u00a0', '–')
const text = fc.string({
  unit: fc.oneof(
    { weight: 6, arbitrary: letter },
    { weight: 1, arbitrary: digit },
    { weight: 2, arbitrary: sign },
  ),
  maxLength: 80,
})
const anything = fc.string({ unit: 'binary', maxLength: 60 })

describe('folding', () => {
  test('is idempotent on addresses', () => {
    fc.assert(
      fc.property(text, (line) => {
        expect(fold(fold(line))).toBe(fold(line))
      }),
    )
  })
  test('leaves only small letters, digits and single blanks, whatever the text', () => {
    fc.assert(
      fc.property(anything, (line) => {
        expect(fold(line)).toMatch(/^([a-z0-9]+( [a-z0-9]+)*)?$/)
      }),
    )
  })
  test('is the same for composed and decomposed letters', () => {
    fc.assert(
      fc.property(text, (line) => {
        expect(foldKeepingMarks(line.normalize('NFD'))).toBe(foldKeepingMarks(line.normalize('NFC')))
        expect(fold(line.normalize('NFD'))).toBe(fold(line.normalize('NFC')))
      }),
    )
  })
  test('is the same for capital letters', () => {
    fc.assert(
      fc.property(text, (line) => {
        expect(foldKeepingMarks(line.toUpperCase())).toBe(foldKeepingMarks(line))
      }),
    )
  })
  test('keeps the marks apart that make another word', () => {
    fc.assert(
      fc.property(letter, letter, (one, other) => {
        const same = one.toLowerCase() === other.toLowerCase()
        expect(foldKeepingMarks(`t${one}n`) === foldKeepingMarks(`t${other}n`)).toBe(same)
      }),
    )
  })

  test.each([
    ['Hòa', 'Hoà'],
    ['hoá', 'hóa'],
    ['Thủy', 'Thuỷ'],
    ['Khỏe', 'khoẻ'],
    ['Tuỳ', 'Tùy'],
    ['Quý', 'Qúy'],
    ['Lý', 'Lí'],
    ['Mỹ Quý', 'Mĩ Quí'],
    ['Phường 07', 'phường 7'],
    ["Cư M'gar", 'Cư Mgar'],
    ['Ｑｕận １', 'Quận 1'],
  ])('%s is written %s as well', (one, other) => {
    expect(foldKeepingMarks(one)).toBe(foldKeepingMarks(other))
  })
  test.each([
    ['Hoa', 'Hòa'],
    ['Ba Tơ', 'Ba Tô'],
    ['Thạnh', 'Thanh'],
    ['Đa', 'Da'],
    ['Thuy', 'Thúi'],
    ['Hai', 'Hay'],
  ])('%s is not %s', (one, other) => {
    expect(foldKeepingMarks(one)).not.toBe(foldKeepingMarks(other))
  })
})

describe('tokens', () => {
  test('cover every letter and digit of the text once, in order, and nothing else', () => {
    fc.assert(
      fc.property(text, (line) => {
        const covered = new Set<number>()
        let last = 0
        for (const { start, end } of tokenize(line)) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          for (let i = start; i < end; i++) covered.add(i)
          last = end
        }
        expect(last).toBeLessThanOrEqual(line.length)
        for (let i = 0; i < line.length; i++) expect(covered.has(i)).toBe(/[\p{L}\p{N}]/u.test(line[i]!))
      }),
    )
  })
  test('stay inside any text and are the fold of their span', () => {
    fc.assert(
      fc.property(anything, (line) => {
        for (const { start, end, fold: folded } of tokenize(line)) {
          expect(start >= 0 && end <= line.length && start < end).toBe(true)
          expect(fold(line.slice(start, end))).toBe(folded)
        }
      }),
    )
  })
  test('part letters from digits and know what stands between', () => {
    expect(tokenize('P.13, Q10 - 12/3').map(({ fold: word, gap }) => [word, gap])).toEqual([
      ['p', Gap.space],
      ['13', Gap.dot],
      ['q', Gap.comma],
      ['10', Gap.joined],
      ['12', Gap.dash],
      ['3', Gap.slash],
    ])
  })
})
