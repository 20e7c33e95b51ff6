import type { Gazetteer } from '../gazetteer/types.ts'
import type { Line } from '../parse/line.ts'
import { findMentions } from '../parse/mentions.ts'
import type { Parts } from '../parse/parts.ts'
import { Gap } from '../text/tokens.ts'
import { isStreetOf } from './streetCommunes.ts'
import type { Understanding } from './types.ts'

/** Places for the lost comma that are tried. */
const MOST_TRIED = 3

/**
 * What a text says that is not understood as it stands, because no comma parts its street from its units ("12 ngo gach hoan
 * kiem"): it is read once more with a comma in place of the blank before the units at its end. Heard only when the street is
 * known to lie there.
 * @param read how a text of the same length is read.
 */
export function withLostComma(
  line: Line,
  gazetteer: Gazetteer,
  read: (text: string) => Understanding,
): Understanding | null {
  const { tokens, input } = line
  if (line.origin) return null
  const ends = findMentions(line).filter(
    ({ from, to }) => to === tokens.length && from > 0 && tokens[from]!.gap < Gap.comma,
  )
  // The longest name first: "Thành phố Hồ Chí Minh" before "Chí Minh".
  const places = [...new Set(ends.map(({ from }) => from))].sort((a, b) => a - b)
  for (const from of places.slice(0, MOST_TRIED)) {
    const blank = tokens[from]!.start - 1
    if (!/\s/.test(input[blank]!)) continue
    const answer = read(`${input.slice(0, blank)},${input.slice(blank + 1)}`)
    if (liesThere(answer, gazetteer)) return { ...answer, input }
  }
  return null
}

/**
 * "12 P. Hàng Trống": behind a house number and without a street "P." is a street's word (phố) where such a street is known,
 * though a ward bears the name too. Read once more with another word of a street in its place.
 */
export function withStreetWord(
  { line, list }: Parts,
  gazetteer: Gazetteer,
  read: (text: string) => Understanding,
): Understanding | null {
  const { tokens, input, origin } = line
  const house = list.find(({ part }) => part === 'houseNumber')
  const word = house && tokens[house.to]
  if (!word || origin || word.fold !== 'p' || word.gap >= Gap.dash) return null
  const answer = read(`${input.slice(0, word.start)}Đ${input.slice(word.end)}`)
  if (!liesThere(answer, gazetteer)) return null
  const { components } = answer
  return {
    ...answer,
    input,
    components: { ...components, street: components.street!.replace(/^Đ[.\s]+/, '') },
  }
}

/** Whether a commune that an answer can mean has its street. */
function liesThere({ current, candidates, components }: Understanding, gazetteer: Gazetteer): boolean {
  const { street } = components
  if (!street) return false
  const named = [current, ...candidates.map((one) => one.current)]
  return named.some((one) => {
    const commune = one?.commune && gazetteer.commune(one.commune.code)
    return commune && isStreetOf(street, commune, gazetteer)
  })
}
