import type Flatbush from 'flatbush'
import { indexed } from './boxes.ts'
import type { StreetPiece } from './pieces.ts'
import { RUN_LENGTH, type SegmentArrays } from './segments.ts'

export interface Runs {
  readonly segments: SegmentArrays
  readonly boxes: Flatbush | null
}

/** The index of all segments: the box of each run of a few segments, with the row of its street. */
export function runsOf(pieces: readonly StreetPiece[]): Runs {
  const [point, length, street]: [number[], number[], number[]] = [[], [], []]
  const box: number[] = []
  let first = 0
  pieces.forEach((piece, row) => {
    for (const { xy } of piece.lines) {
      const segments = xy.length / 2 - 1
      for (let from = 0; from < segments; from += RUN_LENGTH) {
        const count = Math.min(RUN_LENGTH, segments - from)
        point.push(first + from)
        length.push(count)
        street.push(row)
        box.push(...boxOf(xy, from, count))
      }
      first += xy.length / 2
    }
  })
  const xy = new Int32Array(2 * first)
  const along = new Float32Array(first)
  let at = 0
  for (const line of pieces.flatMap((piece) => piece.lines)) {
    xy.set(line.xy, 2 * at)
    along.set(line.along, at)
    at += line.along.length
  }
  return {
    segments: {
      xy,
      along,
      runPoint: Uint32Array.from(point),
      runLength: Uint8Array.from(length),
      runStreet: Uint32Array.from(street),
    },
    boxes: indexed(box),
  }
}

function boxOf(xy: readonly number[], from: number, segments: number): number[] {
  const box = [Infinity, Infinity, -Infinity, -Infinity]
  for (let i = from; i <= from + segments; i++) {
    const [x, y] = [xy[2 * i]!, xy[2 * i + 1]!]
    box[0] = Math.min(box[0]!, x)
    box[1] = Math.min(box[1]!, y)
    box[2] = Math.max(box[2]!, x)
    box[3] = Math.max(box[3]!, y)
  }
  return box
}
