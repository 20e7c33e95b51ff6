// The typed client of the HTTP API, from the OpenAPI document: one file without dependencies, compiled to ES modules.
//   node scripts/client.mjs [FOLDER = client] [--stale]
// What is in the package as `vpostcode/client`; the pages take its types. Needs dist/ (npm run build). --stale: only when the
// document is another one than last time.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateApi } from 'swagger-typescript-api'

const root = fileURLToPath(new URL('..', import.meta.url))
const [given] = process.argv.slice(2).filter((word) => word !== '--stale')
const folder = resolve(given ?? join(root, 'client'))
const { openApiDocument } = await import('../dist/http/openapi.js')
const { routes } = await import('../dist/http/routes/index.js')

const asked = routes.filter(({ path }) => path.startsWith('/v1/'))
const document = openApiDocument(asked, '1', {})
const mark = join(folder, '.made-from')
const hash = createHash('sha256').update(JSON.stringify(document)).digest('hex')
if (process.argv.includes('--stale') && existsSync(mark) && readFileSync(mark, 'utf8') === hash)
  process.exit()
const { files } = await generateApi({
  spec: withNulls(document),
  output: false,
  silent: true,
  httpClientType: 'fetch',
  generateUnionEnums: true,
  apiClassName: 'Vpostcode',
})
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
// Before the compiler looks: it makes modules of it.
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
const source = join(folder, 'index.ts')
writeFileSync(source, files[0].fileContent.replace('// @ts-nocheck\n', ''))
const options =
  '--strict --target es2022 --lib es2022,dom,dom.iterable --module nodenext --declaration --ignoreConfig --types'
const tsc = join(root, 'node_modules/typescript/bin/tsc')
const compiled = spawnSync(process.execPath, [tsc, ...options.split(' '), '', '--outDir', folder, source], {
  stdio: 'inherit',
})
rmSync(source)
if (compiled.status === 0) writeFileSync(mark, hash)
process.exit(compiled.status ?? 1)

/** The generator forgets the null of a list of words that may be null; of two schemas side by side it does not. */
function withNulls(value) {
  if (Array.isArray(value)) return value.map(withNulls)
  if (typeof value !== 'object' || value === null) return value
  const { type, enum: words, ...others } = value
  if (Array.isArray(type) && type.includes('null') && Array.isArray(words)) {
    const kind = type.find((one) => one !== 'null')
    return {
      ...others,
      oneOf: [{ type: kind, enum: words.filter((word) => word !== null) }, { type: 'null' }],
    }
  }
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, withNulls(inside)]))
}
