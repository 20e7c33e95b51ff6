import { fold, foldKeepingMarks } from '../text/tokens.ts'

/** So often as the same name with marks a name without any has to be read before it counts as right. */
const LAZY = 10

/** How often each spelling of each key was read; gives every key its usual spelling. */
export class Spellings {
  private readonly byKey = new Map<string, Map<string, Map<string, number>>>()

  add(key: string, name: string): void {
    const accents = this.byKey.get(key) ?? new Map<string, Map<string, number>>()
    this.byKey.set(key, accents)
    const accent = foldKeepingMarks(name)
    const written = accents.get(accent) ?? new Map<string, number>()
    accents.set(accent, written)
    written.set(name, (written.get(name) ?? 0) + 1)
  }

  copy(): Spellings {
    const copy = new Spellings()
    for (const [key, accents] of this.byKey)
      copy.byKey.set(key, new Map([...accents].map(([accent, written]) => [accent, new Map(written)])))
    return copy
  }

  has(key: string): boolean {
    return this.byKey.has(key)
  }

  /** The usual spelling of a key: of all, or of those that say the same as one of `among` when they are not rare. */
  best(key: string, among?: readonly string[]): string {
    const accents = [...this.byKey.get(key)!].map(([accent, written]) => {
      const count = [...written.values()].reduce((sum, n) => sum + n, 0)
      const name = [...written].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]![0]
      return { accent, name, count, bare: accent === fold(name) }
    })
    // a spelling without any mark may be a lazy one of another, but 74 "Quang Trung" beside 6 "Quảng Trung" are not
    const weight = ({ bare, count }: { bare: boolean; count: number }) => (bare ? count / LAZY : count)
    accents.sort(
      (a, b) => weight(b) - weight(a) || Number(a.bare) - Number(b.bare) || (a.accent < b.accent ? -1 : 1),
    )
    const [usual] = accents
    const wanted = new Set(among?.map(foldKeepingMarks))
    const own = accents.find(({ accent, bare }) => wanted.has(accent) && (!bare || usual!.bare))
    // ten times rarer than the usual spelling it is a mistake: "Mạc Đỉnh Chi"
    return own && own.count * 10 > usual!.count ? own.name : usual!.name
  }
}
