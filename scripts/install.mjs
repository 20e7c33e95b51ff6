// Installs when node_modules does not match package-lock.json, and proves that the native SQLite part loads.
// Plain Node without dependencies: it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = `${root}node_modules/.installed`
const lock = `${root}package-lock.json`

const major = Number(process.versions.node.split('.')[0])
if (major < 20) fail(`Vpostcode needs Node 20 or newer; this is ${process.version}.`)

// An installed package has no lock file: npm has installed what it needs.
if (existsSync(lock)) {
  const wanted = `${createHash('sha256').update(readFileSync(lock)).digest('hex')} ${process.version} ${process.arch}`
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    console.log('Installing packages (npm ci) ...')
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    })
    if (result.status !== 0) fail(`npm ci failed. ${nativeHelp()}`)
    checkNative()
    writeFileSync(stamp, wanted)
  }
}

function checkNative() {
  const probe = spawnSync(
    process.execPath,
    ['-e', "new (require('better-sqlite3'))(':memory:').prepare('select 1').get()"],
    { cwd: root, encoding: 'utf8' },
  )
  if (probe.status !== 0) fail(`better-sqlite3 does not load. ${nativeHelp()}\n${probe.stderr}`)
}

function nativeHelp() {
  return [
    'better-sqlite3 is native code: it needs either its prebuilt binary (downloaded on install) or a C++ compiler.',
    'When neither is there, install one and run the command again:',
    '  Debian, Ubuntu:  apt-get install -y python3 make g++',
    '  Fedora:          dnf install -y python3 make gcc-c++',
    '  macOS:           xcode-select --install',
  ].join('\n')
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
