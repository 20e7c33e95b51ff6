/**
 * Names of provinces that people write and no table of units lists: nicknames, initials, names before 2025.
 * [as written, code of the province of June 2025]. Its current province follows from the relation.
 */
export const PROVINCE_NICKNAMES: readonly (readonly [string, string])[] = [
  ['HN', '01'],
  ['Hà Tây', '01'],
  ['Thủ đô Hà Nội', '01'],
  ['HP', '31'],
  ['TPHP', '31'],
  ['TPHN', '01'],
  ['Thừa Thiên Huế', '46'],
  ['Thừa Thiên - Huế', '46'],
  ['TT Huế', '46'],
  ['TTH', '46'],
  ['TP Huế', '46'],
  ['TPĐN', '48'],
  ['Đắc Lắc', '66'],
  ['Đắc Lắk', '66'],
  ['Daklak', '66'],
  ['Đắc Nông', '67'],
  ['BR-VT', '77'],
  ['BRVT', '77'],
  ['HCM', '79'],
  ['TPHCM', '79'],
  ['TP HCM', '79'],
  ['HCMC', '79'],
  ['SG', '79'],
  ['Sài Gòn', '79'],
  ['Hồ Chí Minh City', '79'],
  ['Ho Chi Minh', '79'],
  ['TPCT', '92'],
]
