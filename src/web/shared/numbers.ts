import { language } from './language.ts'

const number = (digits: number) =>
  new Intl.NumberFormat(language() === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: digits })

/** "15 m", "1,2 km". */
export function metresText(metres: number): string {
  return metres < 995
    ? `${number(0).format(metres)} m`
    : `${number(metres < 10_000 ? 1 : 0).format(metres / 1_000)} km`
}

/** "10.77210, 106.69830": with points in both languages, as map apps read it. */
export const coordinatesText = (lat: number, lon: number): string => `${lat.toFixed(5)}, ${lon.toFixed(5)}`
