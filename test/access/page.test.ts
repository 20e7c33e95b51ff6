import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Access, mayUse, ROLES } from '../../src/access/caller.ts'
import { PER_MINUTE } from '../../src/access/wish.ts'

/** docs/access.md, line by line of its tables. */
const rows = readFileSync('docs/access.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
const rowOf = (title: string) => rows.find(([first]) => first?.startsWith(title)) ?? []

test.each<[Access, string]>([
  ['search', 'search, autocomplete'],
  ['resolve', 'a code, an id or a point'],
  ['read', 'units, postcodes'],
  ['bulk', 'batches, jobs'],
  ['registry', 'households with all'],
  ['observe', 'observations'],
  ['write', 'changes of households'],
  ['jobs', 'how far jobs are'],
  ['manage', 'keys: list'],
])('docs/access.md says who may %s', (access, title) => {
  const roles = ['public', ...ROLES] as const
  expect(
    rowOf(title)
      .slice(1)
      .map((cell) => cell !== ''),
  ).toEqual(roles.map((role) => mayUse({ role }, access)))
})

test('docs/access.md says how often each role may ask', () => {
  for (const role of ROLES) {
    const row = rows.find(
      ([first, second]) => first?.includes(`\`${role}\``) && /^[\d,]+$/.test(second ?? ''),
    )
    expect([role, Number(row?.[1]?.replace(',', ''))]).toEqual([role, PER_MINUTE[role]])
  }
})
