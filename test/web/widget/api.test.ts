import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Api } from '../../../src/web/widget/api.ts'

const asked: { url: string; headers: Record<string, string> }[] = []
let answer: () => Response | Promise<Response>
let back: number
let api: Api
const ask = () => api.validate('12 Lê Lợi', new AbortController().signal)

beforeEach(() => {
  vi.useFakeTimers()
  asked.length = 0
  back = 0
  vi.stubGlobal('fetch', async (url: string, { headers, signal }: RequestInit) => {
    asked.push({ url, headers: headers as Record<string, string> })
    const aborted = new Promise<never>((_, reject) =>
      signal!.addEventListener('abort', () => reject(new Error('aborted'))),
    )
    return Promise.race([answer(), aborted])
  })
  api = new Api(
    () => ({ base: 'https://api.example/', key: 'K', language: 'vi' }),
    () => back++,
  )
})
afterEach(() => {
  api.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('nothing stands in the URL: the key and the language go in headers, texts in the body', async () => {
  answer = () => Response.json({ grade: 'A' })
  expect(await ask()).toEqual({ grade: 'A' })
  await api.suggest('12 lê & lợi', new AbortController().signal)
  expect(asked.map(({ url }) => url)).toEqual([
    'https://api.example/v1/validate',
    'https://api.example/v1/search',
  ])
  for (const { headers } of asked)
    expect(headers).toMatchObject({ 'X-Api-Key': 'K', 'Accept-Language': 'vi' })
})

test('after a failure it is left alone, longer each time, and then said to be back', async () => {
  answer = () => Promise.reject(new TypeError('offline'))
  expect(await ask()).toBeNull()
  expect([api.away, await ask(), asked.length]).toEqual([true, null, 1])
  await vi.advanceTimersByTimeAsync(2_000)
  expect([api.away, back]).toEqual([false, 1])
  answer = () => new Response('', { status: 500 })
  await ask()
  await vi.advanceTimersByTimeAsync(2_000)
  expect([api.away, back]).toEqual([true, 1])
  await vi.advanceTimersByTimeAsync(2_000)
  expect([api.away, back]).toEqual([false, 2])
  answer = () => Response.json({})
  expect(await ask()).toEqual({})
  answer = () => new Response('', { status: 503 })
  await ask()
  await vi.advanceTimersByTimeAsync(2_000)
  expect([api.away, back]).toEqual([false, 3])
})

test('a server that says how long it wants to be left alone is left so', async () => {
  answer = () => new Response('{}', { status: 429, headers: { 'Retry-After': '30' } })
  expect(await ask()).toBeNull()
  await vi.advanceTimersByTimeAsync(29_000)
  expect(api.away).toBe(true)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(api.away).toBe(false)
})

test('a refused question says nothing of the next one; a page that is no answer does', async () => {
  answer = () => new Response('{}', { status: 413 })
  expect([await ask(), api.away]).toEqual([null, false])
  answer = () => new Response('<html>')
  expect([await ask(), api.away]).toEqual([null, true])
})

test('a refused key is told to whoever builds the page', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  answer = () => new Response('{}', { status: 403 })
  expect([await ask(), api.away]).toEqual([null, true])
  expect(warn).toHaveBeenCalledOnce()
})

test('a question that nobody asks any more is no failure, one that hangs is', async () => {
  answer = () => new Promise(() => {})
  const left = new AbortController()
  const dropped = api.suggest('lê', left.signal)
  left.abort()
  expect([await dropped, api.away]).toEqual([null, false])
  const hanging = ask()
  await vi.advanceTimersByTimeAsync(8_000)
  expect([await hanging, api.away]).toEqual([null, true])
})
