/**
 * How often a house in a split former commune lies in the same part as its neighbours of the same street and former commune:
 * what `match/hearDecided.ts` rests on. Addresses with points: the labelled cases and the mapped addresses of Ho Chi Minh City.
 *
 *     npx tsx scripts/bench/neighbours.ts
 *
 * Prints { houses, streets, divided, right: { neighbours: share } }: of each house so many other ones of its street are drawn
 * 20 times (seeded), and where they agree it is counted whether the house lies there too.
 */
import { readFileSync } from 'node:fs'
import { type CsvRow, parseCsv } from '../../src/gazetteer/csv.ts'
import { load } from '../../src/gazetteer/load.ts'
import { prepareRow } from '../../src/pipeline.ts'
import { wordsOf } from '../../src/registry/key.ts'

const shared = `${process.env['VPOSTCODE_SHARED'] ?? '../shared'}/data`
const rows = (name: string) => parseCsv(readFileSync(`${shared}/${name}`, 'utf8')).rows
const gazetteer = load()

let seed = 2026
function random(): number {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
  return seed / 2 ** 31
}

/** The parts (codes of communes of today) of the houses by former commune and street. */
const streets = new Map<string, string[]>()
function add(address: string, lat: string, lon: string): void {
  const { draft } = prepareRow({ address, lat, lon }, gazetteer)
  const former = draft?.formerCommuneCode && gazetteer.formerCommune(draft.formerCommuneCode)
  if (!former || former.successors.length < 2 || !draft.parts.street) return
  const here = gazetteer.communes[gazetteer.boundaries.communeAt(Number(lat), Number(lon))]
  if (!here || !former.successors.some(({ current }) => current === here)) return
  const key = `${former.code} ${wordsOf(draft.parts).street}`
  streets.set(key, [...(streets.get(key) ?? []), here.code])
}
const inWard = ({ housenumber, street, ward, district }: CsvRow) =>
  `${housenumber} ${street}, ${/^\d+$/.test(ward!) ? `Phường ${ward}` : ward}, ${district}, TP HCM`
for (const name of ['cases/hcmc-points.csv', 'streets/osm-addresses-hcmc-2018.csv'])
  for (const row of rows(name)) if (row['ward'] && row['street']) add(inWard(row), row['lat']!, row['lon']!)
for (const row of rows('cases/old-new-pairs.csv')) add(row['old_address']!, row['lat']!, row['lon']!)

const DRAWS = 20
function share(neighbours: number): number | null {
  let right = 0
  let all = 0
  for (const parts of streets.values())
    for (const [i, part] of parts.entries()) {
      const others = parts.filter((_, j) => j !== i)
      if (others.length < neighbours) continue
      for (let draw = 0; draw < DRAWS; draw++) {
        const left = [...others]
        const drawn = Array.from(
          { length: neighbours },
          () => left.splice(Math.floor(random() * left.length), 1)[0],
        )
        if (new Set(drawn).size > 1) continue
        all++
        if (drawn[0] === part) right++
      }
    }
  return all === 0 ? null : Math.round((right / all) * 1000) / 1000
}

const found = [...streets.values()]
console.log(
  JSON.stringify({
    houses: found.flat().length,
    streets: found.length,
    divided: found.filter((parts) => new Set(parts).size > 1).length,
    right: Object.fromEntries([1, 2, 3, 4, 5, 6, 8].map((neighbours) => [neighbours, share(neighbours)])),
  }),
)
