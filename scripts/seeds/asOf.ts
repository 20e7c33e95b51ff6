/**
 * When the units of an announcement last stood. The list of aliases names the announcement (a resolution, a newspaper,
 * an article) and, for half of them, the year; for the rest the address of the announcement tells it: either a date in
 * its words (these come first), or the day it was published, weeks before the units were merged.
 */
const IN_WORDS: [RegExp, string][] = [
  [/tu-1-2-2024-thanh-hoa/, '2024-01-31'],
  [/tu-1-10-huyen-chon-thanh/, '2022-09-30'],
  [/tu-ngay-1112024-|tu-ngay-111-gia-lai|ra-mat-vao-111-/, '2024-10-31'],
  [/tu-1-12-tinh-hung-yen|tu-ngay-112-ca-mau|tu-thang-12-2024/, '2024-11-30'],
  [/tu-1-1-2025-|tu-ngay-1-1-2025-|tu-ngay-01-01-2025-|moi-tu-nam-2025-/, '2024-12-31'],
]
/** Addresses that end with a time stamp: 102241127095232437 was published on 2024-11-27. */
const STAMP = /-1(?:02|19)(24)\d{10,13}\.htm/
/** The same wave of late 2024, on sites that number their articles; resolutions 1200 to 1400 of the 15th Assembly. */
const WAVE_OF_2024 =
  /post113\d{4}\.vov|post112\d{4}\.vov|-14[0-4]\d{4}\.ldo|vnexpress\.net\/quy-nhon|post758489|2024112\d|-12[0-9]{2}-nq-ubtvqh15-/

export function asOfSource(source: string, year: string): string {
  for (const [words, date] of IN_WORDS) if (words.test(source)) return date
  if (year !== '') return year
  return STAMP.test(source) || WAVE_OF_2024.test(source) ? '2024' : ''
}

/**
 * When districts of October 2019 were abolished, renamed or raised, by their code then: the last year or day on which
 * they stood. Entered by hand from the resolutions of the Standing Committee of the National Assembly that did it.
 * 536 is Lý Sơn, which lost its communes then and stayed a district.
 */
export const DISTRICT_AS_OF: Readonly<Record<string, string>> = {
  ...years('2019', '088 151 204 292 349 660'),
  ...years('2020', '044 046 049 050 407 526 534 536 543 564 709 712 724 725 868 931'),
  ...years('2020-12-31', '762 763 769'),
  ...years('2021', '261 911'),
  ...years('2022', '172 697'),
  ...years('2023', '259 262 723 890'),
  ...years(
    '2024',
    '205 221 222 311 312 350 358 369 374 405 413 448 474 476 483 519 681 682 683 721 752 753 816',
  ),
  ...years('2025', '123 754'),
}

function years(asOf: string, codes: string): Record<string, string> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, asOf]))
}
