import { fold } from '../../../src/text/tokens.ts'
import { type Context, isSure, readCsv } from '../context.ts'
import { currentOf } from '../names.ts'

/**
 * new-structure-noisy.csv. The street is answered as written, typos included, and the label is the clean name: it counts as
 * found when its letters lie within one edit in five of the label's (at least two), after the type word in front and
 * blanks and marks are dropped. The file's noise writes "đ" as "duong" or "d."; that is undone on both sides.
 */
export function noisy({ understand, report, gazetteer }: Context): void {
  for (const row of readCsv('new-structure-noisy.csv')) {
    const text = row['query']!
    const answer = understand(text)
    const label = row['expected_street']!
    const units = currentOf(answer, gazetteer)
    const named = units.commune(row['expected_ward']!) && units.province(row['expected_province']!)
    const street = label === '' || isStreet(answer.components.street ?? '', label)
    const expected = [label, row['expected_ward'], row['expected_province']].filter(Boolean).join(', ')
    report.score('noisy.all', named && street, text, expected, answer)
    report.score('noisy.units', named, text, expected, answer)
    if (label !== '') report.score('noisy.street', street, text, expected, answer)
    report.score('noisy.sure', named || !isSure(answer), text, expected, answer)
    const province = units.province(row['expected_province']!) ? answer.current!.province.code : ''
    report.sample(answer, named, province)
  }
}

function isStreet(street: string, label: string): boolean {
  const allowed = Math.max(2, Math.floor(plain(label).length / 5))
  return street !== '' && edits(plain(street), plain(label)) <= allowed
}

const plain = (street: string) =>
  fold(street)
    .replace(/^(duong|dg|pho|ph|d|p) /, '')
    .replace(/duong|dg/g, 'd')
    .replace(/ /g, '')

/** Levenshtein distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
