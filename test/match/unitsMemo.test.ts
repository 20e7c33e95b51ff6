import { beforeAll, expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import type { Gazetteer } from '../../src/gazetteer/types.ts'
import { understandText } from '../../src/match/understand.ts'
import { UnitsMemo } from '../../src/match/unitsMemo.ts'

let gazetteer: Gazetteer
beforeAll(() => {
  gazetteer = load()
})

const HEADS = [
  '12 Lê Lợi',
  '130/20/14/3 Lê Văn Sỹ',
  'Thôn 3',
  'Chợ Bến Thành',
  'số 5 ngõ 9 phố Huế',
  'Hà Nội',
  '61, 1 Ngô Gia Tự',
  'x',
]

test('answers do not depend on the memo, whatever was read before', () => {
  const memo = new UnitsMemo()
  let compared = 0
  // Every thirtieth former commune in turn with each beginning, twice, so that the second time is remembered.
  for (const round of [1, 2])
    for (const [i, { fullName, district, province }] of gazetteer.formerCommunes.entries()) {
      if (i % 30 !== 0) continue
      const ends = [
        `${fullName}, ${district.fullName}, ${province.fullName}`,
        `${fullName} ${district.name} ${province.name}, Việt Nam`,
        `${fullName}, ${province.name}`,
      ]
      const text = `${HEADS[(i + round) % HEADS.length]}, ${ends[i % 3]}`
      expect(understandText(text, gazetteer, { memo })).toEqual(understandText(text, gazetteer))
      compared++
    }
  expect(compared).toBeGreaterThan(600)
})
