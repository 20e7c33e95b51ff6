import { readWayName } from '../gazetteer/streetLayer/streetName.ts'
import type { CurrentCommune, Gazetteer } from '../gazetteer/types.ts'
import { streetIn } from '../match/complete/world.ts'
import type { Components, Understanding } from '../match/types.ts'
import { fold } from '../text/tokens.ts'

/** "khoảng 42 Lê Lợi", "khoảng số 2, Hẻm 34 Lê Lợi": as answers write an estimated number. */
const ABOUT = /^khoảng\s+(?:số\s+)?(\d+)[\s,]+/i
const NUMBER = /^(?:số\s+)?(\d\S*)\s+/i

/**
 * What a text says, where the map of the commune knows better: its head, before the first comma, is as a whole the name of a
 * street or hamlet there, which the words alone do not tell ("G8", "182-La Xuan Oai", "Láng, Phường Láng").
 */
export function knownHead(
  { input, components, unresolved }: Understanding,
  commune: CurrentCommune,
  gazetteer: Gazetteer,
): Components {
  const { streetLayers } = gazetteer
  const isStreet = (key: string) =>
    streetLayers.streetsNamed(key, commune).length > 0 || streetIn(gazetteer, commune, key) !== undefined
  const { street } = components
  if (street && isStreet(street)) return components
  const [, about] = ABOUT.exec(input) ?? []
  const [head, ...others] = input.replace(ABOUT, '').split(',', 2) as [string, string?]
  // A head that was read as a unit is one.
  const { hamlet, houseNumber: said, building, block, name } = components
  const isFree =
    [street, hamlet, said, building, block, name].some((part) => part && head.includes(part)) ||
    unresolved.some(({ start }) => start < head.length)
  if (others.length === 0 || !isFree) return components
  const asWritten = head.trim()
  const number = about ?? NUMBER.exec(asWritten)?.[1]
  const rests = about ? [asWritten] : [asWritten, asWritten.replace(NUMBER, '')]
  for (const [i, rest] of rests.entries()) {
    const way = readWayName(rest, isStreet)
    if (!way || !isStreet(way.key)) continue
    const houseNumber = about || i > 0 ? number : undefined
    return {
      street: way.name,
      ...(houseNumber ? { houseNumber } : {}),
      ...(way.chain.length > 0 ? { alleys: [{ kind: way.kind, number: way.chain.join('/') }] } : {}),
    }
  }
  const folded = fold(asWritten)
  const mapped = streetLayers.hamletsOf(commune).find((one) => fold(one.name) === folded)
  return mapped ? { hamlet: mapped.name } : components
}
