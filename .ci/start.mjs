// `npm start` on a free port and a new database: it answers, and stops when told to, npm alone or with all that it started.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-start-'))
const env = { ...process.env, PORT: '0', VPOSTCODE_DB: join(folder, 'vpostcode.db'), VPOSTCODE_LOG: 'warn' }
try {
  await startAndStop('the group', (pid) => process.kill(-pid, 'SIGTERM'))
  await startAndStop('npm alone', (pid) => process.kill(pid, 'SIGTERM'))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Starts, asks, ends it with `stop`, and waits until nobody answers. Throws, with the group killed, when something fails. */
async function startAndStop(told, stop) {
  // A group of its own, for npm stands between us and the server.
  const npm = spawn('npm', ['start'], { env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const kill = () => {
    try {
      process.kill(-npm.pid, 'SIGKILL')
    } catch (error) {
      if (error.code !== 'ESRCH') throw error
    }
  }
  const late = setTimeout(() => {
    console.error('npm start has not answered and stopped within 10 minutes')
    kill()
  }, 600_000)
  const ended = once(npm, 'exit')
  let said = ''
  npm.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text)
    said += text
  })
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
    stop(npm.pid)
    await ended
    let answers = true
    for (let second = 0; answers && second < 30; second++) {
      answers = await fetch(`${origin}/healthz`).then(
        () => true,
        () => false,
      )
      if (answers) await wait(1_000)
    }
    assert(!answers, `still answers after SIGTERM to ${told}`)
    console.log(
      `npm start answered /healthz, /v1/vpostcodes and the ${urls.length} URLs it printed, and stopped (${told})`,
    )
  } catch (error) {
    kill()
    throw error
  } finally {
    clearTimeout(late)
  }
}
