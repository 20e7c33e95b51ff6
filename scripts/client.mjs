// The typed client of the HTTP API, from the OpenAPI document: one file without dependencies, compiled to ES modules.
//   node scripts/client.mjs [FOLDER = client]
// What is in the package as `vpostcode/client`. Needs dist/ (npm run build).
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateApi } from 'swagger-typescript-api'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = resolve(process.argv[2] ?? join(root, 'client'))
const { openApiDocument } = await import('../dist/http/openapi.js')
const { routes } = await import('../dist/http/routes/index.js')

const asked = routes.filter(({ path }) => path.startsWith('/v1/'))
const document = openApiDocument(asked, '1', {})
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
