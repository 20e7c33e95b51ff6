import { textsOf } from '../shared/language.ts'

export const LOOKUP = {
  page: ['Vpostcode: tra cứu mã địa chỉ', 'Vpostcode: look up an address code'],
  title: ['Tra cứu địa chỉ và mã Vpostcode', 'Look up an address or a Vpostcode'],
} as const

export const text = textsOf(LOOKUP)
