import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openShares, openSlots, UNDER_WAY } from '../../src/http/slots.ts'

const full = expect.objectContaining({ code: 'too-many-files' })

test('callers without a key hold at most half of the places', () => {
  const slots = openSlots(4)
  const ends = [slots.take(false), slots.take(false)]
  expect(() => slots.take(false)).toThrow(full)
  ends.push(slots.take(true), slots.take(true))
  expect(() => slots.take(true)).toThrow(full)
  ends[0]!()
  ends[0]!()
  slots.take(false)
  expect(() => slots.take(true)).toThrow(full)
  expect(() => slots.take(false)).toThrow(full)
})

test('keys may hold all of them', () => {
  const slots = openSlots(2)
  slots.take(true)
  slots.take(true)
  expect(() => slots.take(false)).toThrow(full)
})

test('each name has its share', () => {
  const shares = openShares(1)
  const end = shares.take('a')
  expect(() => shares.take('a')).toThrow(expect.objectContaining({ code: 'too-many-at-once' }))
  shares.take('b')
  end()
  shares.take('a')
})

test('docs/settings.md has each bound, and what it makes of several processes', () => {
  const [, page] = readFileSync('docs/settings.md', 'utf8').split('## What each process bounds by itself')
  const rows = [...page!.matchAll(/^\| .+ \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)].map((row) =>
    row.slice(1).map(Number),
  )
  expect(rows).toEqual(Object.values(UNDER_WAY).map((most) => [1, 2, 4, 8].map((n) => n * most)))
})
