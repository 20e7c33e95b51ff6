const Z = 1.96

/** Wilson's 95 % interval of a share. */
export function wilson(right: number, n: number): [low: number, high: number] {
  if (n === 0) return [0, 1]
  const share = right / n
  const middle = share + (Z * Z) / (2 * n)
  const spread = Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n))
  const scale = 1 + (Z * Z) / n
  return [(middle - spread) / scale, (middle + spread) / scale]
}
