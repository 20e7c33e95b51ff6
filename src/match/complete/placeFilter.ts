import type { UnitHit } from './hits.ts'
import type { PlaceNumber } from './streetIndex.ts'
import type { NamedUnit } from './unitIndex.ts'
import type { World } from './world.ts'

/** How well each place lies in what a part of the query names, 0 to 1. */
export class PlaceFilter {
  private readonly world: World
  /** Of communes, districts and provinces themselves. */
  private readonly score: Float32Array
  private readonly via = new Map<number, NamedUnit>()
  private readonly touched: number[] = []
  private all: readonly PlaceNumber[] | null = null

  constructor(hits: readonly UnitHit[], world: World) {
    this.world = world
    this.score = new Float32Array(world.size)
    for (const { unit, quality } of hits) this.hear(unit, quality)
  }

  private hear(unit: NamedUnit, quality: number): void {
    const { sense, communes } = unit
    const { fame } = this.world
    if (sense.currentProvince) this.put(this.world.provinceNumber(sense.currentProvince), quality, null)
    else if (sense.formerProvince)
      for (const district of fame.districtsOf(sense.formerProvince)) this.put(district, quality * 0.98, unit)
    else if (sense.current) this.put(sense.current.index, quality, null)
    else if (sense.district) this.put(fame.numberOf(sense.district), quality * 0.99, unit)
    else for (const commune of communes) this.put(commune, quality * (sense.former ? 0.98 : 0.9), unit)
  }

  private put(number: number, quality: number, unit: NamedUnit | null): void {
    const before = this.score[number]!
    // Equal ones differ by rounding only.
    if (before >= quality - 1e-6) return
    if (before === 0) this.touched.push(number)
    this.score[number] = quality
    if (unit) this.via.set(number, unit)
    else this.via.delete(number)
  }

  /** Of a commune itself, the districts around it or its province; of a district itself or its province. */
  of(place: PlaceNumber): number {
    const { fame, provinceOf } = this.world
    let best = Math.max(this.score[place]!, this.score[provinceOf[place]!]!)
    for (const district of fame.around[place]!) best = Math.max(best, this.score[district]!)
    return best
  }

  /** The commune itself was named, by its name of today or one before July 2025. */
  ofCommune(place: PlaceNumber): number {
    return this.score[place]!
  }

  /** A province of today itself. */
  ofProvince(number: number): number {
    return this.score[number]!
  }

  /** The unit before July 2025 by which a place was named, the narrowest; null when it was by one of today. */
  former(place: PlaceNumber): NamedUnit | null {
    const best = this.of(place)
    let named = -1
    if (this.score[place]! >= best * 0.9) named = place
    else if (this.score[this.world.provinceOf[place]!]! < best)
      named = this.world.fame.around[place]!.find((district) => this.score[district] === best) ?? -1
    return this.via.get(named) ?? null
  }

  /** Every place that lies in what is named, and the districts in which a commune is named. */
  places(): readonly PlaceNumber[] {
    if (this.all) return this.all
    const { fame } = this.world
    const places = new Set<PlaceNumber>()
    for (const number of this.touched) {
      for (const place of number < fame.places ? [number] : fame.placesOf(number - fame.places)) {
        places.add(place)
        for (const district of fame.around[place]!) places.add(district)
        for (const commune of fame.inside[place]!) places.add(commune)
      }
    }
    this.all = [...places]
    return this.all
  }
}
