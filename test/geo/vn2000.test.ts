import { expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import { fromVn2000 } from '../../src/geo/vn2000.ts'
import { prepareRow } from '../../src/pipeline.ts'

// Made with Krüger's series and the exact inverse of the seven parameters, without the library that is tested.
test.each([
  [1191410.667, 603515.044, 105.75, 10.7721, 106.6983],
  [2326345.534, 588592.665, 105, 21.0285, 105.8542],
  [1775651.326, 548188.921, 107.75, 16.0544, 108.2022],
  [2471191.712, 406457.974, 104.75, 22.3364, 103.8438],
  [951033.825, 524018.967, 104.5, 8.6, 104.72],
])('%d, %d of the zone of %d is %d, %d', (northing, easting, meridian, lat, lon) => {
  const point = fromVn2000(northing, easting, meridian)
  // 1 mm in the numbers, some more between the two ways through the seven parameters.
  expect(point.lat).toBeCloseTo(lat, 7)
  expect(point.lon).toBeCloseTo(lon, 7)
})

const gazetteer = load()
const row = (address: string, lat: string, lon: string) => prepareRow({ address, lat, lon }, gazetteer)

test.each([
  ['a former province', '12 Lê Lợi, Phường Bến Thành, Quận 1, TP.HCM'],
  ['a current one, which has three meridians', '12 Lê Lợi, Phường Bến Thành, Thành phố Hồ Chí Minh'],
])('the zone follows from %s, in either order of the columns', (_, address) => {
  for (const [lat, lon] of [
    ['1191410.667', '603515.044'],
    ['603515,044', '1191410,667'],
  ]) {
    const { location, issues, draft } = row(address, lat!, lon!)
    expect(location).toMatchObject({
      precision: 'point',
      lat: expect.closeTo(10.7721, 6),
      lon: expect.closeTo(106.6983, 6),
    })
    expect(issues).toContain('converted-from-vn2000')
    expect(issues).not.toContain('projected-coordinates')
    expect(draft?.vpostcode).toHaveLength(12)
  }
})

test('of a province alone only one zone may fit', () => {
  const { location } = row('12 Lê Lợi, Thành phố Hà Nội', '2326345.534', '588592.665')
  expect(location).toMatchObject({ precision: 'point', lat: expect.closeTo(21.0285, 6) })
})

test('metres that lie elsewhere in every zone of the text stay unused and are said', () => {
  const { location, issues, draft } = row(
    '12 Lê Lợi, Phường Bến Thành, Quận 1, TP.HCM',
    '2326345.534',
    '588592.665',
  )
  expect(location?.precision).toBe('interpolated')
  expect(issues).toContain('projected-coordinates')
  expect(draft?.point).toBe(null)
})

test('every former province has a meridian, and its communes lie in that zone', () => {
  for (const { inside, sources } of gazetteer.communes)
    for (const { former } of sources)
      expect(Math.abs(gazetteer.meridian(former.province) - inside.lon), former.fullName).toBeLessThan(2.2)
})

test('seconds without a fraction are too coarse for a code', () => {
  const fine = row('12 Lê Lợi, Phường Bến Thành, TP.HCM', `10°46'19.6"N`, `106°41'53.9"E`)
  expect(fine.draft?.vpostcode).toHaveLength(12)
  expect(fine.issues).toContain('degrees-minutes-seconds')
  const coarse = row('12 Lê Lợi, Phường Bến Thành, TP.HCM', `10°46'20"N`, `106°41'54"E`)
  expect(coarse.draft?.point).toBe(null)
  expect(coarse.issues).toContain('coarse-coordinates')
})
