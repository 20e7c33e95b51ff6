// How often the engine is right on the labelled cases of the reference data (see VPOSTCODE_SHARED), set by set.
// Run: npm run accuracy -- [--json] [--failures SET] [--raise]
//   --failures SET  lists the failing rows of every figure whose id begins with SET (convert, pairs.split, ...)
//   --raise         writes the measured shares to test/accuracy-floors.json where they are higher
// Ends with 1 when a figure lies below its floor, with 0 when the reference data is not there.
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { load } from '../../src/gazetteer/load.ts'
import { understandText } from '../../src/match/understand.ts'
import { wilson } from '../../src/registry/coverage/wilson.ts'
import { reliability } from './calibration.ts'
import { CASES, type Context } from './context.ts'
import { FIGURES } from './figures.ts'
import { raiseFloors, readFloors } from './floors.ts'
import { print } from './print.ts'
import { Report } from './report.ts'
import { districts } from './sets/districts.ts'
import { map4d } from './sets/map4d.ts'
import { noisy } from './sets/noisy.ts'
import { convert, current, legacy, split } from './sets/official.ts'
import { pairs } from './sets/pairs.ts'
import { points } from './sets/points.ts'
import { spans } from './sets/spans.ts'
import { spellings } from './sets/spellings.ts'
import { typed } from './sets/typed.ts'

const SETS = [
  convert,
  legacy,
  current,
  pairs,
  split,
  districts,
  points,
  noisy,
  spellings,
  map4d,
  spans,
  typed,
]

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, raise: { type: 'boolean' }, failures: { type: 'string' } },
})

if (!existsSync(CASES)) {
  console.log(`no labelled cases at ${CASES} (set VPOSTCODE_SHARED): accuracy not measured`)
  process.exit(0)
}

const gazetteer = load()
const report = new Report()
const context: Context = {
  gazetteer,
  report,
  understand: (text, options) => understandText(text, gazetteer, options),
}
for (const measure of SETS) measure(context)

const outside = report.samples.filter(({ split }) => !split)
const graded = (grade: string) => {
  const own = outside.filter((sample) => sample.grade === grade)
  return { n: own.length, right: own.filter(({ right }) => right).length }
}
const figures = FIGURES.map((figure) => {
  const { n, right } = figure.id.startsWith('grade.') ? graded(figure.id.slice(6)) : report.count(figure.id)
  return { ...figure, n, right, share: n === 0 ? 0 : right / n, interval: wilson(right, n) }
})
const known = readFloors()
const measured = Object.fromEntries(figures.map(({ id, share }) => [id, share]))
const floors = values.raise ? raiseFloors(known, measured) : known
const rows = figures.map((figure) => {
  const floor = floors[figure.id] ?? 0
  return { ...figure, floor, pass: figure.share >= floor - 1e-9 }
})
const tables = { figures: rows, reliability: reliability(report.samples), failures: listed(values.failures) }
if (values.json) console.log(JSON.stringify(tables, null, 2))
else print(tables)
process.exitCode = rows.every(({ pass }) => pass) ? 0 : 1

function listed(prefix: string | undefined) {
  if (prefix === undefined) return []
  const found = report.failures(prefix)
  if (found.length === 0) console.error(`no failing rows in a set "${prefix}"`)
  return found
}
