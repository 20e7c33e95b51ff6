// Compiles src/ to dist/ and seeds/ to data/gazetteer/, each only when its inputs are newer than its outputs.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

const compiled = ['src', 'docs/examples.json', 'package.json', 'tsconfig.json', 'tsconfig.build.json']
await step('dist', compiled, async () => {
  rmSync(`${root}dist`, { recursive: true, force: true })
  run(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'])
  await writeDocument()
})
await step('data/gazetteer', ['seeds', 'src/gazetteer', 'src/geo', 'src/text'], () =>
  run(['dist/gazetteer/build.js']),
)

async function step(output, inputs, work) {
  const mark = `${root}${output}/.built`
  if (existsSync(mark) && inputs.every((path) => newest(`${root}${path}`) < statSync(mark).mtimeMs)) return
  const started = Date.now()
  await work()
  mkdirSync(`${root}${output}`, { recursive: true })
  writeFileSync(mark, '')
  console.log(`built ${output} in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

/** /openapi.json: to make it takes a quarter of a second, for which no start should wait. */
async function writeDocument() {
  const { openApiDocument, recordedAnswers } = await import('../dist/http/openapi.js')
  const { routes } = await import('../dist/http/routes/index.js')
  const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
  writeFileSync(
    `${root}dist/openapi.json`,
    JSON.stringify(openApiDocument(routes, version, recordedAnswers())),
  )
}

function newest(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(`${path}/${name}`)))
}

function run(args) {
  const result = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (result.status !== 0) process.exit(result.status ?? 1)
}
