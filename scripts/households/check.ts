// Holds the result of a run against what the generator expects of each row; exit code 1 when a row differs.
//   npx tsx scripts/households/check.ts big.result.csv big.expected.csv
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

const [resultFile, expectedFile] = process.argv.slice(2)
if (!resultFile || !expectedFile) {
  console.error('usage: check.ts RESULT.csv EXPECTED.csv')
  process.exit(2)
}
const result = lines(resultFile)
const expected = lines(expectedFile)
const header = cells((await result.next()).value ?? '')
await expected.next()
// A row with too many cells moves the result columns: they are counted from the end.
const fromEnd = (name: string) => {
  const index = header.lastIndexOf(name)
  if (index < 0) throw new Error(`${resultFile} has no column ${name}`)
  return header.length - index
}
const statusColumn = fromEnd('status')
const communeColumn = fromEnd('commune_code')

const seen: Record<string, number> = {}
const examples: object[] = []
let rows = 0
let different = 0
for await (const line of expected) {
  const [row, status, commune] = line.split(',')
  const answer = cells((await result.next()).value ?? '')
  const givenStatus = answer.at(-statusColumn) ?? 'no row'
  const givenCommune = answer.at(-communeColumn) ?? ''
  rows++
  if (givenStatus === status && (givenCommune === commune || status === 'rejected')) continue
  different++
  const kind = givenStatus === status ? `${status}: other commune` : `${status} -> ${givenStatus}`
  seen[kind] = (seen[kind] ?? 0) + 1
  if (seen[kind] <= 3)
    examples.push({ row, kind, expected: commune, given: givenCommune, cells: answer.slice(0, 7) })
}
const left = await result.next()
if (!left.done) examples.push({ kind: 'more rows than expected' })
console.log(JSON.stringify({ rows, different, seen, examples }, null, 2))
process.exitCode = different > 0 || !left.done ? 1 : 0

function lines(file: string): AsyncIterator<string> & AsyncIterable<string> {
  return createInterface({ input: createReadStream(file), crlfDelay: Infinity })[Symbol.asyncIterator]()
}

/** The cells of a line; made-up rows hold no line breaks. */
function cells(line: string): string[] {
  return [...line.replace(/^\ufeff/, '').matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}
