import { spawnSync } from 'node:child_process'

/** Tests of the command and of workers run what users run: dist/ and data/gazetteer, built here when stale. */
export default function setup(): void {
  const build = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' })
  if (build.status !== 0) throw new Error('the build failed')
}
