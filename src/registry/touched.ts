/**
 * The households that a job has led to so far, one bit each: 3.5 MB for 28 million. A chunk's share is kept with the chunk
 * while the job runs, so that a restart knows what an undisturbed run would know.
 */
export class Touched {
  #bits = new Uint32Array(1024)

  has(n: number): boolean {
    return ((this.#bits[Math.floor(n / 32)] ?? 0) & (1 << (n % 32))) !== 0
  }

  add(n: number): void {
    const word = Math.floor(n / 32)
    if (word >= this.#bits.length) {
      const larger = new Uint32Array(Math.max(word + 1, this.#bits.length * 2))
      larger.set(this.#bits)
      this.#bits = larger
    }
    this.#bits[word]! |= 1 << (n % 32)
  }
}

/** Numbers in rising order as differences, seven bits a byte (LEB128): about one byte for neighbours. */
export function packNumbers(ns: Iterable<number>): Uint8Array {
  const bytes: number[] = []
  let last = 0
  for (const n of [...new Set(ns)].sort((a, b) => a - b)) {
    let step = n - last
    for (; step > 127; step = Math.floor(step / 128)) bytes.push((step % 128) + 128)
    bytes.push(step)
    last = n
  }
  return Uint8Array.from(bytes)
}

/** The numbers of `packNumbers`. */
export function* unpackNumbers(bytes: Uint8Array): Generator<number> {
  let last = 0
  let step = 0
  let unit = 1
  for (const byte of bytes) {
    step += (byte % 128) * unit
    unit *= 128
    if (byte > 127) continue
    last += step
    yield last
    step = 0
    unit = 1
  }
}
