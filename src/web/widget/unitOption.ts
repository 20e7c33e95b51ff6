/** The word of the type in front of a name. */
const TYPE = /^(?:thanh pho|tinh|tp|phuong|xa|dac khu|quan|huyen|thi xa|thi tran) /

/** Which of the texts of a list means a unit ("TP. Hồ Chí Minh" is "Thành phố Hồ Chí Minh"); -1 when none does. */
export function unitOption(texts: readonly string[], unit: string): number {
  const whole = fold(unit)
  const folded = texts.map(fold)
  const index = folded.indexOf(whole)
  return index < 0 ? folded.map((text) => text.replace(TYPE, '')).indexOf(whole.replace(TYPE, '')) : index
}

const fold = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/đ/g, 'd')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
