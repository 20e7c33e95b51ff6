/**
 * Requests generated from the OpenAPI document, over all routes and roles, and to the pages and their tiles, against a server over a database in memory:
 * no status of 500 and above, one shape of refusal, no page, no stack. Prints one JSON object; exit 1 when a rule was broken.
 *
 *     npm run fuzz:http -- [requests = 100000] [seed = 1]
 */
import { fuzz } from '../test/fuzz/run.ts'

const [requests, seed] = [Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? 1)]
const started = performance.now()
const found = await fuzz(requests, seed, (done) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${requests}`)
})
const seconds = Math.round((performance.now() - started) / 1000)
console.log(JSON.stringify({ fuzz: 'http', seed, seconds, ...found }, null, 2))
process.exitCode = found.faults.length > 0 ? 1 : 0
