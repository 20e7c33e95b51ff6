const LETTERS = 26

/** The syllables that occur in names, with their marks and without; those without also letter by letter. */
export class Syllables {
  /** As `Token.accent` and as `Token.fold`. */
  readonly marked: ReadonlySet<string>
  readonly bare: ReadonlySet<string>
  /** For each node and letter the next node; 0 = no syllable goes on so. The first node is 0. */
  private readonly next: Int32Array
  private readonly ends: Uint8Array

  constructor(marked: ReadonlySet<string>, bare: ReadonlySet<string>) {
    this.marked = marked
    this.bare = bare
    let letters = 0
    for (const { length } of bare) letters += length
    this.next = new Int32Array((letters + 1) * LETTERS)
    this.ends = new Uint8Array(letters + 1)
    let count = 1
    for (const syllable of bare) {
      let node = 0
      for (let i = 0; i < syllable.length; i++) {
        const place = node * LETTERS + syllable.charCodeAt(i) - 97
        if (this.next[place] === 0) this.next[place] = count++
        node = this.next[place]!
      }
      this.ends[node] = 1
    }
  }

  /** The node behind a letter (its code); -1 when no syllable goes on so. Begin with 0. */
  step(node: number, letter: number): number {
    return node < 0 ? -1 : this.next[node * LETTERS + letter - 97]! || -1
  }

  /** Whether a syllable ends at this node. */
  isSyllable(node: number): boolean {
    return node > 0 && this.ends[node] === 1
  }
}
