// `npm start` on a free port and a new database: it answers, and stops when told to.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-start-'))
const env = { ...process.env, PORT: '0', VPOSTCODE_DB: join(folder, 'vpostcode.db'), VPOSTCODE_LOG: 'warn' }
// A group of its own, for npm stands between us and the server.
const npm = spawn('npm', ['start'], { env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
const ended = once(npm, 'exit')
const late = setTimeout(() => stop(`npm start has printed no URLs for 10 minutes`), 600_000)

let said = ''
npm.stdout.setEncoding('utf8').on('data', (text) => {
  process.stdout.write(text)
  said += text
})
ended.then(() => clearTimeout(late))
try {
  let urls = []
  while (urls.length < 3) {
    await Promise.race([once(npm.stdout, 'data'), ended.then(() => assert.fail('npm start ended'))])
    urls = said.match(/http:\S+\/v1\S+(?=\n)/g) ?? []
  }
  for (const url of urls) assert.equal((await fetch(url)).status, 200, url)
  const { origin } = new URL(urls[0])
  assert.equal((await fetch(`${origin}/healthz`)).status, 200)
  const encoded = await (await fetch(`${origin}/v1/vpostcodes?lat=10.7721&lon=106.6983`)).json()
  assert.equal(encoded.vpostcode, '71009QMCXR8V')
  process.kill(-npm.pid, 'SIGTERM')
  await ended
  await assert.rejects(fetch(`${origin}/healthz`), 'still answers after SIGTERM')
  console.log(
    `npm start answered /healthz, /v1/vpostcodes and the ${urls.length} URLs it printed, and stopped`,
  )
} catch (error) {
  stop(error)
} finally {
  clearTimeout(late)
  rmSync(folder, { recursive: true, force: true })
}

function stop(why) {
  console.error(why)
  if (npm.exitCode === null && npm.signalCode === null) process.kill(-npm.pid, 'SIGKILL')
  process.exitCode = 1
}
