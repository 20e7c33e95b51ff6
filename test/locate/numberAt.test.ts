import { expect, test } from 'vitest'
import type { Anchor } from '../../src/locate/door/anchors.ts'
import { numberingOf } from '../../src/locate/door/numbering.ts'
import { numberAt } from '../../src/locate/numberAt.ts'

/** Odd numbers on the left, every 5 m one, from number 1 at 0 m on. */
const anchor = (number: number, more: Partial<Anchor> = {}): Anchor => ({
  number,
  text: String(number),
  along: number * 5,
  left: number % 2 === 1 ? 10 : -10,
  weight: 1,
  from: 'house',
  ...more,
})
const at = (along: number, side: 'left' | 'right' | 'on', anchors: readonly Anchor[]) =>
  numberAt(along, side, anchors, numberingOf(anchors))

const street = [1, 11, 21, 2, 12, 22].map((number) => anchor(number))

test('between two known numbers of its side', () => {
  expect(at(76, 'left', street)).toEqual({ number: 15, parity: 'odd', between: ['11', '21'], gap: 50 })
  expect(at(76, 'right', street)).toEqual({ number: 16, parity: 'even', between: ['12', '22'], gap: 50 })
})

test('with numbers that fall along the street', () => {
  const falling = street.map((one) => ({ ...one, along: 200 - one.along, left: -one.left! }))
  expect(at(200 - 76, 'right', falling)).toMatchObject({ number: 15, parity: 'odd' })
})

test('by the numbers across where its own side has none', () => {
  const oneSided = [1, 11, 21].map((number) => anchor(number))
  expect(at(80, 'right', oneSided)).toMatchObject({ number: 16, parity: 'even', between: ['11', '21'] })
})

test('without a side it is the number between', () => {
  expect(at(80, 'on', street)).toMatchObject({ number: 16, parity: null })
  const sideless = street.map((one) => ({ ...one, left: null }))
  expect(at(80, 'left', sideless)).toMatchObject({ parity: null })
})

test('nothing where no known number is near: far beyond the last, between two that are far apart', () => {
  expect(at(130, 'left', street)).toMatchObject({ number: 27, between: ['21'] })
  expect(at(400, 'left', street)).toBeNull()
  expect(at(2000, 'left', [anchor(1), anchor(801)])).toBeNull()
  expect(at(10, 'left', [])).toBeNull()
})
