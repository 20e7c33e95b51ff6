/** By what an address was found, which is finer than its precision. */
export type Class =
  | 'neighbour'
  | 'house'
  | 'between'
  | 'number'
  | 'mouth'
  | 'alley'
  | 'known-alley'
  | 'street'
  | 'hamlet'
  | 'ground'
  | 'commune'

/**
 * The error of a class, metres: nine in ten true places lie within `least + times x metres`, `metres` being what the class
 * measures: the radius of nine tenths of the probability, the gap between two neighbours, the depth of an alley. Fitted to
 * hcmc-points.csv by scripts/accuracy/sets/points.ts.
 */
const FITTED: Record<Class, readonly [least: number, times: number]> = {
  neighbour: [15, 1],
  house: [110, 0],
  between: [20, 0.5],
  number: [80, 1],
  mouth: [20, 1.45],
  alley: [55, 0.08],
  'known-alley': [80, 0],
  street: [40, 1.1],
  hamlet: [100, 1],
  ground: [0, 4.2],
  commune: [0, 1],
}

export function accuracyOf(kind: Class, metres: number): number {
  const [least, times] = FITTED[kind]
  return Math.round(least + times * metres)
}
