/** Is it a day of the calendar as ISO 8601 writes it ("2027-01-31")? */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  // The 31st of February is read as the 3rd of March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
