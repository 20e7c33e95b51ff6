// Writes a file of made-up households: real communes, streets and hamlets, points inside the communes, no persons.
//   npx tsx scripts/households/make.ts --rows 1000000 --order shuffled --out big.csv
//   npx tsx scripts/households/make.ts --rows 1000 --provinces 01,31,33 --mix office --out seeds/sample-households.csv
// Beside OUT stands OUT with .expected.csv: what `assign` should say of each row on a new database (not of the mix twins,
// whose rows of one home are for scripts/bench/duplicates.ts).

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { load } from '../../src/gazetteer/load.ts'
import { readPlaces } from './names.ts'
import { HEADERS, MIXES, rowMaker } from './row.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '2025' },
    order: { type: 'string', default: 'commune' },
    provinces: { type: 'string', default: '' },
    mix: { type: 'string', default: 'points' },
    out: { type: 'string' },
    expected: { type: 'string' },
  },
})
const rows = Number(values.rows)
const seed = Number(values.seed)
const provinces = values.provinces.split(',').filter((code) => code !== '')
if (!values.out) fail('--out FILE is needed')
if (!Number.isInteger(rows) || rows < 1 || rows > 50_000_000)
  fail(`--rows is not from 1 to 50000000: ${values.rows}`)
if (!Number.isInteger(seed)) fail(`--seed is not a whole number: ${values.seed}`)
if (values.order !== 'commune' && values.order !== 'shuffled')
  fail(`--order is commune or shuffled: ${values.order}`)
const mix = values.mix as keyof typeof MIXES
if (!(mix in MIXES)) fail(`--mix is ${Object.keys(MIXES).join(', ')}: ${mix}`)

const gazetteer = load()
for (const code of provinces)
  if (!gazetteer.province(code, 'current')) fail(`no current province has the code ${code}`)
const row = rowMaker({
  rows,
  seed,
  order: values.order,
  mix: MIXES[mix],
  places: readPlaces(gazetteer, provinces),
  boundaries: gazetteer.boundaries,
})
const out = createWriteStream(values.out)
const expected = createWriteStream(values.expected ?? `${values.out.replace(/\.csv$/, '')}.expected.csv`)
out.write(`${HEADERS.join(',')}\n`)
expected.write('row,expected_status,expected_commune,twin_row,twin_kind\n')
const CHUNK = 1000
for (let start = 0; start < rows; start += CHUNK) {
  let text = ''
  let side = ''
  for (let index = start; index < Math.min(rows, start + CHUNK); index++) {
    const { cells, expectedStatus, expectedCommune, twin } = row(index)
    text += `${cells.map(quoted).join(',')}\n`
    side += `${index + 1},${expectedStatus},${expectedCommune},${twin?.row ?? ''},${twin?.kind ?? ''}\n`
  }
  if (!out.write(text)) await once(out, 'drain')
  if (!expected.write(side)) await once(expected, 'drain')
}
out.end()
expected.end()
await Promise.all([finished(out), finished(expected)])

function quoted(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}
