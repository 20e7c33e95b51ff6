import { createHash } from 'node:crypto'
import { metresBetween } from '../../geo/flatEarth.ts'
import { fold } from '../../text/tokens.ts'
import type { CurrentCommune } from '../types.ts'
import { chainKey } from './chain.ts'
import type { Layer } from './layer.ts'
import type { Hamlet, House, HouseHit, Street, StreetHit, StreetLayers } from './types.ts'

/** The same number in two layers within this is one house (metres). */
const SAME_HOUSE = 60

/** Several layers as one, the first before the others. */
export class Layers implements StreetLayers {
  readonly layers: readonly Layer[]
  readonly version: string
  constructor(layers: readonly Layer[]) {
    this.layers = layers
    const versions = layers.map(({ version }) => version)
    this.version =
      versions.length === 1
        ? versions[0]!
        : createHash('sha256').update(versions.join()).digest('hex').slice(0, 12)
  }

  streetsNamed(name: string, commune?: CurrentCommune): readonly Street[] {
    return this.streets((layer) => layer.streetsNamed(name, commune))
  }
  alleysNamed(name: string, numbers: readonly string[], commune?: CurrentCommune): readonly Street[] {
    return this.streets((layer) => layer.alleysNamed(name, numbers, commune))
  }
  streetsOf(commune: CurrentCommune): readonly Street[] {
    return this.streets((layer) => layer.streetsOf(commune))
  }
  pieces(street: Street): readonly Street[] {
    return street.layer.pieces(street)
  }
  alleysOf(street: Street): readonly Street[] {
    return street.layer.alleysOf(street)
  }
  housesOf(street: Street): readonly House[] {
    return street.layer.housesOf(street)
  }
  hamletsOf(commune: CurrentCommune): readonly Hamlet[] {
    return this.firsts(
      (layer) => layer.hamletsOf(commune),
      ({ name }) => fold(name),
    )
  }
  nearestStreets(lat: number, lon: number, metres: number, limit: number): readonly StreetHit[] {
    const hits = this.firsts(
      (layer) => layer.nearestStreets(lat, lon, metres, limit),
      ({ street }) => nameOf(street),
    )
    return this.layers.length < 2 ? hits : nearestFirst(hits, limit)
  }
  housesNear(lat: number, lon: number, metres: number, limit: number): readonly HouseHit[] {
    if (this.layers.length < 2) return this.layers[0]?.housesNear(lat, lon, metres, limit) ?? []
    const found: HouseHit[] = []
    for (const layer of this.layers) {
      const known = found.slice()
      for (const hit of layer.housesNear(lat, lon, metres, limit))
        if (!known.some(({ house }) => isSame(house, hit.house))) found.push(hit)
    }
    return nearestFirst(found, limit)
  }

  private streets(of: (layer: Layer) => readonly Street[]): readonly Street[] {
    return this.firsts(of, nameOf)
  }

  /** What all layers answer, without what an earlier layer has under the same name. */
  private firsts<T>(of: (layer: Layer) => readonly T[], named: (found: T) => string): readonly T[] {
    const [first, ...others] = this.layers
    if (!first) return []
    const found = of(first)
    if (others.length === 0) return found
    const all = [...found]
    for (const layer of others) {
      const known = new Set(all.map(named))
      for (const one of of(layer)) if (!known.has(named(one))) all.push(one)
    }
    return all
  }
}

const nameOf = ({ commune, key, alley }: Street) =>
  `${commune.code}|${key}|${alley ? chainKey(alley.numbers) : ''}`

const isSame = (a: House, b: House) =>
  chainKey(a.chain) === chainKey(b.chain) && metresBetween(a, b) <= SAME_HOUSE

const nearestFirst = <T extends { readonly metres: number }>(hits: readonly T[], limit: number) =>
  [...hits].sort((a, b) => a.metres - b.metres).slice(0, limit)
