/** What a spreadsheet may run when it opens a CSV file; numbers, phones and a lone dash are none. */
const FORMULA = /^(?:[=@\t\r]|[+-](?![\d\s.,()]*$))/

/** True for a cell that a spreadsheet would take for a formula. */
export const isFormula = (cell: string): boolean =>
  cell !== '' && cell.charCodeAt(0) <= 64 && FORMULA.test(cell)

/** The cell as text for a spreadsheet: an apostrophe in front of a formula. */
export const guarded = (cell: string): string => (isFormula(cell) ? `'${cell}` : cell)
