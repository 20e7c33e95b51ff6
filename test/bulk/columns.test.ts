import { expect, test } from 'vitest'
import { fieldsOf, MappingError, recognise } from '../../src/bulk/columns.ts'
import { RESULT_COLUMNS } from '../../src/bulk/result.ts'

const columns = (header: string, map: string[] = []) => recognise(header.split('|'), map).columns

test.each([
  ['Mã hộ|Địa chỉ|Kinh độ|Vĩ độ', { externalId: 0, address: 1, lon: 2, lat: 3 }],
  [
    'STT|Số nhà|Đường/Phố|Thôn/Xóm/Tổ|Phường/Xã|Quận/Huyện|Tỉnh/TP',
    { houseNumber: 1, street: 2, hamlet: 3, commune: 4, district: 5, province: 6 },
  ],
  ['SO_NHA|TEN_DUONG|PHUONG_XA|TINH_THANH_PHO', { houseNumber: 0, street: 1, commune: 2, province: 3 }],
  ['địa chỉ đầy đủ|lat|lng', { address: 0, lat: 1, lon: 2 }],
  [
    'housenumber|street|ward|district|lat|lon',
    { houseNumber: 0, street: 1, commune: 2, district: 3, lat: 4, lon: 5 },
  ],
  ['Căn hộ|Address|City|x|y', { unit: 0, address: 1, province: 2, lon: 3, lat: 4 }],
  ['Địa chỉ|Toạ độ', { address: 0, coordinates: 1 }],
  ['Tên đường|Xã, phường|Tỉnh, thành phố', { street: 0, commune: 1, province: 2 }],
  ['id|địa chỉ mới', { address: 1 }],
])('%s', (header, expected) => {
  expect(columns(header)).toEqual(expected)
  expect(columns(header.normalize('NFD'))).toEqual(expected)
})

test('a plain id, names and phones are left alone', () => {
  expect(columns('Số hộ|Địa chỉ')).toEqual({ address: 1 })
  expect(columns('id|Họ tên|Điện thoại|CCCD|Địa chỉ|Ghi chú')).toEqual({ address: 4 })
})

test.each(['Thành phố/Huyện', 'Huyện/Thành phố', 'TP/Huyện', 'Huyện, thị xã, thành phố', 'Huyện/TX/TP'])(
  '%s is the district',
  (header) => {
    expect(columns(`Địa chỉ|Phường/Xã|${header}|Tỉnh`)).toEqual({
      address: 0,
      commune: 1,
      district: 2,
      province: 3,
    })
  },
)

test('our own columns of a result that is loaded again are left alone', () => {
  const header = ['Địa chỉ', 'Mã hộ', ...RESULT_COLUMNS]
  const { columns, notes } = recognise(header)
  expect(columns).toEqual({ address: 0, externalId: 1 })
  expect(notes).toContain('the columns of an earlier result are left alone')
  // Their points can still be asked for.
  expect(recognise(header, [], () => null, 'point').columns).toMatchObject({ lat: 6, lon: 7 })
  expect(recognise(header, ['latitude=lat', 'longitude=lon']).columns).toMatchObject({ lat: 6, lon: 7 })
})

test('--map decides, and the field is not looked for elsewhere', () => {
  const header = 'id|old_address|new_address|old_ward_code|lat|lon'
  expect(columns(header, ['old_address=address'])).toEqual({ address: 1, lat: 4, lon: 5 })
  expect(columns(header, ['new_address=address', 'id=externalId'])).toEqual({
    externalId: 0,
    address: 2,
    lat: 4,
    lon: 5,
  })
  expect(columns('Địa chỉ|Ghi chú', ['Ghi chú=address'])).toEqual({ address: 1 })
  expect(columns('Địa chỉ|Phường', ['phường=none'])).toEqual({ address: 0 })
  expect(columns('a=b|c', ['a=b=address'])).toEqual({ address: 0 })
})

test.each([
  ['old_address|new_address', [], /each could be the address.*--map "old_address=address"/],
  ['12 Lê Lợi|Quận 1', [], /No column was recognised.*"12 Lê Lợi", "Quận 1".*--map/],
  ['Diachi cu the|X|Y', [], /No column was recognised as an address/],
  ['DANH SÁCH HỘ||', [], /put a header above the data/],
  ['address', ['adress=address'], /no column "adress".*"address"/],
  ['address', ['address=adress'], /no field "adress".*externalId/],
  ['address|Address', ['ADDRESS=address'], /2 columns are called/],
  ['address', ['address'], /not of the form HEADER=FIELD/],
  ['a|b', ['a=address', 'b=address'], /two columns for address/],
  ['address|Bắc', ['Bắc=lat'], /one half of a point/],
])('refused: %s with %j', (header, map, message) => {
  expect(() => columns(header, map)).toThrow(MappingError)
  expect(() => columns(header, map)).toThrow(message)
})

test('a second column for the same field is named, not used', () => {
  const { columns, notes } = recognise(['Địa chỉ', 'Địa chỉ thường trú', 'Địa chỉ'])
  expect(columns).toEqual({ address: 0 })
  expect(notes).toEqual([
    'column 2 "Địa chỉ thường trú" could be address too; column 1 "Địa chỉ" is used',
    'column 3 "Địa chỉ" could be address too; column 1 "Địa chỉ" is used',
  ])
})

test('only mapped cells reach the pipeline', () => {
  const found = columns('Họ tên|Địa chỉ|Phường')
  expect(fieldsOf(['Nguyễn Văn A', '12 Lê Lợi', ''], found)).toEqual({ address: '12 Lê Lợi' })
})

test('one cell with both numbers goes where the pipeline reads pairs', () => {
  expect(fieldsOf(['10.7721, 106.6983'], { coordinates: 0 })).toEqual({ lat: '10.7721, 106.6983' })
  expect(fieldsOf(['', '1, 2'], { lat: 0, coordinates: 1 })).toEqual({ lat: '1, 2' })
})

test('many columns called alike are named a few at a time', () => {
  const { columns: found, notes } = recognise(['Địa chỉ', ...Array<string>(2000).fill('Địa chỉ')], [])
  expect(found).toEqual({ address: 0 })
  expect(notes).toHaveLength(11)
  expect(notes.at(-1)).toMatch(/^1990 more columns/)
})
