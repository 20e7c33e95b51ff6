import type { Gazetteer } from '../gazetteer/types.ts'
import { isNameSyllable, MAX_INPUT } from '../match/understand.ts'
import { convertLegacy, detectLegacy } from '../text/legacyEncodings.ts'
import { type Row, type RowFields, reject, TEXT_FIELDS } from './row.ts'
import { communeCell, provinceCell } from './unitCells.ts'

/** One text of all address columns but the flat's, in the order in which an address is written. */
export function normalise(row: Row, gazetteer: Gazetteer): void {
  inUnicode(row, gazetteer)
  const cell = (name: keyof RowFields) => row.fields[name]?.trim() ?? ''
  // A bare number of a column of numbers gets the word that says what it is.
  const withWord = (text: string, word: string, pattern: RegExp) =>
    pattern.test(text) ? `${word} ${text}` : text
  const house = withWord(cell('houseNumber'), 'Số', /^\d/)
  const street = cell('street')
  let text = house && street ? `${house} ${street}` : house || street
  const add = (part: string) => {
    if (part) text = text ? `${text}, ${part}` : part
  }
  add(cell('hamlet'))
  add(cell('address'))
  add(communeCell(withWord(cell('commune'), 'Phường', /^\d{1,2}$/), cell('province'), gazetteer))
  add(withWord(cell('district'), 'Quận', /^\d{1,2}$/))
  add(provinceCell(cell('province'), gazetteer))
  if (!text) reject(row, 'no-address')
  else if (text.length > MAX_INPUT) reject(row, 'input-too-long')
  else row.text = text
}

/** Cells of old encodings as Unicode, so that only that is stored. All cells of a row together tell the encoding. */
function inUnicode(row: Row, gazetteer: Gazetteer): void {
  const { fields } = row
  let all = ''
  for (const name of TEXT_FIELDS) all += `${fields[name] ?? ''}, `
  const encoding = detectLegacy(all, (word) => isNameSyllable(word, gazetteer))
  if (!encoding) return
  row.fields = { ...fields }
  for (const name of TEXT_FIELDS)
    if (fields[name]) row.fields[name] = convertLegacy(fields[name], encoding).text
  row.issues.push(`converted-from-${encoding}`)
}
