import type { Severity } from './types.ts'

/**
 * The closed list of what can be remarked about an address or a row, with the texts shown to people.
 * Codes are part of the public contract: they are added to, never renamed.
 */
export const ISSUES = {
  'commune-missing': ['warning', 'Không nêu xã, phường', 'No commune is named'],
  'commune-unknown': [
    'warning',
    'Không có xã, phường tên này ở nơi đã nêu',
    'No commune of this name is known in the place that is named',
  ],
  'province-missing': ['info', 'Không nêu tỉnh, thành phố', 'No province is named'],
  'province-contradicts': [
    'warning',
    'Xã, phường không thuộc tỉnh, thành phố đã nêu',
    'The commune never lay in the province that is named',
  ],
  'former-units': ['info', 'Đơn vị hành chính trước tháng 7/2025', 'Units from before July 2025'],
  'earlier-units': ['info', 'Đơn vị đã sáp nhập trước tháng 6/2025', 'Units merged before June 2025'],
  'mixed-eras': ['info', 'Lẫn đơn vị cũ và mới', 'Former and current units in one line'],
  'other-era': [
    'warning',
    'Địa chỉ nêu đơn vị không thuộc thời kỳ được chọn',
    'The text names units that are not of the era asked for',
  ],
  'several-communes': ['warning', 'Có nhiều xã, phường phù hợp', 'Several communes fit'],
  'split-commune': ['warning', 'Xã, phường cũ đã chia cho nhiều đơn vị mới', 'The former commune was split'],
  'population-moved': [
    'info',
    'Xã cũ bị chia; toàn bộ dân cư thuộc đơn vị này',
    'The former commune was split; its whole population went here',
  ],
  'decided-by-point': [
    'info',
    'Chọn xã, phường theo toạ độ hoặc mã',
    'The coordinates or a code decided the commune',
  ],
  'decided-by-street': [
    'info',
    'Chọn xã, phường theo tên đường: trong tỉnh chỉ nơi này có đường đó',
    'The street decided the commune: no other one of the province has it',
  ],
  'decided-by-neighbours': [
    'info',
    'Chọn xã, phường theo các hộ cùng đường đã được quyết định hoặc xác minh',
    'Households of this street that persons have decided on or verified lie in this commune',
  ],
  'spelling-repaired': ['info', 'Tên đơn vị viết khác chính tả', 'A unit name is spelled differently'],
  'street-repaired': [
    'info',
    'Tên đường viết sai chính tả đã được sửa theo đường có ở nơi đã nêu',
    'A street name was misspelled; the street of the place named that it stands for was read',
  ],
  'abbreviation-read': [
    'info',
    'Tỉnh, thành phố viết tắt hoặc bằng tên gọi khác',
    'The province is written as an abbreviation or by another name',
  ],
  'type-differs': [
    'info',
    'Loại đơn vị khác với tên gọi chính thức',
    'The type word differs from the official one',
  ],
  'converted-from-tcvn3': ['info', 'Đã chuyển từ bảng mã TCVN3 (ABC)', 'Converted from TCVN3 (ABC)'],
  'converted-from-vni': ['info', 'Đã chuyển từ bảng mã VNI', 'Converted from VNI'],
  'converted-from-windows-1258': ['info', 'Đã chuyển từ bảng mã Windows-1258', 'Converted from Windows-1258'],
  'converted-from-utf-8': [
    'info',
    'Đã đọc lại chữ UTF-8 bị đọc sai',
    'UTF-8 that was misread is read rightly',
  ],
  'date-restored': [
    'info',
    'Ô bị đổi thành ngày tháng (3/2) đã được khôi phục',
    'A cell that a spreadsheet turned into a date (3/2) is put back',
  ],
  'formula-guarded': [
    'info',
    'Ô có dạng công thức được thêm dấu nháy đơn',
    'A cell that a spreadsheet would run as a formula bears an apostrophe',
  ],
  'text-unread': [
    'warning',
    'Còn số trong địa chỉ chưa đọc được; hai dòng có thể chỉ khác nhau ở đó',
    'A number in the text stays unread; two rows may differ in nothing but that',
  ],
  'not-understood': ['error', 'Không hiểu địa chỉ', 'The address is not understood'],
  'no-address': ['error', 'Không có địa chỉ', 'There is no address'],
  'input-too-long': ['error', 'Địa chỉ dài quá 500 ký tự', 'The address is longer than 500 characters'],
  'bad-coordinates': ['warning', 'Toạ độ không đọc được', 'The coordinates cannot be read'],
  'projected-coordinates': [
    'warning',
    'Toạ độ phẳng (mét) không đổi được sang kinh vĩ độ nên không dùng',
    'Coordinates in metres could not be converted to degrees and are not used',
  ],
  'sexagesimal-coordinates': [
    'warning',
    'Toạ độ độ-phút-giây không đọc được',
    'Degrees, minutes and seconds that cannot be read',
  ],
  'degrees-minutes-seconds': [
    'info',
    'Toạ độ độ-phút-giây đã được đổi',
    'Coordinates in degrees, minutes and seconds were converted',
  ],
  'converted-from-vn2000': [
    'info',
    'Toạ độ phẳng VN-2000 đã được đổi theo kinh tuyến trục của tỉnh',
    "VN-2000 coordinates in metres were converted by the province's central meridian",
  ],
  'coarse-coordinates': [
    'warning',
    'Toạ độ có ít hơn 4 chữ số thập phân (không kể số 0 ở cuối), hoặc giây không có phần lẻ: không đủ chính xác để cấp mã',
    'Coordinates with fewer than 4 decimals (zeros at the end do not count), or seconds without a fraction, are too coarse for a code',
  ],
  'commune-from-point': [
    'info',
    'Xã, phường lấy theo toạ độ hoặc mã',
    'The coordinates or a code gave the commune',
  ],
  'zero-coordinates': ['info', 'Toạ độ 0, 0 coi như không có', 'Coordinates 0, 0 count as not given'],
  'swapped-coordinates': ['info', 'Đã đổi lại vĩ độ và kinh độ', 'Latitude and longitude were swapped back'],
  'decimal-comma': ['info', 'Dấu phẩy thập phân trong toạ độ', 'Decimal commas in the coordinates'],
  'outside-coverage': ['warning', 'Điểm nằm ngoài Việt Nam', 'The point lies outside Viet Nam'],
  'near-border': ['info', 'Điểm cách ranh giới dưới 50 m', 'The point lies within 50 m of a border'],
  'point-far-from-commune': [
    'warning',
    'Điểm nằm xa xã, phường ghi trong địa chỉ',
    'The point lies far from the commune of the text',
  ],
  'code-far-from-point': [
    'warning',
    'Mã trong địa chỉ và toạ độ cách nhau trên 50 m',
    'The code in the address and the coordinates are more than 50 m apart',
  ],
  'same-address-far-apart': [
    'warning',
    'Cùng địa chỉ nhưng hai điểm cách nhau trên 50 m',
    'The same address with points more than 50 m apart',
  ],
  'same-address': [
    'warning',
    'Sau khi đổi đơn vị hành chính, hai hộ có cùng địa chỉ',
    'New units gave two households the same address',
  ],
  'former-commune-or-hamlet-unknown': [
    'warning',
    'Giống một hộ khác, chỉ thiếu xã cũ hoặc thôn xóm',
    'Like another household but for an unknown former commune or hamlet',
  ],
  'external-id-conflict': [
    'warning',
    'Mã hộ của đơn vị không khớp với hộ đã có',
    'The office number disagrees with a known household',
  ],
  'household-retired': [
    'warning',
    'Hộ của địa chỉ hoặc mã này đã ngừng, không có một hộ duy nhất thay thế',
    'The household of this address or number is historical and no single one took its place',
  ],
  'corrected-since': [
    'warning',
    'Hộ này đã được sửa địa chỉ hoặc toạ độ; dòng này còn theo thông tin cũ',
    'A person has corrected the address or point of this household; the row still says the old one',
  ],
  'household-rejected': [
    'warning',
    'Đã có quyết định: không có hộ này',
    'A person decided that there is no such household',
  ],
  'outside-scope': [
    'error',
    'Nằm ngoài các xã, phường của khoá nạp danh sách',
    'Lies outside the communes of the key that loads the list',
  ],
  'unclosed-quote': ['error', 'Dấu ngoặc kép không đóng', 'A quote is not closed'],
  'bad-quotes': ['error', 'Dấu ngoặc kép sai chỗ', 'Quotes stand in the wrong place'],
  'too-long': ['error', 'Dòng quá dài', 'The row is too long'],
  'too-few-cells': ['error', 'Thiếu ô so với tiêu đề', 'Fewer cells than the header'],
  'too-many-cells': ['error', 'Thừa ô so với tiêu đề', 'More cells than the header'],
  'invalid-utf8': ['error', 'Dòng không phải UTF-8', 'The row is not UTF-8'],
  'nul-byte': ['error', 'Dòng chứa ký tự NUL', 'The row holds a NUL byte'],
  'cannot-be-told-apart': [
    'warning',
    'Không phân biệt được với hộ khác',
    'It cannot be told apart from another household',
  ],
  'cell-in-neighbour': [
    'info',
    'Ô của mã nằm ở xã, phường bên cạnh',
    'The cell of the code lies in a neighbouring commune',
  ],
  'old-postcode': ['info', 'Mã bưu chính cũ', 'The commune had this postcode before'],
  'several-cells': ['warning', 'Có nhiều ô phù hợp với mã', 'Several cells fit the code'],
} as const satisfies Record<string, readonly [Severity, string, string]>

export type IssueCode = keyof typeof ISSUES
