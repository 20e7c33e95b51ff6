/** Different texts, each stored once; number 0 is ''. */
export class TextPool {
  private readonly places = new Map<string, number>([['', 0]])
  place(text: string): number {
    let place = this.places.get(text)
    if (place === undefined) {
      place = this.places.size
      this.places.set(text, place)
    }
    return place
  }
  /** UTF-8 of all, and where each begins, with one closing entry. */
  arrays(): { textBytes: Uint8Array; textStart: Uint32Array } {
    const textStart = new Uint32Array(this.places.size + 1)
    const parts: Buffer[] = []
    let [at, place] = [0, 0]
    for (const text of this.places.keys()) {
      const bytes = Buffer.from(text)
      parts.push(bytes)
      at += bytes.length
      textStart[++place] = at
    }
    return { textBytes: Buffer.concat(parts), textStart }
  }
}

export class Texts {
  private readonly bytes: Buffer
  private readonly start: Uint32Array
  constructor({ textBytes, textStart }: { textBytes: Uint8Array; textStart: Uint32Array }) {
    this.bytes = Buffer.from(textBytes.buffer, textBytes.byteOffset, textBytes.length)
    this.start = textStart
  }
  at(place: number): string {
    return place === 0 ? '' : this.bytes.toString('utf8', this.start[place]!, this.start[place + 1]!)
  }
  /** Below 0 when the text at a place comes before the one with these bytes, by the order of UTF-8. */
  compare(place: number, bytes: Uint8Array): number {
    return this.bytes.compare(bytes, 0, bytes.length, this.start[place]!, this.start[place + 1]!)
  }
  /** The place in `sorted` (places of texts in order) of the text with these bytes, -1 when it is not there. */
  find(sorted: Uint32Array, text: string): number {
    const bytes = Buffer.from(text)
    let [low, high] = [0, sorted.length - 1]
    while (low <= high) {
      const middle = (low + high) >> 1
      const order = this.compare(sorted[middle]!, bytes)
      if (order === 0) return middle
      if (order < 0) low = middle + 1
      else high = middle - 1
    }
    return -1
  }
}
