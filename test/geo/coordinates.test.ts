import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCoordinates } from '../../src/geo/coordinates.ts'

const BEN_THANH = { lat: 10.7721, lon: 106.6983 }

test.each([
  ['10.7721', '106.6983', []],
  [' 10.7721 ', '\u00a0106.6983\t', []],
  ['+10.7721', "'106.6983", []],
  ['10.7721°', '106.6983°', []],
  ['10.7721° N', '106.6983°E', []],
  ['N10.7721', 'E 106.6983', []],
  ['10.7721 B', '106.6983 Đ', []],
  ['1.07721e1', '1.066983E+2', []],
  ['10,7721', '106,6983', ['decimal-comma']],
  ['106.6983', '10.7721', ['swapped-coordinates']],
  ['106,6983', '10,7721', ['decimal-comma', 'swapped-coordinates']],
  ['106.6983E', '10.7721N', ['swapped-coordinates']],
  ['10.7721, 106.6983', '', []],
  ['', '10.7721,106.6983', []],
  ['(10.7721; 106.6983)', undefined, []],
  ['10.7721 106.6983', null, []],
  ['10.7721°N, 106.6983°E', '', []],
  ['10.7721 N 106.6983 E', '', []],
  ['106.6983, 10.7721', '', ['swapped-coordinates']],
  ['10,7721; 106,6983', '', ['decimal-comma']],
  ['10,7721, 106,6983', '', ['decimal-comma']],
  ['10,7721,106,6983', '', ['decimal-comma']],
  ['10.7721, 106.6983', '10.7721, 106.6983', []],
] as const)('%j and %j are read', (lat, lon, issues) => {
  expect(readCoordinates(lat, lon)).toEqual({ ...BEN_THANH, issues })
})

test.each([
  ['', ''],
  [undefined, undefined],
  [null, ' \t\u00a0'],
  ['NULL', 'null'],
  ['-', '-'],
  ['#N/A', 'N/A'],
  ['chưa có', ''],
])('%j and %j say nothing', (lat, lon) => {
  expect(readCoordinates(lat, lon)).toBeNull()
})

test.each([
  ['0', '0', 'zero-coordinates'],
  ['0.000', '0', 'zero-coordinates'],
  ['0,0', '0,0', 'zero-coordinates'],
  ['0', '', 'zero-coordinates'],
  ['0, 0', '', 'zero-coordinates'],
  ['10.7721', '', 'bad-coordinates'],
  ['', '106.6983', 'bad-coordinates'],
  ['10,7721', '', 'bad-coordinates'],
  ['abc', '106.6983', 'bad-coordinates'],
  ['10.772.100', '106.698.300', 'bad-coordinates'],
  ['10,772,100', '106,698,300', 'bad-coordinates'],
  ['10772100', '106698300', 'bad-coordinates'],
  ['10 7721', '106.6983', 'bad-coordinates'],
  ['10.7721.', '106.6983', 'bad-coordinates'],
  ['NaN', 'Infinity', 'bad-coordinates'],
  ['10.7721', '206.6983', 'bad-coordinates'],
  ['9'.repeat(1000), '106', 'bad-coordinates'],
  ['48.8566', '2.3522', 'outside-coverage'],
  ['-10.7721', '106.6983', 'outside-coverage'],
  ['10.7721S', '106.6983', 'outside-coverage'],
  ['10.7721', '106.6983 T', 'outside-coverage'],
  ['35.6812, 139.7671', '', 'outside-coverage'],
  ['10°66\'19"N', '106°41\'53"E', 'sexagesimal-coordinates'],
  ["10° 46'", 'abc', 'sexagesimal-coordinates'],
] as const)('%.30j and %.30j are refused: %s', (lat, lon, error) => {
  expect(readCoordinates(lat, lon)).toEqual({ error })
})

test.each([
  ['1191234.56', '602345.67', 1191234.56, 602345.67],
  ['602345', '1191234', 1191234, 602345],
  ['1.191.234,567', '602.345,12', 1191234.567, 602345.12],
  ['1,191,234', '602,345', 1191234, 602345],
  ['1 191 234', '602 345', 1191234, 602345],
  ['2325000', '585000', 2325000, 585000],
])('%j and %j are metres, whose zone the numbers do not tell', (lat, lon, northing, easting) => {
  expect(readCoordinates(lat, lon)).toEqual({ error: 'projected-coordinates', northing, easting })
})

test.each([
  [`10°46'19.56"N`, `106°41'53.88"E`, 0.31, []],
  [`10°46'19,56"`, `106°41'53,88"`, 0.31, []],
  ['10° 46′ 19.56″ B', '106° 41′ 53.88″ Đ', 0.31, []],
  [`10°46'19.56''N 106°41'53.88''E`, '', 0.31, []],
  [`106°41'53.88"E, 10°46'19.56"N`, null, 0.31, ['swapped-coordinates']],
  [`N10°46'19.56"; E106°41'53.88"`, '', 0.31, []],
  ['10° 46.326', '106° 41.898', 1.85, []],
  [`10°46'20"N`, `106°41'54"E`, 31, []],
] as const)('%j and %j are degrees, minutes and seconds', (lat, lon, step, issues) => {
  const read = readCoordinates(lat, lon)
  if (!read || 'error' in read) throw new Error('not read')
  expect([read.lat, read.lon]).toEqual([expect.closeTo(10.7721, 3), expect.closeTo(106.6983, 3)])
  expect(Math.abs(read.lat - 10.7721) * 111_000).toBeLessThanOrEqual(step)
  expect(read.step).toBeCloseTo(step, 6)
  expect(read.issues).toEqual(['degrees-minutes-seconds', ...issues])
})

test('every point of the country is read back however it is written', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 7_200_000, max: 23_400_000 }),
      fc.integer({ min: 102_100_000, max: 117_900_000 }),
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom(null, '; ', ', ', ' '),
      (latMillionths, lonMillionths, swap, comma, joint) => {
        const point = { lat: latMillionths / 1e6, lon: lonMillionths / 1e6 }
        const write = (value: number) => value.toFixed(6).replace('.', comma ? ',' : '.')
        const cells = swap ? [write(point.lon), write(point.lat)] : [write(point.lat), write(point.lon)]
        const read =
          joint === null ? readCoordinates(cells[0], cells[1]) : readCoordinates(cells.join(joint), '')
        expect(read).toEqual({
          ...point,
          issues: [...(comma ? ['decimal-comma'] : []), ...(swap ? ['swapped-coordinates'] : [])],
        })
      },
    ),
    { seed: 7, numRuns: 1000 },
  )
})

test('no text whatever makes it throw', () => {
  const cell = fc.oneof(fc.string(), fc.stringMatching(/^[-+0-9., °'"NSEWBĐT;]{0,30}$/))
  fc.assert(
    fc.property(cell, cell, (lat, lon) => {
      const read = readCoordinates(lat, lon)
      expect(read === null || 'error' in read || (read.lat > 6 && read.lon > 101)).toBe(true)
    }),
    { seed: 8, numRuns: 2000 },
  )
})
