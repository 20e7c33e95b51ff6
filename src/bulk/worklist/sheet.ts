/** The columns of a work list, in the order of the sheet; the first four are ours, the others are filled in. */
export const HEADER = [
  'Mã hộ',
  'Số của cơ quan',
  'Địa chỉ',
  'Thôn, tổ',
  'Kết quả',
  'Địa chỉ đúng',
  'Vĩ độ',
  'Kinh độ',
  'Sai số (m)',
  'Mã người khảo sát',
  'Ngày',
] as const

/** How a work list is to be filled in; stands above the printed sheet. */
export const HINT =
  'Kết quả: "đúng" nếu địa chỉ đúng, "sửa" và ghi địa chỉ đúng, "không có" nếu không có hộ này. Toạ độ đo tại chỗ: ghi vĩ độ, ' +
  'kinh độ, sai số, mã người khảo sát (không ghi tên) và ngày. Không ghi tên, số điện thoại hay số giấy tờ của chủ hộ.'
