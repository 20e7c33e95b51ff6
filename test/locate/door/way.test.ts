import { expect, test } from 'vitest'
import { singles, turnsOf, wayOf } from '../../../src/locate/door/way.ts'
import type { Alley } from '../../../src/match/types.ts'

const turns = (houseNumber: string, ...alleys: string[]) => {
  const named = alleys.map((number): Alley => ({ kind: 'ngo', number }))
  const way = wayOf({ ...(houseNumber && { houseNumber }), alleys: named })
  return way && { turns: turnsOf(way).join(' '), first: way.first, house: way.house }
}

test.each([
  ['130/20/14/3', [], '130 20 14 3', 130],
  ['K448/H20/2', ['448', '20'], '448 20 2', 448],
  ['25', ['78', '34/56'], '78 34 56 25', 78],
  ['25', ['78', '78/34'], '78 34 25', 78],
  ['25/14', ['130', '25'], '130 25 14', 130],
  ['40bis/1', ['40bis'], '40BIS 1', 40],
  ['1099A', [], '1099A', 1099],
  ['007', [], '7', 7],
  ['1061 b', [], '1061B', 1061],
  ['B6/185', ['B6'], 'B6 185', Number.NaN],
  ['44202', [], '44202', Number.NaN],
  ['', ['12'], '12', 12],
  ['0', [], '0', Number.NaN],
  ['1/2/3/4/5/6/7/8', [], '1 2 3 4 5 6 7 8', 1],
  ['1/2/3/4/5/6/7/8/9', [], '1 2 3 4 5 6 7 8 9', Number.NaN],
])('the way to %s behind %j', (houseNumber, alleys, expected, first) => {
  expect(turns(houseNumber, ...alleys)).toMatchObject({ turns: expected, first })
})

test('an address without number and alley has none; one that stops at an alley has no house', () => {
  expect(turns('')).toBeNull()
  expect(turns('', '12')).toMatchObject({ house: null })
})

test.each([
  ['14;16', ['14', '16']],
  ['109-111', ['109', '111']],
  ['74 - 76', ['74', '76']],
  ['2-4-6A', ['2', '4', '6A']],
  ['BL.A-10', ['BLA-10']],
  ['031', ['31']],
])('the numbers of %s', (number, expected) => expect(singles(number)).toEqual(expected))
