/** The columns of a sheet for the blind check of a sample; the first five are ours, the others are filled in. */
export const HEADER = [
  'Mã hộ',
  'Đợt',
  'Địa chỉ',
  'Khu vực (quận, huyện cũ)',
  'Tỉnh, thành phố',
  'Kết quả',
  'Xã, phường',
  'Vĩ độ',
  'Kinh độ',
  'Sai số (m)',
  'Trùng với mã hộ',
  'Mã người kiểm tra',
] as const

/** How a sheet is to be filled in; stands above the printed one. */
export const HINT =
  'Nhà có thể ở ngay ngoài khu vực đã ghi. Kết quả: "có" nếu tìm thấy nhà, "không có" nếu không có nhà này, "trùng" nếu là cùng một nhà với mã hộ khác. Nhà tìm thấy: ghi xã, ' +
  'phường hiện nay và toạ độ đo tại chỗ (vĩ độ, kinh độ, sai số nhiều nhất 50 m). Ghi mã người kiểm tra, không ghi tên. Người kiểm tra ' +
  'không phải là người đã nhập, sửa hay quyết định hộ này. Không ghi tên, số điện thoại hay số giấy tờ của chủ hộ.'
