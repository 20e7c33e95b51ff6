// How far the answered points are from the true ones: draws docs/accuracy-errors.svg and prints the tables of docs/accuracy.md.
// Run: npx tsx scripts/accuracy/errors.ts
import { writeFileSync } from 'node:fs'
import { load } from '../../src/gazetteer/load.ts'
import { wayOf } from '../../src/locate/door/way.ts'
import { errorPlot } from './errorPlot.ts'
import { amongRegistered, type LocatedRow, pairRows, pointRows } from './located.ts'

const gazetteer = load()
const points = pointRows(gazetteer)
const pairs = pairRows(gazetteer)
const halves = [0, 1].flatMap((half) =>
  amongRegistered(
    points.filter(({ row }) => row % 2 === half),
    points.filter(({ row }) => row % 2 !== half),
    gazetteer,
  ),
)
const PRECISIONS = ['building', 'interpolated', 'alley', 'street', 'hamlet', 'commune'] as const
const REGIONS = ['TP. Hồ Chí Minh', 'Hà Nội', 'Đà Nẵng', 'elsewhere'] as const

const curves = [
  { name: 'all', rows: points },
  { name: 'all, other half registered', rows: halves },
  ...(['building', 'interpolated', 'alley', 'street'] as const).map((precision) => ({
    name: precision,
    rows: points.filter(({ door }) => door.precision === precision),
  })),
]
writeFileSync(
  'docs/accuracy-errors.svg',
  errorPlot(curves.map(({ name, rows }) => ({ name, metres: rows.map(({ metres }) => metres) }))),
)

const HEAD = '| | rows | median | 90 % within | within 50 m | within 250 m | inside the error told |'
console.log(`${HEAD}\n|---|---|---|---|---|---|---|`)
print('**hcmc-points.csv**', points)
for (const precision of PRECISIONS)
  print(
    precision,
    points.filter(({ door }) => door.precision === precision),
  )
print('**the other half registered**', halves)
for (const region of REGIONS) {
  const rows = pairs.filter((row) => row.region === region)
  print(`**old-new-pairs.csv, ${region}**`, rows)
  for (const precision of PRECISIONS)
    print(
      precision,
      rows.filter(({ door }) => door.precision === precision),
    )
}

console.log('\n| row | metres | told | precision | reason |\n|---|---|---|---|---|')
for (const row of [...points].sort((a, b) => b.metres - a.metres).slice(0, 20))
  console.log(
    `| ${row.row} | ${Math.round(row.metres)} | ${row.door.accuracy} | ${row.door.precision} | ${reasonOf(row)} |`,
  )

function print(name: string, rows: readonly LocatedRow[]) {
  if (rows.length === 0) return
  const metres = rows.map((row) => row.metres).sort((a, b) => a - b)
  const at = (share: number) => `${Math.round(metres[Math.floor(share * metres.length)]!)} m`
  const percent = (count: number) => `${((100 * count) / rows.length).toFixed(1)} %`
  const within = (most: number) => percent(metres.filter((one) => one <= most).length)
  const inside = percent(rows.filter((row) => row.metres <= row.door.accuracy).length)
  console.log(
    `| ${name} | ${rows.length} | ${at(0.5)} | ${at(0.9)} | ${within(50)} | ${within(250)} | ${inside} |`,
  )
}

/** Why a row is far off, as far as it can be told without looking at the place. */
function reasonOf({ read, door, lat, lon }: LocatedRow): string {
  const at = gazetteer.communes[gazetteer.boundaries.communeAt(lat, lon)]
  if (at && at.code !== read.current?.commune?.code)
    return 'the point lies in another commune than the text says'
  const way = wayOf(read.components)
  const hasNumber = way !== null && !Number.isNaN(way.first)
  if (door.precision === 'commune')
    return read.components.street
      ? 'no street of this name is mapped near'
      : 'the text was read without a street'
  const known = door.evidence.some(({ kind }) => kind === 'house' || kind === 'alley')
  if (door.precision === 'street' && !hasNumber) return 'a long street, and no number that tells where on it'
  if (door.precision === 'street' && !known) return 'a long street without any known number'
  if (door.precision === 'street') return 'a long street, the known numbers are far from this one'
  return 'the number contradicts the known ones: numbered anew, or beginning again on the way'
}
