import { chainKey, compareChains } from './chain.ts'
import { type AlleyPiece, alleyName, type StreetPiece } from './pieces.ts'
import type { Runs } from './runs.ts'
import { type Foot, feetWithin } from './segments.ts'
import type { TextPool } from './texts.ts'

/** An alley meets its parent when they come this near (metres): half a wide road. */
const MEETS = 25
/** So far off lies the alley or street that its name says, where alleys between them are not mapped (metres). */
const ALLEY_REACH = 60
const STREET_REACH = 600
/** From its mouth so far into the alley it is asked on which side of its parent it lies (metres). */
const INSIDE = 15
/** Points of an alley at which a street is looked for; of more only some. */
const MOST_POINTS = 1_000
/** Nameless alleys that leave nameless alleys. */
const ROUNDS = 4

/** Rows by what they are called, and alleys tied to what they leave. */
export class AlleyTree {
  private readonly pieces: readonly StreetPiece[]
  private readonly runs: Runs
  /** Rows by "key|chain", other names too. */
  private readonly rows = new Map<string, Set<number>>()

  /** Fills in parents and mouths of the alleys, and what the nameless ones are called. */
  constructor(pieces: readonly StreetPiece[], runs: Runs) {
    this.pieces = pieces
    this.runs = runs
    pieces.forEach((piece, row) => {
      if (piece.key) this.add(piece.key, chainKey(piece.alley?.numbers ?? []), row)
      for (const [key, chain] of piece.otherKeys) this.add(key, chain, row)
    })
    let nameless: Alley[] = []
    for (const alley of alleysOf(pieces)) {
      if (alley.first.key) this.tie(alley)
      else nameless.push(alley)
    }
    for (let round = 0; round < ROUNDS && nameless.length > 0; round++)
      nameless = nameless.filter((alley) => !this.name(alley))
  }

  /** The rows with these numbers on a street of this key; without numbers the street itself. */
  rowsOf(key: string, numbers: readonly string[]): ReadonlySet<number> | undefined {
    return this.rows.get(`${key}|${chainKey(numbers)}`)
  }

  /** The nearest of these rows within `metres` of a point (millionths of a degree). */
  nearest(x: number, y: number, metres: number, rows: ReadonlySet<number>): Foot | null {
    return this.nearestOf(x, y, metres, (row) => rows.has(row))
  }

  nearestOf(x: number, y: number, metres: number, accept: (row: number) => boolean): Foot | null {
    const { segments, boxes } = this.runs
    if (!boxes) return null
    let best: Foot | null = null
    for (const foot of feetWithin(segments, boxes, x, y, metres, accept))
      if (!best || foot.metres < best.metres || (foot.metres === best.metres && foot.street < best.street))
        best = foot
    return best
  }

  columns(texts: TextPool) {
    const { pieces } = this
    const streets = new Map<string, Set<number>>()
    const alleys = new Map<string, Set<number>>()
    const put = (rows: Map<string, Set<number>>, key: string, row: number) => {
      const found = rows.get(key)
      if (found) found.add(row)
      else rows.set(key, new Set([row]))
    }
    const names = new Map<string, string>()
    pieces.forEach((piece, row) => {
      if (piece.key && piece.alley) put(alleys, `${piece.key}|${chainKey(piece.alley.numbers)}`, row)
      if (piece.key && !piece.alley) {
        put(streets, piece.key, row)
        names.set(piece.key, piece.name)
      }
      piece.otherKeys.forEach(([key, chain], at) => {
        if (chain) put(alleys, `${key}|${chain}`, row)
        else put(streets, key, row)
        if (!chain && !names.has(key)) names.set(key, piece.otherNames[at]!)
      })
    })
    const [street, alley] = [this.keyColumns(streets, texts), this.keyColumns(alleys, texts)]
    const parentOf = (row: number) => pieces[pieces[row]!.alley!.parent!]!.whole
    return {
      childRows: Uint32Array.from(
        [...pieces.keys()].filter((row) => pieces[row]!.alley?.parent !== undefined),
      ).sort(
        (a, b) =>
          parentOf(a) - parentOf(b) ||
          compareChains(pieces[a]!.alley!.numbers.join('/'), pieces[b]!.alley!.numbers.join('/')) ||
          a - b,
      ),
      keyText: street.text,
      keyName: Uint32Array.from(street.keys, (key) => texts.place(names.get(key)!)),
      keyStart: street.start,
      keyRows: street.rows,
      alleyKeyText: alley.text,
      alleyKeyStart: alley.start,
      alleyKeyRows: alley.rows,
    }
  }

  private keyColumns(rows: ReadonlyMap<string, ReadonlySet<number>>, texts: TextPool) {
    const keys = [...rows.keys()].sort()
    const start = new Uint32Array(keys.length + 1)
    keys.forEach((key, at) => {
      start[at + 1] = start[at]! + rows.get(key)!.size
    })
    return {
      keys,
      start,
      text: Uint32Array.from(keys, (key) => texts.place(key)),
      // rows stand by commune
      rows: Uint32Array.from(keys.flatMap((key) => [...rows.get(key)!].sort((a, b) => a - b))),
    }
  }

  private add(key: string, chain: string, row: number): void {
    const name = `${key}|${chain}`
    const found = this.rows.get(name)
    if (found) found.add(row)
    else this.rows.set(name, new Set([row]))
  }

  /** Ties an alley to the innermost that its name says and that is mapped near it. */
  private tie(alley: Alley): void {
    const { key, alley: written } = alley.first
    const { numbers } = written!
    for (let depth = numbers.length - 1; depth >= 0; depth--) {
      const rows = this.rowsOf(key, numbers.slice(0, depth))
      if (!rows || rows.has(alley.rows[0]!)) continue
      const meeting = this.meeting(alley, (other) => rows.has(other))
      const foot = meeting?.foot ?? this.fromMiddle(alley, depth > 0 ? ALLEY_REACH : STREET_REACH, rows)
      if (!foot) continue
      this.leaves(alley, foot.street, meeting)
      return
    }
  }

  /** Names an alley after the street, else the alley, that it meets. False when it meets none that has a name. */
  private name(alley: Alley): boolean {
    const named = (other: number) => !alley.rows.includes(other) && this.pieces[other]!.key !== ''
    const meeting =
      this.meeting(alley, (other) => named(other) && !this.pieces[other]!.alley) ?? this.meeting(alley, named)
    if (!meeting) return false
    const parent = this.pieces[meeting.foot.street]!
    const numbers = [...(parent.alley?.numbers ?? []), ...alley.first.alley!.numbers]
    const name = alleyName(alley.first.alley!.kind, numbers, this.streetName(parent))
    for (const row of alley.rows) {
      const piece = this.pieces[row]!
      piece.key = parent.key
      piece.name = name
      piece.alley!.numbers = numbers
      this.add(piece.key, chainKey(numbers), row)
    }
    this.leaves(alley, meeting.foot.street, meeting)
    return true
  }

  /** The name of the street that a street or alley is or belongs to. */
  private streetName(piece: StreetPiece): string {
    let found = piece
    for (let step = 0; found.alley && found.alley.parent !== undefined && step < 10; step++)
      found = this.pieces[found.alley.parent]!
    return found.alley ? '' : found.name
  }

  private leaves({ rows }: Alley, parent: number, meeting: Meeting | null): void {
    const mouth = meeting && this.mouthOf(meeting, parent)
    for (const row of rows) {
      const alley = this.pieces[row]!.alley!
      alley.parent = parent
      if (mouth) alley.mouth = mouth
    }
  }

  private mouthOf({ foot, inside }: Meeting, parent: number): NonNullable<AlleyPiece['mouth']> {
    const seen = this.nearestOf(inside.x, inside.y, 2 * MEETS, (row) => row === parent)
    return { x: Math.round(foot.x), y: Math.round(foot.y), along: foot.along, side: seen?.side ?? 0 }
  }

  /** Where an alley comes nearest to a street, when they meet; and a point of it some steps inside. */
  private meeting({ lines }: Alley, accept: (row: number) => boolean): Meeting | null {
    let best: Meeting | null = null
    const points = lines.reduce((sum, { along }) => sum + along.length, 0)
    const step = Math.ceil(points / MOST_POINTS)
    let at = 0
    for (const { xy } of lines)
      for (let i = 0; i < xy.length; i += 2) {
        if (at++ % step !== 0) continue
        const foot = this.nearestOf(xy[i]!, xy[i + 1]!, MEETS, accept)
        if (!foot || (best && foot.metres >= best.foot.metres)) continue
        best = { foot, inside: insideOf(xy, i) }
      }
    return best
  }

  private fromMiddle({ lines }: Alley, metres: number, rows: ReadonlySet<number>): Foot | null {
    const { xy } = lines[0]!
    let best: Foot | null = null
    for (const i of [0, 2 * Math.floor(xy.length / 4), xy.length - 2]) {
      const foot = this.nearest(xy[i]!, xy[i + 1]!, metres, rows)
      if (foot && (!best || foot.metres < best.metres)) best = foot
    }
    return best
  }
}

/** An alley with all its pieces. */
interface Alley {
  readonly rows: readonly number[]
  readonly first: StreetPiece
  readonly lines: StreetPiece['lines']
}

function alleysOf(pieces: readonly StreetPiece[]): Alley[] {
  const wholes = new Map<number, number[]>()
  pieces.forEach(({ alley, whole }, row) => {
    if (!alley) return
    const rows = wholes.get(whole)
    if (rows) rows.push(row)
    else wholes.set(whole, [row])
  })
  return [...wholes.values()].map((rows) => ({
    rows,
    first: pieces[rows[0]!]!,
    lines: rows.flatMap((row) => pieces[row]!.lines),
  }))
}

interface Meeting {
  readonly foot: Foot
  readonly inside: { readonly x: number; readonly y: number }
}

/** A point about `INSIDE` metres from vertex `i` towards the farther end of the line. */
function insideOf(xy: readonly number[], i: number): { x: number; y: number } {
  const step = i < xy.length / 2 ? 2 : -2
  let [x, y] = [xy[i]!, xy[i + 1]!]
  let left = INSIDE / 0.11
  for (let next = i + step; next >= 0 && next < xy.length; next += step) {
    const [dx, dy] = [xy[next]! - x, xy[next + 1]! - y]
    const length = Math.hypot(dx, dy)
    if (length >= left) return { x: x + (dx * left) / length, y: y + (dy * left) / length }
    left -= length
    ;[x, y] = [xy[next]!, xy[next + 1]!]
  }
  return { x, y }
}
