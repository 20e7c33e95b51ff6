/** By what an address was found, which is finer than its precision. */
export type Class =
  | 'neighbour'
  | 'house'
  | 'houses'
  | 'between'
  | 'number'
  | 'mouth'
  | 'alley'
  | 'known-alley'
  | 'street'
  | 'hamlet'
  | 'ground'
  | 'commune'

type Line = readonly [least: number, times: number]

/**
 * The error of a class, metres: nine in ten true places lie within `least + times x metres`, `metres` being what the class
 * measures: the radius of nine tenths of the probability, the gap between two neighbours, the depth of an alley, how far apart the
 * mapped houses of one number stand. Fitted to
 * the 1,002 clean rows of hcmc-points.csv and the rows of old-new-pairs.csv in Ho Chi Minh City and Hà Nội together;
 * `npm run accuracy` shows how many lie within (points.inside, pairs.inside).
 */
const FITTED: Record<Class, Line> = {
  neighbour: [15, 1],
  house: [200, 0],
  houses: [200, 1],
  between: [20, 0.5],
  number: [100, 1.2],
  mouth: [20, 1.6],
  alley: [110, 0.15],
  'known-alley': [80, 0],
  street: [120, 1.1],
  hamlet: [100, 1],
  ground: [2600, 0],
  commune: [0, 1.2],
}

/** Of streets with a number for a name ("Đường số 5"): a commune has several, of which the map may lack the one that is meant. */
const NUMBERED: Partial<Record<Class, Line>> = {
  number: [800, 1.2],
  mouth: [1100, 1.3],
  street: [1600, 0.7],
}

/** Metres; `numbered`: the street has a number in its name. */
export function accuracyOf(kind: Class, metres: number, numbered = false): number {
  const [least, times] = (numbered && NUMBERED[kind]) || FITTED[kind]
  return Math.round(least + times * metres)
}
