import type { Language, Text } from '../shared/language.ts'

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
} as const satisfies Record<string, Text>

/** The function that gives the texts in a language, values put in. */
export const textsIn =
  (language: Language) =>
  (key: keyof typeof TEXTS, values: Record<string, string | number> = {}): string =>
    TEXTS[key][language === 'vi' ? 0 : 1].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
export type Say = ReturnType<typeof textsIn>
