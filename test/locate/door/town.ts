import { load } from '../../../src/gazetteer/load.ts'
import { LayerCompiler } from '../../../src/gazetteer/streetLayer/compile.ts'
import { openLayer } from '../../../src/gazetteer/streetLayer/layer.ts'
import { scaleAt } from '../../../src/geo/flatEarth.ts'
import { StreetMemo } from '../../../src/locate/door/street.ts'

const gazetteer = load()
/** A large rural commune (Đắk Lắk), no street of which is mapped. */
export const commune = gazetteer.commune('24376') ?? gazetteer.communes.find(({ type }) => type === 'xa')!
const origin = commune.inside
const scale = scaleAt(origin.lat)

/** The point so many metres east and north of the middle of the town. */
export const at = (east: number, north: number) => ({
  lat: origin.lat + north / scale.y / 1e6,
  lon: origin.lon + east / scale.x / 1e6,
})
/** Metres east and north of the middle of the town. */
export const metres = ({ lat, lon }: { lat: number; lon: number }) => ({
  east: (lon - origin.lon) * scale.x * 1e6,
  north: (lat - origin.lat) * scale.y * 1e6,
})

export interface Town {
  ways?: [name: string, ...points: [east: number, north: number][]][]
  houses?: [number: string, street: string, east: number, north: number][]
  places?: [name: string, east: number, north: number][]
}

/** What `findDoor` knows of a made-up town. */
export function town({ ways = [], houses = [], places = [] }: Town) {
  const compiler = new LayerCompiler(
    {
      communeAt: (lat, lon) => gazetteer.boundaries.communeAt(lat, lon),
      communeCodes: gazetteer.communes.map(({ code }) => code),
      isStreet: (key) => ways.some(([name]) => name.toLowerCase().includes(key)),
    },
    { name: 'town', source: 'a test', date: '2026', licence: 'none', notice: 'none' },
  )
  ways.forEach(([name, ...points], row) => {
    const line = points.map(([east, north]) => at(east, north))
    compiler.way({
      id: `w${row}`,
      name,
      otherNames: [],
      highway: 'residential',
      points: line.flatMap(({ lat, lon }) => [lat, lon]),
    })
  })
  houses.forEach(([number, street, east, north], row) => {
    compiler.house({ id: `h${row}`, number, street, ...at(east, north) })
  })
  places.forEach(([name, east, north], row) => {
    compiler.place({ id: `p${row}`, kind: 'hamlet', name, ...at(east, north) })
  })
  const { buffer, byteOffset, length } = compiler.finish().bytes
  const layer = openLayer(buffer.slice(byteOffset, byteOffset + length), 'town', (code) =>
    gazetteer.commune(code),
  )
  return { gazetteer, streets: layer, memo: new StreetMemo(layer, gazetteer) }
}
