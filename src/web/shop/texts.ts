import { textsOf } from '../shared/language.ts'

/** The Vietnamese ones stand in shop.html too, for browsers without scripts; test/e2e/pages/shop.test.ts compares them. */
export const SHOP = {
  page: ['Cửa hàng mẫu: thanh toán', 'Example shop: checkout'],
  shop: ['Cửa hàng mẫu', 'Example shop'],
  example: ['Trang ví dụ: không có gì được bán hay gửi đi', 'An example: nothing is sold or sent'],
  title: ['Thanh toán', 'Checkout'],
  recipient: ['Người nhận', 'Recipient'],
  name: ['Họ và tên', 'Name'],
  phone: ['Điện thoại', 'Phone'],
  deliverTo: ['Giao đến', 'Deliver to'],
  line: [
    'Địa chỉ: số nhà, đường, hoặc dán cả dòng tin nhắn',
    'Address: house number and street, or paste a whole chat line',
  ],
  commune: ['Phường, xã', 'Commune or ward'],
  province: ['Tỉnh, thành phố', 'Province or city'],
  note: ['Ghi chú giao hàng', 'Delivery note'],
  order: ['Đặt hàng, trả tiền khi nhận', 'Order, pay on delivery'],
  basket: ['Đơn hàng', 'Your order'],
  coffee: ['Cà phê rang xay, 500 g × 2', 'Ground coffee, 500 g × 2'],
  filter: ['Phin nhôm × 1', 'Aluminium filter × 1'],
  delivery: ['Giao hàng', 'Delivery'],
  total: ['Tổng cộng', 'Total'],
  try: ['Thử một dòng', 'Try a line'],
  tryHow: [
    'Chạm vào một dòng để điền nó vào ô địa chỉ, hoặc dán dòng của bạn.',
    'Tap a line to put it into the address, or paste your own.',
  ],
  sent: ['Cửa hàng nhận được', 'What the shop receives'],
  sentHow: [
    'Các trường mà biểu mẫu gửi đi, đúng như máy chủ của cửa hàng đọc được. Trang này không gửi chúng đi đâu.',
    "The fields that the form sends, as the shop's server reads them. This page sends them nowhere.",
  ],
  field: ['Trường', 'Field'],
  value: ['Giá trị', 'Value'],
  again: ['Đặt đơn khác', 'Another order'],
  empty: ['Trống: {names}', 'Empty: {names}'],
} as const

export const text = textsOf(SHOP)
