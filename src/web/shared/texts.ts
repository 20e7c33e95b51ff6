import { textsOf } from './language.ts'

/** Texts that every page has. Each page has a table of its own beside it. */
const SHARED = {
  lookup: ['Tra cứu', 'Look up'],
  plates: ['In biển số nhà', 'Print plates'],
  docs: ['API', 'API'],
  language: ['English', 'Tiếng Việt'],
  skip: ['Đến nội dung chính', 'Skip to content'],
  menu: ['Các trang', 'Pages'],
  offline: [
    'Không có kết nối mạng. Kiểm tra mạng rồi thử lại.',
    'No connection. Check your network and try again.',
  ],
  tooMany: [
    'Bạn hỏi quá nhanh. Thử lại sau {seconds} giây.',
    'That was too many questions at once. Try again in {seconds} seconds.',
  ],
  failed: ['Máy chủ gặp lỗi. Thử lại sau ít phút.', 'The server failed. Try again in a few minutes.'],
} as const

export const shared = textsOf(SHARED)
