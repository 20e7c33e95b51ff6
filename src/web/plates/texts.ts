import { MISTYPED } from '../../vpostcode/mistyped.ts'
import { textsOf } from '../shared/language.ts'

export const text = textsOf({
  page: ['Vpostcode: in biển số nhà', 'Vpostcode: print house plates'],
  title: ['In biển số nhà', 'Print house plates'],
  intro: [
    'Mỗi dòng một mã Vpostcode, sau đó là số nhà và tên đường nếu muốn in kèm. Tối đa {most} biển một lần.',
    'One Vpostcode a line, then the house number and street if you want them printed. At most {most} plates at once.',
  ],
  codes: ['Mã và dòng chữ trên biển', 'Codes and what stands on the plate'],
  size: ['Khổ in', 'Size'],
  sheet: ['Tờ A4, 8 biển', 'A4 sheet of 8 plates'],
  single: ['Mỗi tờ A5 một biển', 'One A5 plate a sheet'],
  make: ['Xem trước', 'Preview'],
  print: ['In', 'Print'],
  working: ['Đang lấy mã…', 'Reading the codes…'],
  ready: ['{n} biển sẵn sàng in', '{n} plates are ready to print'],
  refused: ['Không in được {n} dòng:', '{n} lines cannot be printed:'],
  tooMany: [
    'Có {n} dòng: chỉ in {most} dòng đầu.',
    'There are {n} lines: only the first {most} are printed.',
  ],
  plates: ['Các biển', 'Plates'],
  scan: ['Quét để mở bản đồ', 'Scan to open the map'],
  qr: ['Mã QR', 'QR code'],
  ...MISTYPED,
})
