/** Reasons of review that the choice of a commune, or a point, decides. All others are about another household. */
export const PLACE_REASONS: ReadonlySet<string> = new Set([
  'split-commune',
  'several-communes',
  'commune-missing',
  'commune-unknown',
  'province-contradicts',
  'point-far-from-commune',
  'code-far-from-point',
])
export const isOfPlace = (reason: string): boolean => PLACE_REASONS.has(reason)

/** Those of them that are about the point; the others say that the text leaves its commune open. */
const POINT_REASONS: ReadonlySet<string> = new Set(['point-far-from-commune', 'code-far-from-point'])
export const isOfCommune = (reason: string): boolean => isOfPlace(reason) && !POINT_REASONS.has(reason)
