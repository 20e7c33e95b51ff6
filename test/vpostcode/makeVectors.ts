// Writes vectors.csv: `npx tsx test/vpostcode/makeVectors.ts`. Seeded; exact rational arithmetic only.
import { writeFileSync } from 'node:fs'
import { decimalText, exactPlusCode, exactUnits, seededRandom } from './exact.ts'

const LENGTHS = [2, 4, 6, 8, 10, 11, 12, 13, 14, 15]
const random = seededRandom(20_250_701)
const points: [string, string][] = [
  ['10.7721', '106.6983'],
  ['90', '180'],
  ['-90', '-180'],
  ['91.5', '540.25'],
  ['-90.001', '-540.25'],
  ['0', '0'],
  ['-0.000001', '-0.000001'],
]
for (let index = 0; index < 150; index++) {
  const decimals = index % 7
  points.push([decimalText(random, -90, 90, decimals), decimalText(random, -180, 180, decimals)])
}
for (let index = 0; index < 150; index++) {
  const decimals = 3 + (index % 4)
  points.push([decimalText(random, 8, 24, decimals), decimalText(random, 102, 118, decimals)])
}
// South-west corners of cells of eleven digits, written out in full: 0.000025 and 0.00003125 degrees.
for (let index = 0; index < 100; index++) {
  points.push([
    decimals(320_000 + Math.floor(random() * 640_000), 25n, 6),
    decimals(3_264_000 + Math.floor(random() * 512_000), 3125n, 8),
  ])
}

function decimals(cell: number, step: bigint, places: number): string {
  const digits = (BigInt(cell) * step).toString().padStart(places + 1, '0')
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`
}

const rows = points.map(([lat, lon], index) => {
  const units = exactUnits(lat, lon)
  const length = index < 7 || index >= 307 ? 11 : LENGTHS[index % LENGTHS.length]!
  return [lat, lon, units.lat, units.lon, length, exactPlusCode(lat, lon, length)].join(',')
})
writeFileSync(
  new URL('vectors.csv', import.meta.url),
  `lat,lon,lat_units,lon_units,digits,code\n${rows.join('\n')}\n`,
)
