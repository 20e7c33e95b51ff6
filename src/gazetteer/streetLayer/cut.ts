import { scaleAt } from '../../geo/flatEarth.ts'

/** A piece of a line within one commune. */
export interface Piece {
  /** Position in the list of communes. */
  readonly commune: number
  readonly xy: number[]
  readonly along: number[]
  metres: number
}

/** A border is looked for in steps this long, then halved down to about a metre (metres). */
const STEP = 20
const HALVINGS = 4
/** A shorter visit to another commune is the noise of two maps' borders (metres). */
const LEAST = 12

/**
 * Cuts a line at the borders of communes. Points outside all communes belong to the commune before, or the first one after;
 * empty when the whole line lies outside.
 */
export function cutAtBorders(
  xy: Int32Array,
  along: Float32Array,
  communeAt: (lat: number, lon: number) => number,
): Piece[] {
  const scale = scaleAt(xy[1]! / 1e6)
  const at = (segment: number, part: number) => ({
    x: xy[2 * segment]! + part * (xy[2 * segment + 2]! - xy[2 * segment]!),
    y: xy[2 * segment + 1]! + part * (xy[2 * segment + 3]! - xy[2 * segment + 1]!),
  })
  const communeOf = (segment: number, part: number) => {
    const { x, y } = at(segment, part)
    return communeAt(y / 1e6, x / 1e6)
  }
  const segments = xy.length / 2 - 1
  const runs: { commune: number; from: number; metres: number }[] = []
  let here = communeOf(0, 0)
  let run = { commune: here, from: 0, metres: 0 }
  runs.push(run)
  for (let segment = 0; segment < segments; segment++) {
    const length = Math.hypot(
      (xy[2 * segment + 2]! - xy[2 * segment]!) * scale.x,
      (xy[2 * segment + 3]! - xy[2 * segment + 1]!) * scale.y,
    )
    const steps = Math.max(1, Math.ceil(length / STEP))
    let done = 0
    for (let step = 1; step <= steps; step++) {
      const commune = communeOf(segment, step / steps)
      if (commune === here || commune < 0) continue
      let [low, high] = [(step - 1) / steps, step / steps]
      for (let halving = 0; halving < HALVINGS; halving++) {
        const middle = (low + high) / 2
        if (communeOf(segment, middle) === commune) high = middle
        else low = middle
      }
      here = commune
      if (run.commune < 0) run.commune = commune
      else {
        run.metres += (high - done) * length
        done = high
        run = { commune, from: segment + high, metres: 0 }
        runs.push(run)
      }
    }
    run.metres += (1 - done) * length
  }
  if (run.commune < 0) return []
  const kept = runs.filter(({ metres }) => metres >= LEAST)
  if (kept.length === 0) kept.push(runs.reduce((a, b) => (b.metres > a.metres ? b : a)))
  kept[0]!.from = 0
  const joined = kept.filter(({ commune }, i) => i === 0 || commune !== kept[i - 1]!.commune)
  return joined.map(({ commune, from }, i) => {
    const piece: Piece = { commune, xy: [], along: [], metres: 0 }
    const to = joined[i + 1]?.from ?? segments
    for (let place = from; ; ) {
      const segment = Math.min(Math.floor(place), segments - 1)
      const part = place - segment
      const { x, y } = at(segment, part)
      piece.xy.push(Math.round(x), Math.round(y))
      piece.along.push(along[segment]! + part * (along[segment + 1]! - along[segment]!))
      const points = piece.xy.length
      if (points > 2)
        piece.metres += Math.hypot(
          (piece.xy[points - 2]! - piece.xy[points - 4]!) * scale.x,
          (piece.xy[points - 1]! - piece.xy[points - 3]!) * scale.y,
        )
      if (place >= to) break
      place = Math.min(Math.floor(place) + 1, to)
    }
    return piece
  })
}
