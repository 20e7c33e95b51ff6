// The street layer: opening it, its size, look-ups a second on one core, the nearest street against brute force; first the
// shipped layer, then one of the whole country's size, made up. Floors of the same run: reading the bytes, an empty loop over the
// same questions. All times are of the processor: other work runs on the machine.
//   npx tsx scripts/bench/streetLayer.ts [streets = 300000]
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataDirectory } from '../../src/gazetteer/directory.ts'
import { load } from '../../src/gazetteer/load.ts'
import { LayerCompiler } from '../../src/gazetteer/streetLayer/compile.ts'
import { type Layer, openLayer } from '../../src/gazetteer/streetLayer/layer.ts'
import { SHIPPED_LAYER } from '../../src/gazetteer/streetLayer/shippedHead.ts'
import { compilerWorld } from '../../src/gazetteer/streetLayer/world.ts'
import { scaleAt, squaredDistance } from '../../src/geo/flatEarth.ts'
import { randomOf } from './random.ts'

const STREETS = Number(process.argv[2] ?? 300_000)
const QUESTIONS = 20_000
const CHECKED = 500
const random = randomOf(7)
const gazetteer = load()
const communeOf = (code: string) => gazetteer.commune(code)

const shipped = readFileSync(join(dataDirectory(), SHIPPED_LAYER))
const made = madeUp(STREETS)
console.log(
  JSON.stringify({ shipped: figures(shipped), madeUp: { ...made.told, ...figures(made.bytes) } }, null, 2),
)

function figures(bytes: Uint8Array) {
  const buffer = new SharedArrayBuffer(bytes.length)
  const copyMs = timed(() => new Uint8Array(buffer).set(bytes))
  const opening = Array.from({ length: 5 }, () => timed(() => openLayer(buffer, 'bench', communeOf)))
  const layer = openLayer(buffer, 'bench', communeOf)
  const streets = Array.from({ length: QUESTIONS }, () =>
    layer.streetAt(Math.floor(random() * (layer.counts.streets + layer.counts.alleys))),
  )
  const named = streets
    .filter(({ alley }) => !alley)
    .map((street) => ({ street, name: street.name, commune: street.commune }))
  const points = streets.map((street) => {
    const [line] = street.lines
    const at = 2 * Math.floor((random() * line!.points.length) / 2)
    return {
      lat: line!.points[at]! + (random() - 0.5) * 1e-3,
      lon: line!.points[at + 1]! + (random() - 0.5) * 1e-3,
    }
  })
  return {
    ...layer.counts,
    points: layer.arrays.along.length,
    bytes: bytes.length,
    copyMs,
    openMs: Math.min(...opening),
    perSecond: {
      emptyLoop: rate(points, ({ lat, lon }) => lat + lon),
      nameInCommune: rate(named, ({ name, commune }) => layer.streetsNamed(name, commune)[0]!.row),
      alleysOfStreet: rate(named, ({ street }) => layer.alleysOf(street).length),
      housesOfStreet: rate(named, ({ street }) => layer.housesOf(street).length),
      nearestStreet: rate(points, ({ lat, lon }) => layer.nearestStreets(lat, lon, 500, 1).length),
      fiveNearestStreets: rate(points, ({ lat, lon }) => layer.nearestStreets(lat, lon, 500, 5).length),
      fiveHousesNear: rate(points, ({ lat, lon }) => layer.housesNear(lat, lon, 500, 5).length),
      namesOfCommune: rate(
        named.slice(0, 200),
        ({ commune }) => layer.streetsOf(commune).map(({ name }) => name).length,
      ),
    },
    nearestAsByBruteForce: `${points.slice(0, CHECKED).filter((point) => isNearest(layer, point)).length} of ${CHECKED}`,
  }
}

/** Whether the nearest street is as far as the nearest segment of all. */
function isNearest(layer: Layer, { lat, lon }: { lat: number; lon: number }): boolean {
  const { lineStart, pointStart, xy } = layer.arrays
  const [x, y, scale] = [lon * 1e6, lat * 1e6, scaleAt(lat)]
  let least = Infinity
  for (let line = 0; line < lineStart.at(-1)!; line++) {
    // 30 km: no line is longer
    if (Math.abs(xy[2 * pointStart[line]! + 1]! - y) > 300_000) continue
    for (let i = pointStart[line]!; i + 1 < pointStart[line + 1]!; i++)
      least = Math.min(
        least,
        squaredDistance(x, y, xy[2 * i]!, xy[2 * i + 1]!, xy[2 * i + 2]!, xy[2 * i + 3]!, scale),
      )
  }
  const [hit] = layer.nearestStreets(lat, lon, 2_000, 1)
  return Math.abs(hit!.metres - Math.sqrt(least)) < 0.01
}

/** Streets of usual names around the middle of each commune, each with two alleys and two houses. */
function madeUp(streets: number) {
  const { communes } = gazetteer
  const names = gazetteer.streetNames
  const compiler = new LayerCompiler(compilerWorld(gazetteer), {
    name: 'made-up',
    source: 'benchmark',
    date: '2026',
    licence: 'none',
    notice: '',
  })
  let count = 0
  const collectMs = timed(() => {
    for (let i = 0; i < streets; i += 3) {
      const { inside } = communes[(i / 3) % communes.length]!
      const name = names[Math.floor(random() ** 2 * names.length)]!
      const start = {
        lat: inside.lat + (random() - 0.5) * 0.03,
        lon: inside.lon + (random() - 0.5) * 0.03,
      }
      const turn = random() * 2 * Math.PI
      const at = (step: number, aside = 0) => [
        start.lat + step * 4e-4 * Math.sin(turn + step / 20) + aside * Math.cos(turn),
        start.lon + step * 4e-4 * Math.cos(turn + step / 20) - aside * Math.sin(turn),
      ]
      const draw = (id: number, written: string, points: number[][]) =>
        compiler.way({
          id: `w${id}`,
          name: written,
          otherNames: [],
          highway: 'residential',
          points: points.flat(),
        })
      draw(
        i,
        name,
        Array.from({ length: 14 }, (_, step) => at(step)),
      )
      for (const side of [-1, 1]) {
        const number = 2 * Math.floor(1 + random() * 150) + (side < 0 ? 1 : 0)
        const step = Math.floor(random() * 13)
        const steps = [0, 1, 2, 3].map((inwards) => at(step, side * inwards * 3e-4))
        draw(i + (side < 0 ? 1 : 2), `Hẻm ${number} ${name}`, steps)
        const [lat, lon] = at(random() * 13, side * 1e-4) as [number, number]
        compiler.house({ id: `h${count++}`, number: String(number), street: name, lat, lon })
      }
    }
  })
  let bytes: Uint8Array = new Uint8Array()
  let report: object = {}
  const compileMs = timed(() => {
    ;({ bytes, report } = compiler.finish())
  })
  return { bytes, told: { collectMs, compileMs, rssMb: Math.round(process.memoryUsage().rss / 1e6), report } }
}

function rate<T>(questions: readonly T[], ask: (question: T) => number): number {
  let sum = 0
  for (const question of questions.slice(0, 1_000)) sum += ask(question)
  const ms = timed(() => {
    for (const question of questions) sum += ask(question)
  })
  if (Number.isNaN(sum)) throw new Error('an answer is no number')
  return Math.round((questions.length / ms) * 1000)
}

/** Milliseconds of processor time: other work runs on the machine. */
function timed(work: () => void): number {
  const from = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(from)
  return Math.round((user + system) / 100) / 10
}
