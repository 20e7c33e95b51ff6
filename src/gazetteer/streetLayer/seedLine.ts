/**
 * A line as the seeds write it: latitude and longitude of the first point, then the steps to each next one, in millionths of a
 * degree ("10796957 106684133 -460 -332").
 */
export function writeLine(points: readonly (readonly [lon: number, lat: number])[]): string {
  let [x, y] = [0, 0]
  const steps: number[] = []
  for (const [lon, lat] of points) {
    const [nextX, nextY] = [Math.round(lon * 1e6), Math.round(lat * 1e6)]
    steps.push(nextY - y, nextX - x)
    ;[x, y] = [nextX, nextY]
  }
  return steps.join(' ')
}

/** Latitude, longitude, latitude, longitude ... in degrees; NaN where the line holds no number. */
export function readLine(line: string): number[] {
  const [at, points]: [[number, number], number[]] = [[0, 0], []]
  line.split(' ').forEach((step, i) => {
    const sum = at[i % 2]! + Number(step)
    at[i % 2] = sum
    points.push(sum / 1e6)
  })
  return points
}
