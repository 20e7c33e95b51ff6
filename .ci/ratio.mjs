// Holds one figure of a benchmark's JSON against another: ratio.mjs FILE FIGURE PEER AT_LEAST (figure >= at least * peer).
import { readFileSync } from 'node:fs'

const [file, figure, peer, atLeast] = process.argv.slice(2)
const report = JSON.parse(readFileSync(file, 'utf8'))
const figureAt = (path) => path.split('.').reduce((value, key) => value?.[key], report)
const ratio = figureAt(figure) / figureAt(peer)
console.log(`${figure} / ${peer} = ${ratio.toFixed(3)}, at least ${atLeast}`)
// NaN, from a figure that is not there, fails too.
if (!(ratio >= Number(atLeast))) process.exit(1)
