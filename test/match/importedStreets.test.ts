import { expect, test } from 'vitest'
import { LayerCompiler } from '../../src/gazetteer/streetLayer/compile.ts'
import { openLayer } from '../../src/gazetteer/streetLayer/layer.ts'
import { compilerWorld } from '../../src/gazetteer/streetLayer/world.ts'
import type { Gazetteer } from '../../src/gazetteer/types.ts'
import { isStreet, isStreetOf } from '../../src/match/streetCommunes.ts'
import { gazetteer } from './world.ts'

/** The gazetteer with an imported map of one street, in the middle of a commune. */
function withStreet(name: string, { inside }: Gazetteer['communes'][number]): Gazetteer {
  const head = { name: 'a-map', source: 'a map', date: '2026', licence: 'ODbL 1.0', notice: '(c)' }
  const compiler = new LayerCompiler(compilerWorld(gazetteer), head)
  const { lat, lon } = inside
  const points = [lat, lon, lat + 0.0005, lon]
  compiler.way({ id: 'w1', name, otherNames: [], highway: 'residential', points })
  const { buffer, byteOffset, length } = compiler.finish().bytes
  const layer = openLayer(buffer.slice(byteOffset, byteOffset + length), 'a map', (code) =>
    gazetteer.commune(code),
  )
  const { streetLayers } = gazetteer
  const both = Object.assign(Object.create(streetLayers), { layers: [layer, ...streetLayers.layers] })
  return { ...gazetteer, streetLayers: both }
}

test('a street that only an imported map has is known, in its commune', () => {
  const NAME = 'Mây Hồng Xanh Thẳm'
  const [here, elsewhere] = ['Hoàn Kiếm', 'Bến Thành'].map(
    (name) => gazetteer.communes.find((commune) => commune.name === name)!,
  )
  expect([isStreet(NAME, gazetteer), isStreetOf(NAME, here!, gazetteer)]).toEqual([false, false])
  const mapped = withStreet(NAME, here!)
  expect(isStreet(NAME, mapped)).toBe(true)
  expect(isStreetOf(`Đường ${NAME}`, here!, mapped)).toBe(true)
  expect(isStreetOf(NAME, elsewhere!, mapped)).toBe(false)
})
