import { type Language, textsOf } from '../shared/language.ts'

/** Everything that the widget says by itself; questions and communes come from the API in the same language. */
const TEXTS = {
  line: ['Địa chỉ (số nhà, đường, thôn xóm)', 'Address (house number, street, hamlet)'],
  commune: ['Phường, xã', 'Commune or ward'],
  province: ['Tỉnh, thành phố', 'Province or city'],
  list: ['Gợi ý địa chỉ', 'Suggested addresses'],
  count: [
    '{n} gợi ý. Dùng mũi tên lên xuống để chọn.',
    '{n} suggestions. Use the up and down arrows to choose.',
  ],
  none: ['Không có gợi ý.', 'No suggestions.'],
  understood: ['Giao đến', 'Deliver to'],
  confirm: ['Xin xem lại địa chỉ', 'Please check the address'],
  former: ['Trước tháng 7/2025', 'Before July 2025'],
  missing: ['Còn thiếu', 'Still missing'],
  elsewhere: ['Nơi khác hoặc không rõ', 'Somewhere else, or not sure'],
  choose: ['Xin chọn xã, phường.', 'Please choose the commune or ward.'],
  undo: ['Trả lại như đã viết', 'Put back what I wrote'],
  undone: ['Đã trả lại như cũ.', 'Put back.'],
} as const

export const textsIn = (language: Language) => textsOf(TEXTS, language)
export type Say = ReturnType<typeof textsIn>
