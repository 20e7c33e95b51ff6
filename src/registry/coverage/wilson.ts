const Z = 1.96

/** Wilson's 95 % interval of a share, here `hits` of `n`; ends may lie outside 0 to 1 by rounding. */
export function wilson(hits: number, n: number): [low: number, high: number] {
  if (n === 0) return [0, 1]
  const share = hits / n
  const middle = share + (Z * Z) / (2 * n)
  const spread = Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n))
  const scale = 1 + (Z * Z) / n
  return [(middle - spread) / scale, (middle + spread) / scale]
}
