import type { Context } from '../context.ts'
import { amongRegistered, type LocatedRow, pairRows, pointRows } from '../located.ts'

/** Metres of the figures of the plan. */
const MEDIAN = 110
const NEAR = 250
const MEDIAN_AMONG_REGISTERED = 90

/** hcmc-points.csv (clean rows) and old-new-pairs.csv: how far the answered point is from the true one. */
export function points(context: Context): void {
  const { report, gazetteer } = context
  const rows = pointRows(gazetteer)
  for (const row of rows) {
    const { read, text, lat, lon, door } = row
    const at = gazetteer.communes[gazetteer.boundaries.communeAt(lat, lon)]
    const communes = [read.current, ...read.candidates.map(({ current }) => current)].map(
      (reading) => reading?.commune?.code,
    )
    report.score('points.commune', communes.includes(at?.code), text, at?.fullName ?? '-', read)
    const isStreet = door.precision !== 'commune' && door.precision !== 'hamlet'
    report.score('points.street', isStreet, text, 'a street', told(row))
    within(context, 'points.median', row, MEDIAN)
    within(context, 'points.near', row, NEAR)
    inside(context, 'points.inside', row)
    inside(context, `points.inside.${door.precision}`, row)
  }
  for (const half of [0, 1]) {
    const [asked, registered] = [rows.filter(isOf(half)), rows.filter(isOf(1 - half))]
    for (const row of amongRegistered(asked, registered, gazetteer)) {
      within(context, 'points.half.median', row, MEDIAN_AMONG_REGISTERED)
      within(context, 'points.half.near', row, NEAR)
      inside(context, 'points.half.inside', row)
    }
  }
  for (const row of pairRows(gazetteer)) {
    if (row.region === 'TP. Hồ Chí Minh' || row.region === 'Hà Nội') within(context, 'pairs.near', row, NEAR)
    inside(context, 'pairs.inside', row)
  }
}

const isOf =
  (half: number) =>
  ({ row }: LocatedRow) =>
    row % 2 === half

const told = ({ door, metres }: LocatedRow) =>
  `${Math.round(metres)} m off, told ${door.accuracy} m, ${door.by}`

function within({ report }: Context, figure: string, row: LocatedRow, most: number): void {
  report.score(figure, row.metres <= most, row.text, `within ${most} m`, told(row))
}
function inside({ report }: Context, figure: string, row: LocatedRow): void {
  report.score(figure, row.metres <= row.door.accuracy, row.text, 'within its error', told(row))
}
