import { fold } from '../text/tokens.ts'

/**
 * The name of a street that is a day, written one way: "3/2", "03-02" and "Ba Tháng Hai" are "3 Tháng 2". Any other name as it is.
 * (`streetKeys`, for lists and map, knows two of them in words.)
 */
export function plainDate(name: string): string {
  const [, word, date] = WORD.exec(name)!
  const figures = IN_FIGURES.exec(date!)
  const said = figures ? null : IN_WORDS.exec(fold(date!))
  const [day, month] = figures
    ? [Number(figures[1]), Number(figures[2])]
    : [said?.[1], said?.[2]].map(numberOf)
  return day && month && day <= 31 && month <= 12 ? `${word}${day} Tháng ${month}` : name
}

/** The ways in which a household from before may have a street that `plainDate` wrote; without accents, which the key leaves out. */
export function olderDates(street: string): string[] {
  const [, word, day, month] = PLAIN.exec(street) ?? []
  if (!month) return []
  const inWords = spoken(Number(day)).flatMap((first) =>
    spoken(Number(month)).map((second) => `${first} thang ${second}`),
  )
  return [`${day}/${month}`, `${day}-${month}`, ...inWords].map((date) => word + date)
}

const WORD = /^((?:(?:đường|duong|phố|pho|đại lộ|dai lo) )?)(.*)$/is
const IN_FIGURES = /^0*(\d{1,2}) ?(?:[/.-]| th[áa]ng ) ?0*(\d{1,2})$/i
const IN_WORDS = /^(.+) thang (.+)$/
const PLAIN = /^(.*?)(\d{1,2}) Tháng (\d{1,2})$/s

/** A number as it is said, folded; two of those with a four. */
function spoken(number: number): string[] {
  const [tens, ones] = [Math.floor(number / 10), number % 10]
  const front = tens === 0 ? '' : tens === 1 ? 'muoi' : `${DIGITS[tens]} muoi`
  const last = ones === 4 ? ['tu', 'bon'] : [tens > 0 && ones === 5 ? 'lam' : DIGITS[ones]!]
  return last.map((word) => `${front} ${word}`.trim())
}
const DIGITS = ['', 'mot', 'hai', 'ba', 'bon', 'nam', 'sau', 'bay', 'tam', 'chin']
const NUMBERS = new Map(
  Array.from({ length: 31 }, (_, i) => spoken(i + 1).map((words) => [words, i + 1] as const)).flat(),
)
const numberOf = (words = '') => NUMBERS.get(words)
