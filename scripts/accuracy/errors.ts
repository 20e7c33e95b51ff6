// How far the answered points are from the true ones: draws the two plots of docs/accuracy.md and writes its tables.
// Run: npx tsx scripts/accuracy/errors.ts
import { readFileSync, writeFileSync } from 'node:fs'
import { load } from '../../src/gazetteer/load.ts'
import { wayOf } from '../../src/locate/door/way.ts'
import { errorPlot } from './errorPlot.ts'
import { heldOut } from './heldOut.ts'
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

writeFileSync(
  'docs/accuracy-regions.svg',
  errorPlot(
    REGIONS.map((region) => ({
      name: region,
      metres: pairs.filter((row) => row.region === region).map(({ metres }) => metres),
    })),
  ),
)

const lines = [
  '| | rows | median | 90 % within | within 50 m | within 250 m | inside the error told |',
  '|---|---|---|---|---|---|---|',
  ...kinds('**hcmc-points.csv**', points),
  ...line('**the other half registered**', halves),
  ...REGIONS.flatMap((region) =>
    kinds(
      `**old-new-pairs.csv, ${region}**`,
      pairs.filter((row) => row.region === region),
    ),
  ),
]
const share = (value: number) => `${(100 * value).toFixed(1)} %`
const held = [
  '| kind | rows | fitted on the first half, tried on the second | the other way round | together | inside the error told |',
  '|---|---|---|---|---|---|',
  ...heldOut([...points, ...pairs]).map(
    ({ kind, rows, inside: [second, first], together, told }) =>
      `| ${kind} | ${rows} | ${share(second)} | ${share(first)} | ${share(together)} | ${share(told)} |`,
  ),
]
const worst = [
  '| row | metres | told | precision | reason |',
  '|---|---|---|---|---|',
  ...[...points]
    .sort((a, b) => b.metres - a.metres)
    .slice(0, 20)
    .map(
      (row) =>
        `| ${row.row} | ${Math.round(row.metres)} | ${row.door.accuracy} | ${row.door.precision} | ${reasonOf(row)} |`,
    ),
]
const PAGE = 'docs/accuracy.md'
const page = [lines, held, worst].reduce(
  (text, table, at) => withTable(text, at, table),
  readFileSync(PAGE, 'utf8'),
)
writeFileSync(PAGE, page)

/** The page with its table number `at` (from 0) in the place of the one that stands there. */
function withTable(text: string, at: number, table: readonly string[]): string {
  let count = 0
  return text.replace(/(?:^\|.*\n)+/gm, (old) => (count++ === at ? `${table.join('\n')}\n` : old))
}

function kinds(name: string, rows: readonly LocatedRow[]): string[] {
  return [
    ...line(name, rows),
    ...PRECISIONS.flatMap((precision) =>
      line(
        precision,
        rows.filter(({ door }) => door.precision === precision),
      ),
    ),
  ]
}

function line(name: string, rows: readonly LocatedRow[]): string[] {
  if (rows.length === 0) return []
  const metres = rows.map((row) => row.metres).sort((a, b) => a - b)
  const at = (share: number) => `${Math.round(metres[Math.floor(share * metres.length)]!)} m`
  const percent = (count: number) => `${((100 * count) / rows.length).toFixed(1)} %`
  const within = (most: number) => percent(metres.filter((one) => one <= most).length)
  const inside = percent(rows.filter((row) => row.metres <= row.door.accuracy).length)
  return [
    `| ${name} | ${rows.length} | ${at(0.5)} | ${at(0.9)} | ${within(50)} | ${within(250)} | ${inside} |`,
  ]
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
