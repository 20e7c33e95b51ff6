// Builds the pages of src/web to dist/web: what a browser loads, and each file beside it compressed (.gz).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

const root = fileURLToPath(new URL('../src/web', import.meta.url))
const outDir = fileURLToPath(new URL('../dist/web', import.meta.url))
/** Bytes from which compressing saves packets. */
const WORTH = 1_400

const common = {
  root,
  configFile: false,
  logLevel: 'warn',
  // The server may stand behind a path: what a page loads is named from where the page is.
  base: './',
  publicDir: false,
}
const output = {
  outDir,
  emptyOutDir: true,
  target: 'es2022',
  // The policy of the pages allows no data: in place of files, nor scripts in the page.
  assetsInlineLimit: 0,
  modulePreload: { polyfill: false },
  chunkSizeWarningLimit: 2_000,
  reportCompressedSize: false,
}

/** Empties dist/web and fills it anew. */
export async function buildPages() {
  const pages = readdirSync(root).filter((name) => name.endsWith('.html'))
  await build({
    ...common,
    build: {
      ...output,
      rolldownOptions: {
        // Its advice on the time of a build is for those who tune it.
        checks: { pluginTimings: false },
        input: [...pages.map((name) => join(root, name)), join(root, 'code/sw.ts')],
        // A service worker keeps its name, and is served where the pages lie that it works for.
        output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
      },
    },
  })
  await buildWidget()
  compress(outDir)
}

/** The checkout widget: one script of its own, which pages elsewhere load by its name (src/http/widget.ts). */
function buildWidget() {
  const entry = join(root, 'widget/main.ts')
  const lib = { entry, name: 'vpostcodeAddress', formats: ['iife'], fileName: () => 'widget.js' }
  return build({ ...common, build: { ...output, emptyOutDir: false, lib } })
}

/** What is served compressed is compressed once, here. Pages are filled by the server and stay as they are. */
function compress(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(js|mjs|css|svg|geojson)$/.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = readFileSync(path)
    if (bytes.length >= WORTH) writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
  }
}
