import type { CurrentCommune, Gazetteer } from '../gazetteer/types.ts'
import { COMMUNE_REACH } from '../match/codePoint.ts'
import type { Cell } from '../vpostcode/pluscode.ts'
import { decodeVpostcode } from '../vpostcode/vpostcode.ts'

/** More than that reach, in degrees. */
const MARGIN = 0.01

/** [minLon, minLat, maxLon, maxLat] in degrees WGS 84. */
type Box = readonly [number, number, number, number]

/**
 * The cells of a canonical code in a box. The seven digits repeat every degree: from the middles of squares of one degree
 * that cover the box, each such cell is the nearest of some square.
 */
export function cellsInBox(code: string, [west, south, east, north]: Box): Cell[] {
  const cells: Cell[] = []
  for (let lat = south + 0.5; lat < north + 0.5; lat++)
    for (let lon = west + 0.5; lon < east + 0.5; lon++) cells.push(decodeVpostcode(code, { lat, lon }))
  return cells
}

/**
 * The cells that a canonical code can mean in a commune, the likeliest first, never none: those inside it, else those
 * within 500 m, else the nearest. One, but in Truong Sa, whose reefs lie up to eight degrees apart.
 */
export function cellsOf(code: string, commune: CurrentCommune, { boundaries }: Gazetteer): [Cell, ...Cell[]] {
  const [west, south, east, north] = commune.bbox
  const cells = cellsInBox(code, [west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN])
  if (cells.length === 1) return [cells[0]!]
  const { lat, lon } = commune.inside
  const apart = (cell: Cell) => (cell.lat - lat) ** 2 + (cell.lon - lon) ** 2
  const within = (metres: number) =>
    cells.filter((cell) => boundaries.distanceTo(commune.index, cell.lat, cell.lon, metres) <= metres)
  cells.sort((a, b) => apart(a) - apart(b))
  const [first = cells[0]!, ...others] =
    [within(0), within(COMMUNE_REACH)].find((fit) => fit.length > 0) ?? []
  return [first, ...others]
}
