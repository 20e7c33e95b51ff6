import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Request, Response } from 'express'
import { inSlices } from '../../gazetteer/slices.ts'
import { openKept } from '../kept.ts'
import { Problem } from '../problems.ts'
import { clientOf } from '../quota.ts'
import { etagOf } from '../reference.ts'
import type { Deps } from '../route.ts'
import { sendText } from '../send.ts'
import { openShares, UNDER_WAY } from '../slots.ts'
import { cutTile, ZOOMS } from './cut.ts'

/** Tiles that wait to be cut in one process; of one address `UNDER_WAY.tiles`. */
const MOST_WAITING = 64
/** Bytes of tiles that a process keeps. */
const MOST_KEPT = 16_000_000
const compress = promisify(gzip)
const expand = promisify(gunzip)
const YEAR = 31_536_000

/**
 * The map of the pages: what it consists of (TileJSON), and its tiles, cut when they are asked for and kept. One is cut at a time,
 * in slices, so that searches and checkouts go first; it is kept compressed.
 */
export function openTiles({ gazetteer, settings }: Pick<Deps, 'gazetteer' | 'settings'>) {
  const kept = openKept<Uint8Array>(MOST_KEPT, ({ length }) => length)
  const shares = openShares(UNDER_WAY.tiles)
  const waiting = new Map<string, Promise<Uint8Array>>()
  let last: Promise<unknown> = Promise.resolve()

  function tile(z: number, x: number, y: number, client: string): Promise<Uint8Array> | Uint8Array {
    const key = `${gazetteer.version}/${z}/${x}/${y}`
    const known = kept.get(key)
    if (known) return known
    const begun = waiting.get(key)
    if (begun) return begun
    if (waiting.size >= MOST_WAITING) throw new Problem('busy')
    const leave = shares.take(client)
    const made = last
      .then(() => inSlices(cutTile(gazetteer, z, x, y)))
      .then((cut) => compress(cut))
      .then((cut) => kept.keep(key, cut))
      .finally(() => {
        waiting.delete(key)
        leave()
      })
    last = made.catch(() => {})
    waiting.set(key, made)
    return made
  }

  return {
    describe(req: Request, res: Response): void {
      const { version, streetLayers } = gazetteer
      const notices = [...new Set(streetLayers.layers.map(({ head }) => head.notice))]
      const text = JSON.stringify({
        tilejson: '3.0.0',
        // Beside this document, also behind a proxy that puts a path in front.
        tiles: [`tiles/${version}/{z}/{x}/{y}`],
        minzoom: ZOOMS.first,
        maxzoom: ZOOMS.last,
        attribution: notices.join(', '),
        vector_layers: ['communes', 'places', 'streets', 'houses'].map((id) => ({ id, fields: {} })),
      })
      res.setHeader('Cache-Control', 'no-cache')
      res.setHeader('ETag', etagOf([text]))
      sendText(req, res, 200, 'application/json', text)
    },
    async send(req: Request, res: Response): Promise<void> {
      const { version, z, x, y } = req.params as Record<string, string>
      const [zoom, column, row] = [z, x, y].map((text) => (/^\d{1,6}$/.test(text!) ? Number(text) : -1)) as [
        number,
        number,
        number,
      ]
      const isTile = zoom >= ZOOMS.first && zoom <= ZOOMS.last && column >= 0 && row >= 0
      if (!isTile || column >= 2 ** zoom || row >= 2 ** zoom) throw new Problem('unknown-route')
      // Of other data than the page has been told of: right, but not to be kept under this name.
      const isCurrent = version === gazetteer.version
      const cut = await tile(zoom, column, row, clientOf(req, { settings }))
      res.setHeader('Cache-Control', isCurrent ? `public, max-age=${YEAR}, immutable` : 'no-cache')
      res.setHeader('Content-Type', 'application/vnd.mapbox-vector-tile')
      res.setHeader('ETag', etagOf([gazetteer.version, z!, x!, y!]))
      res.vary('Accept-Encoding')
      if (req.fresh) res.status(304).end()
      else if (req.acceptsEncodings('gzip')) res.setHeader('Content-Encoding', 'gzip').end(cut)
      else res.end(await expand(cut))
    },
  }
}
