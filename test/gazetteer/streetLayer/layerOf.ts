import type { World } from '../../../src/gazetteer/streetLayer/collect.ts'
import { type CompiledLayer, LayerCompiler } from '../../../src/gazetteer/streetLayer/compile.ts'
import { type Layer, openLayer } from '../../../src/gazetteer/streetLayer/layer.ts'
import type { LayerHead, LayerSink } from '../../../src/gazetteer/streetLayer/types.ts'
import type { CurrentCommune } from '../../../src/gazetteer/types.ts'
import { scaleAt } from '../../../src/geo/flatEarth.ts'

const ORIGIN = { lat: 10.77, lon: 106.7 }
const { x, y } = scaleAt(ORIGIN.lat)

/** Metres east and north of the origin to degrees. */
export const at = (east: number, north: number) => ({
  lat: ORIGIN.lat + north / y / 1e6,
  lon: ORIGIN.lon + east / x / 1e6,
})
/** East and north in metres, point after point. */
export const line = (...points: (readonly [east: number, north: number])[]) =>
  points.flatMap(([east, north]) => {
    const { lat, lon } = at(east, north)
    return [lat, lon]
  })

const commune = (code: string, name: string) => ({ code, name }) as CurrentCommune
/** Everything west of the origin, everything east of it, and what lies more than 20 km north of it. */
export const west = commune('00001', 'Tây')
export const east = commune('00002', 'Đông')
export const north = commune('00003', 'Bắc')
export const communeOf = (code: string) => [west, east, north].find((one) => one.code === code)

export const world: World = {
  communeAt: (lat, lon) => (lat > at(0, 20_000).lat ? 2 : lon < ORIGIN.lon ? 0 : 1),
  communeCodes: [west.code, east.code, north.code],
  isStreet: (key) => ['le loi', 'nguyen hue'].includes(key),
}
export const head: LayerHead = {
  name: 'made-up',
  source: 'drawn by hand',
  date: '2026',
  licence: 'none',
  notice: '(c) nobody',
}

let count = 0
/** Draws ways, houses and places with ids of their own. */
export class Pen {
  private readonly sink: LayerSink
  constructor(sink: LayerSink) {
    this.sink = sink
  }
  way(name: string, points: number[], more: { otherNames?: string[]; highway?: string } = {}): this {
    this.sink.way({ id: `w${count++}`, name, otherNames: [], highway: 'residential', points, ...more })
    return this
  }
  house(number: string, street: string | null, [east, north]: readonly [number, number]): this {
    this.sink.house({ id: `h${count++}`, number, street, ...at(east, north) })
    return this
  }
  place(name: string, [east, north]: readonly [number, number], kind = 'neighbourhood'): this {
    this.sink.place({ id: `p${count++}`, kind, name, ...at(east, north) })
    return this
  }
}

export function compiled(draw: (pen: Pen) => void, named = head): CompiledLayer {
  const compiler = new LayerCompiler(world, named)
  draw(new Pen(compiler))
  return compiler.finish()
}

export function layerOf(draw: (pen: Pen) => void): Layer {
  const { bytes } = compiled(draw)
  return opened(bytes)
}

export function opened(bytes: Uint8Array): Layer {
  const buffer = new SharedArrayBuffer(bytes.length)
  new Uint8Array(buffer).set(bytes)
  return openLayer(buffer, 'test', communeOf)
}
