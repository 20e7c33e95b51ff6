// Compiles src/ to dist/, its pages (src/web) to dist/web and seeds/ to data/gazetteer/, each only when its inputs are newer
// than its outputs.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

const WEB = 'src/web'
const compiled = ['src', 'docs/examples.json', 'package.json', 'tsconfig.json', 'tsconfig.build.json']
await step('dist', compiled, async () => {
  for (const name of existsSync(`${root}dist`) ? readdirSync(`${root}dist`) : [])
    if (name !== 'web') rmSync(`${root}dist/${name}`, { recursive: true, force: true })
  run(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'])
  await bundle('dist/cli', 'httpWork.js')
  chmodSync(`${root}dist/cli/main.js`, 0o755)
  await writeDocument()
})
await step('data/gazetteer', ['seeds', 'src/gazetteer', 'src/geo', 'src/text'], () =>
  run(['dist/gazetteer/build.js']),
)
await step(
  'dist/web',
  [WEB, 'src/vpostcode', 'src/geo', 'scripts/web.mjs', 'package-lock.json'],
  async () => {
    const { buildPages } = await import('./web.mjs')
    await buildPages()
  },
)

// In a clone npx keeps what it found the first time, so one that was asked before the build would not find the command for good.
const command = `${root}node_modules/.bin/vpostcode`
if (process.platform !== 'win32' && !existsSync(command)) {
  mkdirSync(dirname(command), { recursive: true })
  symlinkSync('../../dist/cli/main.js', command)
}

async function step(output, inputs, work) {
  const mark = `${root}${output}/.built`
  if (existsSync(mark) && inputs.every((path) => newest(path) < statSync(mark).mtimeMs)) return
  const started = Date.now()
  await work()
  mkdirSync(`${root}${output}`, { recursive: true })
  writeFileSync(mark, '')
  console.log(`built ${output} in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

/**
 * The modules of ours that `folder/name` imports become that one file: reading some 300 of them one by one takes 0.25 s more (by
 * hand, once), in every process that answers HTTP. Each knows itself where it was, for what is found beside it.
 */
async function bundle(folder, name) {
  const file = `${root}${folder}/${name}`
  const where = (path) =>
    `new URL(${JSON.stringify(relative(`${root}${folder}`, path))}, import.meta.url).href`
  const place = {
    name: 'place',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.js$/ }, ({ path }) => ({
        contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', where(path)),
      })),
  }
  await build({
    entryPoints: [file],
    outfile: file,
    allowOverwrite: true,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    plugins: [place],
    logLevel: 'warning',
  })
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

/** When what stands there was last changed. The pages are a step of their own: what lies above them is not newer with them. */
function newest(path) {
  const stat = statSync(`${root}${path}`)
  if (!stat.isDirectory()) return stat.mtimeMs
  const inside = readdirSync(`${root}${path}`).map((name) => `${path}/${name}`)
  return Math.max(stat.mtimeMs, ...inside.filter((one) => one !== WEB).map(newest))
}

function run(args) {
  const result = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (result.status !== 0) process.exit(result.status ?? 1)
}
