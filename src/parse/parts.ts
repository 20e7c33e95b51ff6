import { Gap } from '../text/tokens.ts'
import type { Line, TokenSpan } from './line.ts'

export type PartName =
  | 'name'
  | 'building'
  | 'block'
  | 'floor'
  | 'unit'
  | 'houseNumber'
  | 'alley'
  | 'street'
  | 'group'
  | 'hamlet'
  | 'postcode'
  | 'vpostcode'
  | 'plusCode'
  | 'country'
  | 'label'
  | 'units'
  | 'private'
  /** A commune that no list has. */
  | 'unknown'

export type AlleyKind = 'ngo' | 'ngach' | 'hem' | 'kiet'

/** A labelled run of tokens. `textFrom` is where its value begins when a word in front ("số") does not belong to it. */
export interface Part extends TokenSpan {
  readonly part: PartName
  readonly textFrom: number
  readonly alley?: AlleyKind | undefined
  /** The value in place of the words: the name that a misspelled one stands for, or one that goes on in a unit's. */
  readonly meant?: string | undefined
}

const NO_MORE = {}

/** The parts found so far. Rules read the tokens that are still free and add parts; no rule takes one away. */
export class Parts {
  readonly line: Line
  readonly list: Part[] = []
  private readonly taken: Uint8Array

  constructor(line: Line) {
    this.line = line
    this.taken = new Uint8Array(line.tokens.length)
  }

  free(i: number): boolean {
    return i < this.taken.length && this.taken[i] === 0
  }

  /** Free, or known to be something that cannot be resolved. */
  unresolved(i: number): boolean {
    return i < this.taken.length && this.taken[i] !== 1
  }

  add(
    part: PartName,
    from: number,
    to: number,
    textFrom = from,
    { alley, meant }: Pick<Part, 'alley' | 'meant'> = NO_MORE,
  ): void {
    this.taken.fill(part === 'unknown' ? 2 : 1, from, to)
    this.list.push({ part, from, to, textFrom, alley, meant })
  }

  has(part: PartName): boolean {
    return this.list.some((one) => one.part === part)
  }

  /** A new comma part, bracket or " - " begins here, or what stands before is taken. */
  startsSegment(i: number): boolean {
    return i === 0 || this.line.tokens[i]!.gap >= Gap.dash || !this.free(i - 1)
  }
}
