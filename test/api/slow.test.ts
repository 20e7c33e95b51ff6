import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import type { Request, Response } from 'express'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { boundBodyTime } from '../../src/http/bodyTime.ts'
import { sendLines } from '../../src/http/sendLines.ts'
import { receiveUpload } from '../../src/http/upload.ts'

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-slow-'))
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A request whose body is written by the test. */
function request(): PassThrough & Request {
  const headers = { 'content-type': 'multipart/form-data; boundary=x' }
  return Object.assign(new PassThrough(), { headers, complete: false }) as unknown as PassThrough & Request
}
const BEGINNING = '--x\r\nContent-Disposition: form-data; name="data"; filename="a.csv"\r\n\r\nq\n'

test('an upload may take its time as long as 10 kB come every 10 seconds', async () => {
  const path = mkdtempSync(join(tmpdir(), 'vpostcode-slow-'))
  const req = request()
  const upload = receiveUpload(req, join(path, 'data'), 1_000_000)
  req.write(BEGINNING)
  for (let i = 0; i < 10; i++) {
    req.write('x'.repeat(10_000))
    // Until the disk has let it in, however slow that is.
    do await turn()
    while (req.readableLength + req.writableLength > 0)
    await vi.advanceTimersByTimeAsync(10_000)
  }
  req.end('\r\n--x--\r\n')
  expect((await upload).bytes).toBe('q\n'.length + 100_000)
  rmSync(path, { recursive: true })
})

test.each([
  ['stands still', 0],
  ['trickles', 900],
])('an upload that %s is refused after 10 seconds', async (_name, bytes) => {
  const req = request()
  const path = mkdtempSync(join(tmpdir(), 'vpostcode-slow-'))
  const upload = receiveUpload(req, join(path, 'data'), 1_000_000)
  const refused = expect(upload).rejects.toMatchObject({ code: 'request-timeout' })
  req.write(BEGINNING)
  for (let i = 0; i < 10; i++) {
    if (bytes > 0) req.write('x'.repeat(bytes))
    await turn()
    await vi.advanceTimersByTimeAsync(1_000)
  }
  // For what may follow the refusal.
  await vi.advanceTimersByTimeAsync(5_000)
  await refused
  rmSync(path, { recursive: true })
})

test('a small body has 30 seconds, a trickle does not lengthen them', async () => {
  const req = Object.assign(new PassThrough(), {
    id: '1',
    headers: {},
    acceptsLanguages: () => 'en',
  }) as unknown as PassThrough & Request
  const sent = { status: 0 }
  const res = Object.assign(new EventEmitter(), {
    set: () => res,
    vary: () => res,
    setHeader: () => res,
    end: () => res.emit('finish'),
    status: (code: number) => {
      sent.status = code
      return res
    },
  }) as unknown as Response
  const next = vi.fn()
  boundBodyTime(req, res, next)
  expect(next).toHaveBeenCalledOnce()
  for (let i = 0; i < 29; i++) {
    req.write('x')
    await vi.advanceTimersByTimeAsync(1_000)
  }
  expect(sent.status).toBe(0)
  await vi.advanceTimersByTimeAsync(1_000)
  expect([sent.status, req.destroyed]).toEqual([408, true])
})

/** Two parts of text of which the second would never be asked for by a client that does not read. */
async function* parts() {
  yield { text: 'a\n', rows: 1 }
  yield { text: 'b\n', rows: 2 }
}

test('lines are sent no faster than they are read', async () => {
  const waiting: (() => void)[] = []
  const written: string[] = []
  const res = new Writable({
    highWaterMark: 1,
    write(block, _encoding, done) {
      written.push(String(block))
      waiting.push(done)
    },
  }) as unknown as Response
  const sent = sendLines(res, 'h\n', parts())
  await turn()
  expect(written).toEqual(['h\n'])
  for (let i = 0; i < 3; i++) {
    waiting.shift()?.()
    await turn()
  }
  expect(await sent).toBe(3)
  expect(written).toEqual(['h\n', 'a\n', 'b\n'])
})

test('a client that takes no byte for a minute is cut off', async () => {
  const res = new Writable({ highWaterMark: 1, write() {} }) as unknown as Response
  const sent = sendLines(res, 'h\n', parts())
  await turn()
  await vi.advanceTimersByTimeAsync(59_000)
  expect(res.destroyed).toBe(false)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await sent).toBe(null)
  expect(res.destroyed).toBe(true)
})

test('a client that leaves while it is waited for ends the work', async () => {
  const res = new Writable({ highWaterMark: 1, write() {} }) as unknown as Response
  const sent = sendLines(res, 'h\n', parts())
  await turn()
  res.destroy()
  expect(await sent).toBe(null)
})
