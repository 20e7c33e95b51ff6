import type { CurrentCommune } from '../types.ts'
import { ALLEY_KINDS, NONE, TIES } from './arrays.ts'
import type { Layer } from './layer.ts'
import type { Alley, Hamlet, House, OnStreet, Side, Street, StreetLine } from './types.ts'

export const SIDES: Readonly<Record<-1 | 0 | 1, Side>> = { '-1': 'left', '0': 'on', '1': 'right' }
const sideOf = (side: number) => SIDES[side as -1 | 0 | 1]

/** A view of a row: nothing is decoded before it is asked for. */
class Row {
  readonly layer: Layer
  readonly row: number
  constructor(layer: Layer, row: number) {
    this.layer = layer
    this.row = row
  }
}

export class StreetRow extends Row implements Street {
  get name(): string {
    return this.layer.texts.at(this.layer.arrays.streetName[this.row]!)
  }
  get otherNames(): readonly string[] {
    const text = this.layer.texts.at(this.layer.arrays.streetOthers[this.row]!)
    return text === '' ? [] : text.split(';')
  }
  get key(): string {
    return this.layer.texts.at(this.layer.arrays.streetKey[this.row]!)
  }
  get commune(): CurrentCommune {
    return this.layer.communes[this.layer.arrays.streetCommune[this.row]!]!
  }
  get highway(): string {
    return this.layer.texts.at(this.layer.arrays.streetHighway[this.row]!)
  }
  get metres(): number {
    return this.layer.arrays.streetMetres[this.row]!
  }
  get whole(): number {
    return this.layer.arrays.streetWhole[this.row]!
  }
  get from(): number {
    return this.layer.arrays.streetFrom[this.row]!
  }
  get to(): number {
    return this.layer.arrays.streetTo[this.row]!
  }
  get neighbourhood(): string | null {
    return this.layer.texts.at(this.layer.arrays.streetNeighbourhood[this.row]!) || null
  }
  get alley(): Alley | null {
    const { texts, arrays } = this.layer
    const chain = arrays.alleyChain[this.row]!
    if (chain === 0) return null
    const parent = arrays.alleyParent[this.row]!
    const along = arrays.mouthAlong[this.row]!
    const mouth: OnStreet | null = Number.isNaN(along)
      ? null
      : {
          lat: arrays.mouth[2 * this.row]! / 1e6,
          lon: arrays.mouth[2 * this.row + 1]! / 1e6,
          along,
          side: sideOf(arrays.mouthSide[this.row]!),
        }
    return {
      kind: ALLEY_KINDS[arrays.alleyKind[this.row]!]!,
      numbers: texts.at(chain).split('/'),
      parent: parent === NONE ? null : new StreetRow(this.layer, parent),
      mouth,
    }
  }
  get lines(): readonly StreetLine[] {
    const { lineStart, pointStart, xy, along } = this.layer.arrays
    const lines: StreetLine[] = []
    for (let line = lineStart[this.row]!; line < lineStart[this.row + 1]!; line++) {
      const [first, end] = [pointStart[line]!, pointStart[line + 1]!]
      const points = new Float64Array(2 * (end - first))
      for (let point = first; point < end; point++) {
        points[2 * (point - first)] = xy[2 * point + 1]! / 1e6
        points[2 * (point - first) + 1] = xy[2 * point]! / 1e6
      }
      lines.push({ points, along: Float64Array.from(along.subarray(first, end)) })
    }
    return lines
  }
}

export class HouseRow extends Row implements House {
  get lat(): number {
    return this.layer.arrays.houseXy[2 * this.row + 1]! / 1e6
  }
  get lon(): number {
    return this.layer.arrays.houseXy[2 * this.row]! / 1e6
  }
  get number(): string {
    return this.layer.texts.at(this.layer.arrays.houseNumber[this.row]!)
  }
  get chain(): readonly string[] {
    return this.layer.texts.at(this.layer.arrays.houseChain[this.row]!).split('/')
  }
  get street(): Street | null {
    const street = this.layer.arrays.houseStreet[this.row]!
    return street === NONE ? null : new StreetRow(this.layer, street)
  }
  get tie(): House['tie'] {
    return TIES[this.layer.arrays.houseTie[this.row]!]!
  }
  get on(): House['on'] {
    const { houseStreet, houseFoot, houseAlong, houseSide, houseMetres } = this.layer.arrays
    if (houseStreet[this.row] === NONE) return null
    return {
      lat: houseFoot[2 * this.row]! / 1e6,
      lon: houseFoot[2 * this.row + 1]! / 1e6,
      along: houseAlong[this.row]!,
      side: sideOf(houseSide[this.row]!),
      metres: houseMetres[this.row]!,
    }
  }
  get commune(): CurrentCommune {
    return this.layer.communes[this.layer.arrays.houseCommune[this.row]!]!
  }
}

export class HamletRow extends Row implements Hamlet {
  get lat(): number {
    return this.layer.arrays.hamletXy[2 * this.row + 1]! / 1e6
  }
  get lon(): number {
    return this.layer.arrays.hamletXy[2 * this.row]! / 1e6
  }
  get kind(): string {
    return this.layer.texts.at(this.layer.arrays.hamletKind[this.row]!)
  }
  get name(): string {
    return this.layer.texts.at(this.layer.arrays.hamletName[this.row]!)
  }
  get commune(): CurrentCommune {
    return this.layer.communes[this.layer.arrays.hamletCommune[this.row]!]!
  }
}
