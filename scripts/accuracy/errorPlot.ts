/** Errors in metres of answers of one kind. */
export interface Curve {
  readonly name: string
  readonly metres: readonly number[]
}

const WIDTH = 720
const HEIGHT = 400
const LEFT = 56
const RIGHT = 180
const TOP = 20
const BOTTOM = 44
/** Metres at the ends of the axis, which is logarithmic. */
const [LEAST, MOST] = [5, 5000]
const TICKS = [5, 10, 20, 50, 100, 250, 500, 1000, 2500, 5000]
const COLOURS = ['#222222', '#888888', '#0b7285', '#2b8a3e', '#e67700', '#c92a2a']

const x = (metres: number) =>
  LEFT +
  ((WIDTH - LEFT - RIGHT) * Math.log(Math.min(MOST, Math.max(LEAST, metres)) / LEAST)) /
    Math.log(MOST / LEAST)
const y = (share: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)
const round = (value: number) => Math.round(value * 10) / 10

/** The share of the answers (up) within a distance of the true place (right), a line for each kind, as SVG. */
export function errorPlot(curves: readonly Curve[]): string {
  const lines: string[] = []
  for (const metres of TICKS)
    lines.push(
      `<path d="M${round(x(metres))} ${TOP}V${HEIGHT - BOTTOM}" stroke="#ddd"/>`,
      `<text x="${round(x(metres))}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${metres}</text>`,
    )
  for (const share of [0, 0.25, 0.5, 0.75, 0.9, 1])
    lines.push(
      `<path d="M${LEFT} ${round(y(share))}H${WIDTH - RIGHT}" stroke="#ddd"/>`,
      `<text x="${LEFT - 6}" y="${round(y(share) + 4)}" text-anchor="end">${100 * share} %</text>`,
    )
  curves.forEach(({ name, metres }, i) => {
    const colour = COLOURS[i % COLOURS.length]!
    const label = TOP + 16 + 20 * i
    lines.push(
      `<path d="${path(metres)}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      `<path d="M${WIDTH - RIGHT + 10} ${label - 4}h16" stroke="${colour}" stroke-width="3"/>`,
      `<text x="${WIDTH - RIGHT + 32}" y="${label}">${name} (${metres.length})</text>`,
    )
  })
  const middle = LEFT + (WIDTH - LEFT - RIGHT) / 2
  lines.push(`<text x="${middle}" y="${HEIGHT - 8}" text-anchor="middle">metres from the true place</text>`)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="11">`,
    '<title>Share of the answers within a distance of the true place</title>',
    '<rect width="100%" height="100%" fill="#fff"/>',
    ...lines,
    '</svg>',
    '',
  ].join('\n')
}

/** One point for each hundredth of the answers. */
function path(metres: readonly number[]): string {
  const sorted = [...metres].sort((a, b) => a - b)
  const points = Array.from({ length: 101 }, (_, percent) => {
    const at = Math.min(sorted.length - 1, Math.floor((percent / 100) * sorted.length))
    return `${round(x(sorted[at]!))} ${round(y(percent / 100))}`
  })
  return `M${points.join('L')}`
}
