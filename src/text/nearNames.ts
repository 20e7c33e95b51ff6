import { canBeNear, distancesFrom, letterMask, pairMask } from './edits.ts'

/** Names of one length. The masks stand apart, for most names are passed over by their mask alone. */
interface SameLength<T> {
  /** Two a name: its letters and its pairs of letters. */
  masks: Int32Array
  readonly names: { readonly letters: string; readonly all: T[] }[]
}

/** Names in one word without marks, found by what is a few wrong letters away. */
export class NearNames<T> {
  private readonly byLength: (SameLength<T> | undefined)[] = []
  private readonly byLetters = new Map<string, T[]>()

  add(letters: string, value: T): void {
    const known = this.byLetters.get(letters)
    if (known) {
      known.push(value)
      return
    }
    const all = [value]
    this.byLetters.set(letters, all)
    this.byLength[letters.length] ??= { masks: new Int32Array(4), names: [] }
    const list = this.byLength[letters.length]!
    if (2 * list.names.length === list.masks.length) {
      const masks = new Int32Array(2 * list.masks.length)
      masks.set(list.masks)
      list.masks = masks
    }
    list.masks[2 * list.names.length] = letterMask(letters)
    list.masks[2 * list.names.length + 1] = pairMask(letters)
    list.names.push({ letters, all })
  }

  /**
   * Visits the names at most `most` letters away that are no farther than those visited before.
   * @param mostOf how many letters of a name of this length may be wrong.
   * @returns how far the last ones are, `most` when there are none.
   */
  nearest(
    letters: string,
    mask: number,
    most: number,
    mostOf: (length: number) => number,
    visit: (all: readonly T[], edits: number) => void,
  ): number {
    let best = most
    const pairs = pairMask(letters)
    const distance = distancesFrom(letters)
    for (let length = letters.length - best; best > 0 && length <= letters.length + best; length++) {
      const list = this.byLength[length]
      if (!list) continue
      const { masks, names } = list
      const allowed = mostOf(length)
      for (let i = 0; i < names.length; i++) {
        const limit = Math.min(best, allowed)
        if (!canBeNear(mask, masks[2 * i]!, pairs, masks[2 * i + 1]!, limit)) continue
        const name = names[i]!
        const edits = distance(name.letters)
        if (edits > limit) continue
        best = edits
        visit(name.all, edits)
      }
    }
    return best
  }
}
