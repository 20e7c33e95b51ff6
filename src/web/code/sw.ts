// The service worker of /v/: pages of codes that were opened once open again without a network, the latest of them.
// Compiled as a page script would be, so what only workers have is named here.
interface Worker {
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
  addEventListener(kind: string, hear: (event: WorkerEvent) => void): void
}
interface WorkerEvent {
  request: Request
  data: string[]
  waitUntil(work: Promise<unknown>): void
  respondWith(answer: Promise<Response>): void
}
const worker = self as unknown as Worker
const CACHE = 'codes'
/** Answers kept: a page takes three or four. */
const MOST = 200

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()))
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()))
// What a page had loaded before this worker was there.
worker.addEventListener('message', (event) => {
  const own = event.data.filter((url) => isKept(new URL(url)))
  event.waitUntil(Promise.all(own.map((url) => fetch(url).then((answer) => keep(new Request(url), answer)))))
})
worker.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method === 'GET' && isKept(new URL(request.url))) event.respondWith(answer(request))
})

/** Pages of codes, what they load, their QR codes; tiles are kept by the browser itself. */
const isKept = ({ origin, pathname }: URL) =>
  origin === location.origin && (/\/(v|assets)\/[^/]+$/.test(pathname) || pathname.endsWith('/qr.svg'))

async function answer(request: Request): Promise<Response> {
  const known = await (await caches.open(CACHE)).match(request)
  // What lies in assets never changes.
  if (known && request.url.includes('/assets/')) return known
  try {
    const fresh = await fetch(request)
    // A device without room keeps nothing: the page opens all the same.
    await keep(request, fresh.clone()).catch(() => {})
    return fresh
  } catch (error) {
    if (known) return known
    throw error
  }
}

async function keep(request: Request, fresh: Response): Promise<void> {
  if (!fresh.ok) return
  const cache = await caches.open(CACHE)
  await cache.put(request, fresh)
  const keys = await cache.keys()
  for (const oldest of keys.slice(0, Math.max(0, keys.length - MOST))) await cache.delete(oldest)
}
