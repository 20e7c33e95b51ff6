// Encode and decode on one core, beside the npm package open-location-code in the same run.
// `npx tsx scripts/bench/codec.ts [points]`: seeded points of Viet Nam with six decimals; prints one JSON object.
import { createRequire } from 'node:module'
import { arch, cpus } from 'node:os'
import { decodePlusCode, encodePlusCode } from '../../src/vpostcode/pluscode.ts'
import { decodeVpostcode, encodeVpostcode } from '../../src/vpostcode/vpostcode.ts'

interface Peer {
  encode(lat: number, lon: number, digits: number): string
  decode(code: string): { latitudeLo: number; longitudeLo: number }
}
const require = createRequire(import.meta.url)
const peer: Peer = require('open-location-code').OpenLocationCode.prototype

const ROUNDS = 7
const count = Number(process.argv[2] ?? 500_000)
let state = 20_250_701
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return state / 4_294_967_296
}
const sixDecimals = (low: number, span: number) => Math.round((low + random() * span) * 1e6) / 1e6
const lats = Float64Array.from({ length: count }, () => sixDecimals(8, 16))
const lons = Float64Array.from({ length: count }, () => sixDecimals(102, 16))
const postcodes = Array.from({ length: count }, () => String(10_000 + Math.floor(random() * 89_999)))
const references = Array.from(lats, (lat, index) => ({ lat: lat + 0.01, lon: lons[index]! - 0.01 }))
const plusCodes = Array.from(lats, (lat, index) => encodePlusCode(lat, lons[index]!, 11))
const codes = Array.from(lats, (lat, index) => encodeVpostcode(postcodes[index]!, lat, lons[index]!))

/** Every answer is looked at (its last character, its south edge), so that no work can be left out. */
const work: Record<string, (index: number) => number> = {
  'encode Vpostcode': (i) => encodeVpostcode(postcodes[i]!, lats[i]!, lons[i]!).charCodeAt(11),
  'encode plus code, 11 digits': (i) => encodePlusCode(lats[i]!, lons[i]!, 11).charCodeAt(11),
  'encode, npm open-location-code': (i) => peer.encode(lats[i]!, lons[i]!, 11).charCodeAt(11),
  'decode Vpostcode': (i) => decodeVpostcode(codes[i]!, references[i]!).south,
  'decode plus code, 11 digits': (i) => decodePlusCode(plusCodes[i]!).south,
  'decode, npm open-location-code': (i) => peer.decode(plusCodes[i]!).latitudeLo,
}

let checksum = 0
const perSecond: Record<string, number[]> = {}
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, once] of Object.entries(work)) {
    const started = process.hrtime.bigint()
    for (let index = 0; index < count; index++) checksum += once(index)
    const seconds = Number(process.hrtime.bigint() - started) / 1e9
    perSecond[name] = [...(perSecond[name] ?? []), count / seconds]
  }
}

const wrongByPeer = plusCodes.filter(
  (code, index) => peer.encode(lats[index]!, lons[index]!, 11) !== code,
).length
console.log(
  JSON.stringify(
    {
      benchmark: 'codec',
      points: count,
      rounds: ROUNDS,
      node: process.version,
      machine: `${cpus()[0]?.model ?? 'unknown'} ${arch()}`,
      medianPerSecond: Object.fromEntries(
        Object.entries(perSecond).map(([name, rates]) => [
          name,
          Math.round(rates.sort((a, b) => a - b)[ROUNDS >> 1]!),
        ]),
      ),
      peerCodesThatDifferFromOurs: wrongByPeer,
      checksum,
    },
    null,
    2,
  ),
)
