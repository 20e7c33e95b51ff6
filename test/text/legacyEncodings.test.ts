import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import { understandText } from '../../src/match/understand.ts'
import {
  convertLegacy,
  detectLegacy,
  fromLegacy,
  type LegacyEncoding,
} from '../../src/text/legacyEncodings.ts'
import { CHARACTER_SETS } from '../../src/text/legacyTables.ts'
import { isSyllable } from '../../src/text/syllable.ts'
import { groups, readGroup } from '../cases/check.ts'

const gazetteer = load()

describe('letters', () => {
  test.each([
    [
      'tcvn3',
      'Hµ Néi, Ph­êng BÕn Thµnh, §èng §a, NguyÔn Tr·i, Kú §ång, ThÞ x·',
      'Hà Nội, Phường Bến Thành, Đống Đa, Nguyễn Trãi, Kỳ Đồng, Thị xã',
    ],
    ['tcvn3', '¨»¼½¾Æ ©ÇÈÉÊË ªÒÓÔÕÖ «åæçèé ¬êëìíî ­õö÷øù', 'ăằẳẵắặ âầẩẫấậ êềểễếệ ôồổỗốộ ơờởỡớợ ưừửữứự'],
    [
      'vni',
      'Haø Noäi, Phöôøng Beán Thaønh, Ñoáng Ña, Nguyeãn Traõi, Kyø Ñoàng, Lî',
      'Hà Nội, Phường Bến Thành, Đống Đa, Nguyễn Trãi, Kỳ Đồng, Lỵ',
    ],
    ['vni', 'aêaèaúaüaéaë aâaàaåaãaáaä ìæóíò öøöûöõöùöï', 'ăằẳẵắặ âầẩẫấậ ìỉĩíị ừửữứự'],
    ['vni', 'ÑÖÔØNG TRAÀN HÖNG ÑAÏO, Quaän 1', 'ĐƯỜNG TRẦN HƯNG ĐẠO, Quận 1'],
    ['windows-1258', 'Haì Nôòi, PhýõÌng Bêìn ThaÌnh, Ðôìng Ða', 'Há Nội, Phường Bến Thành, Đống Đa'],
    ['utf-8', 'HÃ\u00a0 Ná»™i, PhÆ°á»\u009dng, â€™', 'Hà Nội, Phường, ’'],
    ['utf-8', 'HÃ  Ná»™i', 'Hà Nội'],
  ] as [LegacyEncoding, string, string][])('%s: %s', (encoding, given, meant) => {
    const { text } = convertLegacy(given, encoding)
    expect(text).toBe(meant)
    expect(text).toBe(text.normalize('NFC'))
  })

  test('a lost soft hyphen is put back where no other letter can stand', () => {
    expect(fromLegacy('Phêng BÕn Thµnh')?.text).toBe('Phường Bến Thành')
    expect(fromLegacy('M­êng Kh¬ng, Sµ Ph×n')?.text).toBe('Mường Khơng, Sà Phìn')
  })

  test('a text in capitals of a font for capitals becomes capitals', () => {
    expect(fromLegacy('TØNH NGHÖ AN')?.text).toBe('TỈNH NGHỆ AN')
    expect(fromLegacy('22 NGUYÔN TR·I, QUËN 1, TP. Hå CHÝ MINH')?.text).toBe(
      '22 NGUYỄN TRÃI, QUẬN 1, TP. HỒ CHÍ MINH',
    )
    expect(fromLegacy('22 NguyÔn Tr·i, HUÕ')?.text).toBe('22 Nguyễn Trãi, HUế')
  })

  test('one word that is of no name by chance is no evidence', () => {
    for (const text of ['0;3bis.BR-VèT', '12 Lê Lợi Pè'])
      expect(understandText(text, gazetteer).issues.map(({ code }) => code)).not.toContain(
        'converted-from-tcvn3',
      )
    expect(understandText('5 HuÕ', gazetteer).issues.map(({ code }) => code)).toContain(
      'converted-from-tcvn3',
    )
  })

  test('each code unit knows where it came from', () => {
    const given = 'Phêng Haø'
    for (const encoding of ['tcvn3', 'vni', 'windows-1258'] as const) {
      const { text, starts } = convertLegacy(given, encoding)
      expect(starts).toHaveLength(text.length + 1)
      expect([...starts]).toEqual([...starts].sort((a, b) => a - b))
      expect(starts.at(-1)).toBe(given.length)
    }
  })
})

/** A text as a program shows it that takes its bytes for Windows-1252. */
function misread(text: string, encoding: LegacyEncoding): string {
  if (encoding === 'utf-8') return Buffer.from(text).toString('latin1')
  const { letters } = CHARACTER_SETS[encoding]
  const looks = new Map([...letters].reverse().map(([look, letter]) => [letter, look]))
  // TCVN3 writes capitals with tones as small letters in a font of capitals.
  return [...text].map((letter) => looks.get(letter) ?? looks.get(letter.toLowerCase()) ?? letter).join('')
}

const units = [
  ...gazetteer.communes,
  ...gazetteer.formerCommunes,
  ...gazetteer.communes.map(({ province }) => province),
  ...gazetteer.formerCommunes.flatMap(({ district, province }) => [district, province]),
]
const names = [...new Set(units.flatMap(({ name, fullName }) => [name, fullName]))].map((name) =>
  name.normalize('NFC'),
)
const lines = gazetteer.formerCommunes.map(({ fullName, district, province }) =>
  `${fullName}, ${district.fullName}, ${province.fullName}`.normalize('NFC'),
)
const NOT_ASCII = /[^\0-\x7f]/

describe('all unit names', () => {
  test('in Unicode are left alone, composed or not', () => {
    const touched = [...names, ...lines].filter(
      (name) => fromLegacy(name) || fromLegacy(name.normalize('NFD')),
    )
    expect(names.length).toBeGreaterThan(8000)
    expect(touched).toEqual([])
  })

  // Read alone, a name of an old encoding can be another name of Unicode: "Phó Linh" is Phú Linh in TCVN3, "Sôn" is Sơn in VNI.
  test.each([
    ['tcvn3', 0.98, 0.9997],
    ['vni', 0.98, 1],
    ['windows-1258', 0.95, 1],
    ['utf-8', 1, 1],
  ] as [LegacyEncoding, number, number][])(
    '%s: a name alone and with its district and province',
    (encoding, alone, inLine) => {
      const right = (text: string) => {
        const shown = misread(text, encoding)
        return (fromLegacy(shown)?.text ?? shown).toLowerCase() === text.toLowerCase()
      }
      const share = (texts: string[]) => texts.filter(right).length / texts.length
      const marked = names.filter((name) => NOT_ASCII.test(name))
      console.log(encoding, share(marked), share(lines), lines.filter((l) => !right(l)).slice(0, 5))
      expect(share(marked)).toBeGreaterThanOrEqual(alone)
      expect(share(lines)).toBeGreaterThanOrEqual(inLine)
    },
  )
})

test('all own cases of true Unicode are left alone', () => {
  const texts = groups()
    .filter((group) => group !== 'old-encodings')
    .flatMap(readGroup)
    .map(({ text }) => text)
  expect(texts.filter((text) => fromLegacy(text))).toEqual([])
})

test.each(
  (
    'Café José|Müller GmbH|Zürich|Malmö|São Paulo|Señor Niño|Nestlé|Citroën|Crème brûlée|Château Margaux|Ångström|Straße|' +
    'Øresund|Curaçao|Noël|Pâtisserie Hà Nội|Besançon|Düsseldorf|«Sunrise»|5 µm|½ lô|12 m²|36°C|© 2020|®|“A”|Ða Kao|' +
    'Lê Quý Ðôn|Hòang Hoa Thám|BìNH AN|THàNH CôNG|Thaí Bình|Hà Nam'
  ).split('|'),
)('%s is left alone', (text) => {
  expect(fromLegacy(text)).toBeNull()
})

describe('an understanding', () => {
  const given = 'Soá 3, aáp 2, xaõ Taân Thoâng Hoäi, huyeän Cuû Chi, TP.HCM, ÑT: 0901234567'
  const answer = understandText(given, gazetteer)
  test('says what was converted and keeps the text and the spans as given', () => {
    expect(answer.input).toBe(given)
    expect(answer.issues[0]).toMatchObject({
      code: 'converted-from-vni',
      used: expect.stringContaining('Củ Chi'),
    })
    expect(answer.private.map(({ start, end }) => given.slice(start, end))).toEqual([
      expect.stringContaining('0901234567'),
    ])
    expect(given.slice(answer.private[0]!.end)).toBe('')
  })
})

test('what is spelled like a syllable', () => {
  const all = (words: string) => words.split(' ').map((word) => isSyllable(word))
  expect(all('Hoà hòa gì giếng quốc Nghiêng Thuỷ thủy ƯỚC uống khuỷu Ðông Đắk')).not.toContain(false)
  expect(all('Haò Hµ thươc Jöhn café quư ngh Bình2')).not.toContain(true)
})

// The labelled cases are not in the repository.
const cases = `${process.env.VPOSTCODE_SHARED ?? '../shared'}/data/cases`
test.skipIf(!existsSync(cases))(
  'the texts of the labelled cases are left alone (needs the reference data)',
  () => {
    const touched = readdirSync(cases).flatMap((file) =>
      readFileSync(`${cases}/${file}`, 'utf8')
        .split(/\n|","|": ?"/)
        .filter((text) => detectLegacy(text.slice(0, 500))),
    )
    expect(touched).toEqual([])
  },
)
