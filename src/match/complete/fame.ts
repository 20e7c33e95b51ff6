import type { NameIndex } from '../../gazetteer/names.ts'
import type { LatLon } from '../../gazetteer/streetLayer/types.ts'
import type { CurrentCommune, District, Gazetteer, Province } from '../../gazetteer/types.ts'
import { metresBetween, type Scale } from '../../geo/flatEarth.ts'
import type { PlaceNumber, StreetLine } from './streetIndex.ts'

/**
 * How well known places are, 0 to 1. How many people live where is not known: great cities before the others, the
 * districts of a city before those of the land, then by how many streets lists and map have on a square kilometre.
 */
export interface PlaceFame {
  /** Communes and districts. */
  readonly places: number
  numberOf(place: CurrentCommune | District): PlaceNumber
  placeOf(number: PlaceNumber): CurrentCommune | District
  of(place: PlaceNumber): number
  ofProvince(province: Province): number
  /** For each commune the districts that its parts lay in; none for a district. */
  readonly around: readonly (readonly PlaceNumber[])[]
  /** For each district the communes of today in it; none for a commune. */
  readonly inside: readonly (readonly PlaceNumber[])[]
  /** The districts of a former province. */
  districtsOf(province: Province): readonly PlaceNumber[]
  /** The communes and districts of a province of today, by its place in the gazetteer. */
  placesOf(province: number): readonly PlaceNumber[]
  /** Middle of a place, degrees WGS 84. */
  at(place: PlaceNumber): LatLon
  atProvince(province: Province): LatLon
  /** The places nearest to a point: communes and the districts around them. */
  near(point: LatLon): readonly PlaceNumber[]
}

/** Communes around a point in which streets are looked for. */
const NEAREST = 12
/** Points whose places are kept. */
const MOST_POINTS = 2_000
/** Hà Nội and Hồ Chí Minh City, in both eras. */
const GREAT = new Set(['01', '79'])
const URBAN: Record<string, number> = { quan: 1, 'thanh-pho': 0.7, 'thi-xa': 0.4 }
const cityFame = ({ code, type }: Province) => (GREAT.has(code) ? 0.6 : type === 'thanh-pho' ? 0.35 : 0)
const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), 0)

/** Yields now and then. */
export function* placeFame(
  gazetteer: Gazetteer,
  index: NameIndex,
  lines: readonly StreetLine[],
): Generator<undefined, PlaceFame> {
  const { communes, districts, provinces } = gazetteer
  const numberOfDistrict = new Map(districts.map((district, i) => [district, communes.length + i]))
  const numberOf = (place: CurrentCommune | District) =>
    'inside' in place ? place.index : numberOfDistrict.get(place)!
  const around: (readonly number[])[] = [
    ...communes.map((commune) => index.formerDistrictsOf(commune).map(numberOf)),
    ...districts.map(() => NONE),
  ]
  yield
  const inside: (readonly number[])[] = [
    ...communes.map(() => NONE),
    ...districts.map((district) => index.communesOf(district).map(({ commune }) => commune.index)),
  ]
  yield
  const districtsOf = new Map(
    gazetteer.formerProvinces.map((province) => [
      province,
      districts.filter((district) => district.province === province).map(numberOf),
    ]),
  )
  yield
  const placesOf = provinces.map((province) => [
    ...communes.filter((commune) => commune.province === province).map(numberOf),
    ...districts.filter((district) => index.currentOf(district.province) === province).map(numberOf),
  ])
  yield
  /** By points rounded to a kilometre: who types asks again and again from one place. */
  const nearby = new Map<string, readonly number[]>()
  const lats = Float64Array.from(communes, ({ inside }) => inside.lat)
  const lons = Float64Array.from(communes, ({ inside }) => inside.lon)
  const streets = new Float64Array(communes.length + districts.length)
  for (const [i, { place }] of lines.entries()) {
    if (i % 5_000 === 0) yield
    const number = numberOf(place)
    streets[number]!++
    const within = inside[number]!
    for (const commune of within) streets[commune]! += 1 / within.length
  }
  yield
  const perProvince = new Map<Province, number>()
  for (const commune of communes)
    perProvince.set(commune.province, (perProvince.get(commune.province) ?? 0) + streets[commune.index]!)
  const provinceFame = new Map(
    provinces.map((province) => [
      province,
      cityFame(province) + 0.4 * Math.min(1, Math.log10(1 + (perProvince.get(province) ?? 0)) / 4),
    ]),
  )
  yield
  const known = new Float64Array(streets.length)
  const fameOf = (number: number, provinces: readonly Province[], types: readonly string[], km2: number) =>
    0.35 * most(provinces.map(cityFame)) +
    0.3 * most(types.map((type) => URBAN[type] ?? 0)) +
    0.35 * Math.min(1, Math.log10(1 + streets[number]! / km2) / 1.8) +
    0.1 * Math.min(1, streets[number]! / 1000)
  for (const commune of communes)
    known[commune.index] =
      fameOf(
        commune.index,
        index.formerProvincesOf(commune),
        index.formerDistrictsOf(commune).map(({ type }) => type),
        commune.declaredKm2,
      ) + (commune.type === 'phuong' ? 0.1 : 0)
  for (const [i, district] of districts.entries()) {
    const km2 = inside[communes.length + i]!.reduce((sum, number) => sum + communes[number]!.declaredKm2, 0)
    known[communes.length + i] = fameOf(communes.length + i, [district.province], [district.type], km2) + 0.05
  }
  yield
  const middle = (numbers: readonly number[]): LatLon => {
    let lat = 0
    let lon = 0
    for (const number of numbers) {
      lat += communes[number]!.inside.lat / numbers.length
      lon += communes[number]!.inside.lon / numbers.length
    }
    return { lat, lon }
  }
  const districtMiddles = districts.map((_, i) => middle(inside[communes.length + i]!))
  yield
  const provinceMiddles = new Map(
    provinces.map((province) => [
      province,
      middle(communes.filter((commune) => commune.province === province).map(({ index }) => index)),
    ]),
  )
  return {
    places: streets.length,
    numberOf,
    placeOf: (number) => communes[number] ?? districts[number - communes.length]!,
    of: (number) => Math.min(1, known[number]!),
    ofProvince: (province) => provinceFame.get(province)!,
    around,
    inside,
    districtsOf: (province) => districtsOf.get(province)!,
    placesOf: (province) => placesOf[province]!,
    at: (number) => communes[number]?.inside ?? districtMiddles[number - communes.length]!,
    atProvince: (province) => provinceMiddles.get(province)!,
    near(point) {
      const key = `${point.lat.toFixed(2)} ${point.lon.toFixed(2)}`
      const known = nearby.get(key)
      if (known) return known
      const nearest = new Int32Array(NEAREST).fill(-1)
      const metres = new Float64Array(NEAREST).fill(Infinity)
      const scale = Math.cos((point.lat * Math.PI) / 180)
      for (let i = 0; i < lats.length; i++) {
        const far = (lats[i]! - point.lat) ** 2 + ((lons[i]! - point.lon) * scale) ** 2
        if (far >= metres[NEAREST - 1]!) continue
        let at = NEAREST - 1
        for (; at > 0 && metres[at - 1]! > far; at--) {
          metres[at] = metres[at - 1]!
          nearest[at] = nearest[at - 1]!
        }
        metres[at] = far
        nearest[at] = i
      }
      const found = [...nearest].filter((number) => number >= 0)
      const places = [...new Set([...found, ...found.flatMap((number) => around[number]!)])]
      if (nearby.size >= MOST_POINTS) nearby.clear()
      nearby.set(key, places)
      return places
    },
  }
}
const NONE: readonly number[] = []

/** 1 at the place itself, a half 10 km from it. `scale` is that of `from`. */
export const nearness = (from: LatLon, to: LatLon, scale: Scale): number =>
  1 / (1 + metresBetween(from, to, scale) / 10_000)
