// Installs when node_modules is not what package-lock.json says, and proves that the native SQLite part loads.
// Plain Node without dependencies: it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const lock = `${root}package-lock.json`
const NATIVE_HELP = [
  '',
  'better-sqlite3, the database, cannot be used here. It is native code: it needs its prebuilt binary (npm downloads it)',
  'or a C++ compiler, and neither was found. Install a compiler and run the command again:',
  '  Debian, Ubuntu:  apt-get install -y python3 make g++',
  '  Fedora:          dnf install -y python3 make gcc-c++',
  '  macOS:           xcode-select --install',
].join('\n')

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Vpostcode needs Node 20 or newer; this is ${process.version}.`)
}
if (!isInstalled() || loadNative() !== '') {
  console.log('Installing packages (npm ci): one to two minutes, several on a slow machine or network ...')
  const { status, errors } = await install()
  if (status !== 0) fail(errors.includes('better-sqlite3') ? NATIVE_HELP : 'npm ci failed, see above.')
  const fault = loadNative()
  if (fault) fail(`${NATIVE_HELP}\nWhat Node says: ${fault}`)
}

/** Runs `npm ci`, and says that it still runs. What it said on standard error is shown and answered. */
async function install() {
  const started = Date.now()
  const npm = spawn('npm', ['ci', '--loglevel=error'], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'pipe'],
    shell: process.platform === 'win32',
  })
  let errors = ''
  npm.stderr.setEncoding('utf8').on('data', (text) => {
    process.stderr.write(text)
    errors += text
  })
  const life = setInterval(() => {
    console.log(`  still installing, ${Math.round((Date.now() - started) / 1000)} s`)
  }, 15_000)
  try {
    const [status] = await once(npm, 'close')
    return { status, errors }
  } catch (error) {
    fail(`npm cannot be run: ${error.message}`)
  } finally {
    clearInterval(life)
  }
}

/** Whether every package of the lock file stands in node_modules in its version (those of other platforms may lack). */
function isInstalled() {
  const record = `${root}node_modules/.package-lock.json`
  if (!existsSync(record)) return false
  const has = packagesOf(record)
  return Object.entries(packagesOf(lock)).every(
    ([path, { version, optional }]) => path === '' || optional || has[path]?.version === version,
  )
}

function packagesOf(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages
}

/** Empty when it works, else the message. In a process of its own: a binary of another Node can end the process. */
function loadNative() {
  const code = "new (require('better-sqlite3'))(':memory:').prepare('select 1').get()"
  const { status, stderr } = spawnSync(process.execPath, ['-e', code], { cwd: root, encoding: 'utf8' })
  return status === 0 ? '' : (/^\w*Error: .*/m.exec(stderr)?.[0] ?? `exit status ${status}`)
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
