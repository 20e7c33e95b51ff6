// Draws what scripts/bench/country.ts printed: how each cost grows with the number of households.
//   npx tsx scripts/bench/countryPlot.ts RESULT.json... > docs/country.svg
import { readFileSync } from 'node:fs'

/** Entries of several runs are put together; the later one of a size wins. */
const bySize = new Map<number, Size>()
for (const path of process.argv.slice(2))
  for (const one of JSON.parse(readFileSync(path, 'utf8')).sizes as Size[]) bySize.set(one.households, one)
const sizes = [...bySize.values()].sort((a, b) => a.households - b.households)

interface Size {
  households: number
  load: { seconds: number; rowsPerSecond: number }
  gigabytes: { households: number; all: number }
  service: { readySeconds: number; residentMegabytes: number; perSecond: Record<string, number> }
}

const PANELS: { title: string; curves: Record<string, (size: Size) => number> }[] = [
  { title: 'load, rows a second', curves: { assign: ({ load }) => load.rowsPerSecond } },
  {
    title: 'on disk, gigabytes',
    curves: { 'with events': (size) => size.gigabytes.all, households: (size) => size.gigabytes.households },
  },
  { title: 'start to ready, seconds', curves: { ready: ({ service }) => service.readySeconds } },
  { title: 'resident, megabytes', curves: { 'all processes': ({ service }) => service.residentMegabytes } },
  {
    title: 'requests a second',
    curves: Object.fromEntries(
      ['forward', 'reverse', 'resolve'].map((kind) => [
        kind,
        ({ service }: Size) => service.perSecond[kind]!,
      ]),
    ),
  },
]
const [WIDTH, HEIGHT, LEFT, BOTTOM, GAP] = [250, 150, 20, 34, 60]
const COLOURS = ['#0b7285', '#e67700', '#2b8a3e']
const round = (value: number) => Math.round(value * 10) / 10
const label = (households: number) =>
  households >= 1e6 ? `${round(households / 1e6)} M` : `${round(households / 1e3)} k`
const [least, most] = [sizes[0]!.households, sizes.at(-1)!.households]
/** Right: households, each ten times as far as the tenth of it. */
const x = (households: number) =>
  most === least ? 0 : (WIDTH * Math.log(households / least)) / Math.log(most / least)

const panels = PANELS.map(({ title, curves }, i) => {
  const highest = Math.max(...Object.values(curves).flatMap((value) => sizes.map(value))) || 1
  const y = (value: number) => HEIGHT * (1 - value / highest)
  const lines = Object.entries(curves).map(([name, value], at) => {
    const points = sizes.map((size) => `${round(x(size.households))} ${round(y(value(size)))}`)
    const end = sizes.at(-1)!
    return [
      `<path d="M${points.join('L')}" fill="none" stroke="${COLOURS[at]}" stroke-width="2"/>`,
      `<text x="${WIDTH + 4}" y="${round(y(value(end)) + 4)}" fill="${COLOURS[at]}">${name}</text>`,
    ].join('')
  })
  const ticks = sizes.map(
    ({ households }) =>
      `<text x="${round(x(households))}" y="${HEIGHT + 14}" text-anchor="middle">${label(households)}</text>`,
  )
  const [left, top] = [LEFT + (i % 2) * (WIDTH + 130), 30 + Math.floor(i / 2) * (HEIGHT + GAP)]
  return `<g transform="translate(${left} ${top})">
<text y="-10" font-weight="bold">${title} (up to ${round(highest)})</text>
<path d="M0 0V${HEIGHT}H${WIDTH}" fill="none" stroke="#888"/>
${[...lines, ...ticks].join('\n')}
</g>`
})
const height = 30 + Math.ceil(PANELS.length / 2) * (HEIGHT + GAP) + BOTTOM - GAP
console.log(
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * (WIDTH + 130)} ${height}" font-family="sans-serif" font-size="11">`,
    '<title>How each cost grows with the number of households</title>',
    '<rect width="100%" height="100%" fill="#fff"/>',
    ...panels,
    '</svg>',
  ].join('\n'),
)
