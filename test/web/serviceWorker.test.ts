import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => vi.unstubAllGlobals())

test('a device that has no room for a page opens it all the same', async () => {
  const heard: Record<string, (event: unknown) => void> = {}
  const full = () => Promise.reject(new DOMException('full', 'QuotaExceededError'))
  vi.stubGlobal('self', {
    addEventListener: (kind: string, hear: (event: unknown) => void) => {
      heard[kind] = hear
    },
  })
  vi.stubGlobal('location', { origin: 'https://here.example' })
  vi.stubGlobal('caches', { open: async () => ({ match: async () => undefined, put: full }) })
  vi.stubGlobal('fetch', async () => new Response('the page'))
  // A script, not a module: it is named by its address.
  await import(new URL('../../src/web/code/sw.ts', import.meta.url).href)
  let answer: Promise<Response> | undefined
  heard['fetch']!({
    request: new Request('https://here.example/v/71016QPF2PFG'),
    respondWith: (given: Promise<Response>) => {
      answer = given
    },
  })
  expect(await (await answer!).text()).toBe('the page')
})
