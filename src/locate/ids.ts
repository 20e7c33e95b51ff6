import type { AlleyKind } from '../gazetteer/streetLayer/types.ts'
import { streetKeys } from '../gazetteer/streetsKey.ts'
import { fold } from '../text/tokens.ts'

/**
 * The ids of places that are no households, which `placeOfId` reads. They say all that is needed to find the place again, so
 * that one of a street or hamlet that no list has leads back too:
 *
 *     26743                        commune or province, by its code
 *     26743_le-loi                 street (785_le-loi: of which only the district before July 2025 is known)
 *     26743_le-loi_42_9            house 9 in alley 42
 *     26743_le-loi_42_hem-9        alley 9 in alley 42
 *     26743__thon-phu-hoa          hamlet, group or building
 */
interface Coded {
  readonly code: string
}

export const streetId = ({ code }: Coded, name: string) => `${code}_${idPart(streetKeys(name)[0]!)}`

export const localityId = ({ code }: Coded, name: string) => `${code}__${idPart(name)}`

/** Of a house by the numbers from the street, its own last. */
export const houseId = (street: string, turns: readonly string[]) =>
  `${street}_${turns.map(idPart).join('_')}`

/** Of an alley by the numbers from the street; one whose kind is not said is a hẻm. */
export function alleyId(street: string, turns: readonly string[], kind: AlleyKind | null): string {
  const last = `${kind ?? 'hem'} ${turns.at(-1)}`
  return houseId(street, [...turns.slice(0, -1), last])
}

/** "109-111", "40bis", "BL.A-10" as they stand in an id. */
const idPart = (text: string) =>
  fold(text)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')

/** What an id says. */
export interface SaidId {
  /** Of a province, district or commune. */
  readonly code: string
  /** Folded words with "-" between them; null for the unit itself. */
  readonly name: string | null
  readonly isLocality: boolean
  readonly turns: readonly string[]
  /** Of an alley, whose number is the last of the turns; null for a house. */
  readonly alley: AlleyKind | null
}

const ID = /^(\d{2}|\d{3}(?=_)|\d{5})(?:(__?)([a-z0-9-]{1,120})((?:_[a-z0-9-]{1,40}){1,8})?)?$/
const ALLEY = /^(ngo|ngach|hem|kiet)-(?=.)/

/** Takes an id apart; null for what is none. */
export function readId(id: string): SaidId | null {
  const [, code, cut, name = null, written = ''] = ID.exec(id) ?? []
  if (!code || (cut === '__' && written)) return null
  const turns = written.split('_').slice(1)
  const alley = ALLEY.exec(turns.at(-1) ?? '')
  if (alley) turns.push(turns.pop()!.slice(alley[0].length))
  return {
    code,
    name,
    isLocality: cut === '__',
    turns,
    alley: (alley?.[1] as AlleyKind | undefined) ?? null,
  }
}
