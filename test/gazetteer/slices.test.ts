import { describe, expect, it } from 'vitest'
import { onceInSlices } from '../../src/gazetteer/slices.ts'

describe('work that is made once, in slices', () => {
  const counting = () => {
    const steps: number[] = []
    const made = onceInSlices(function* (of: { size: number }) {
      for (let i = 0; i < of.size; i++) {
        yield
        // Longer than a slice.
        if (i === 0) for (const until = performance.now() + 10; performance.now() < until; );
        steps.push(i)
      }
      return { sum: steps.length }
    })
    return { steps, made }
  }

  it('is made at once by whoever asks first, and kept', () => {
    const { made } = counting()
    const of = { size: 5 }
    expect(made.of(of)).toEqual({ sum: 5 })
    expect(made.of(of)).toBe(made.of(of))
  })

  it('is finished by whoever asks while it is under way; no step is done twice', async () => {
    const { steps, made } = counting()
    const of = { size: 5 }
    const ahead = made.ahead(of)
    expect(steps.length).toBeLessThan(5)
    const first = made.of(of)
    await ahead
    expect(steps).toEqual([0, 1, 2, 3, 4])
    expect(made.of(of)).toBe(first)
  })
})
