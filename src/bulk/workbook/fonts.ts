import { convertLegacy, isUnicode, spelledIn } from '../../text/legacyEncodings.ts'
import type { LegacyFont } from './styles.ts'

/** A text in Unicode by the font it is shown in. Text that the font could not show rightly is Unicode already. */
export function convertFont(text: string, font: LegacyFont | null): string {
  if (!font || !text) return text
  const old = !isUnicode(text) && spelledIn(text, font.encoding)
  const converted = old ? convertLegacy(text, font.encoding).text : text
  return font.capitals && old ? converted.toUpperCase() : converted
}
