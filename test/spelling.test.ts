import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Where texts for people stand. The other rooms have words of addresses, which people write either way. */
const TEXTS = ['src/web', 'src/http', 'src/access', 'src/registry', 'src/bulk', 'src/cli', 'src/vpostcode']
const ALONE = ['src/match/issueCodes.ts', 'docs/issues.md']

/** The tone on the first of two vowels: "tọa độ", "xóa". A capital within a line begins a name ("Biên Hòa"). */
const FIRST_VOWEL = /(?<!\p{L})\p{L}*(?:[óòỏõọ][ae]|(?<!q)[úùủũụ]y)(?!\p{L})/giu
const isName = (text: string, at: number) =>
  /\p{Lu}/u.test(text[at]!) && /[\p{L},] $/u.test(text.slice(0, at))

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(tsx?|html)$/.test(name))
    .map((name) => join(folder, name))

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')

test('all texts put the tone as "toạ độ", "xoá", "khoá", "huỷ" have it: on the second of two vowels', () => {
  const files = [...TEXTS.flatMap(filesIn), ...ALONE]
  const found = files.flatMap((file) => {
    const text = withoutComments(readFileSync(file, 'utf8'))
    return [...text.matchAll(FIRST_VOWEL)]
      .filter((match) => !isName(text, match.index))
      .map(([word]) => `${file}: ${word}`)
  })
  expect(found).toEqual([])
})

test('the other way would be found', () => {
  expect('Tọa độ, xóa, hủy, thủy'.match(FIRST_VOWEL)).toEqual(['Tọa', 'xóa', 'hủy', 'thủy'])
  expect('toạ độ, xoá, quý, của, tòa nhà họa'.match(FIRST_VOWEL)).toEqual(['tòa', 'họa'])
})
