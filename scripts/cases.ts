// The project's own cases (test/cases): how many lines hold, which known gaps are closed, which other lines fail.
// Run: npm run cases [-- --write]   --write drops the known_gap of lines that hold now; it never adds one.
import { writeFileSync } from 'node:fs'
import { load } from '../src/gazetteer/load.ts'
import { type Case, COLUMNS, FOLDER, faultsOf, groups, readGroup } from '../test/cases/check.ts'

const gazetteer = load()
const cell = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
const line = (one: Case) => COLUMNS.map((column) => cell(one[column])).join(',')

let failing = 0
for (const group of groups()) {
  const cases = readGroup(group)
  const faults = cases.map((one) => faultsOf(one, gazetteer))
  const closed = cases.filter((one, k) => one.known_gap && faults[k]!.length === 0)
  const holding = faults.filter((list) => list.length === 0).length
  console.log(`${group}: ${holding} of ${cases.length} hold, ${closed.length} known gaps closed`)
  for (const { text } of closed) console.log(`  closed: ${text}`)
  for (const [k, list] of faults.entries())
    if (list.length > 0 && !cases[k]!.known_gap) {
      failing++
      console.log(`  fails: ${cases[k]!.text}\n         ${list.join('; ')}`)
    }
  if (process.argv.includes('--write') && closed.length > 0) {
    const rows = cases.map((one) => (closed.includes(one) ? { ...one, known_gap: '' } : one))
    writeFileSync(`${FOLDER}/${group}.csv`, [COLUMNS.join(), ...rows.map(line), ''].join('\n'))
  }
}
process.exitCode = failing > 0 ? 1 : 0
