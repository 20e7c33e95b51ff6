import { setTimeout } from 'node:timers/promises'
import { isOver } from '../../bulk/control.ts'
import type { Context } from '../route.ts'
import { openShares, UNDER_WAY } from '../slots.ts'
import { sightOf, viewJob } from './view.ts'

/** Milliseconds between two looks, between two signs of life, and after which a stream ends and is asked for again. */
const EVERY = 500
const ALIVE = 15_000
const LONGEST = 3_600_000
/** Open streams of one key in one process. */
const streams = openShares(UNDER_WAY.streams)

/**
 * Sends a job whenever it has changed, as server-sent events: `progress`, and at last `end` when it is over. The answer begins
 * with the job as it is, so it does not matter what a client has seen before.
 */
export async function sendEvents(id: number, { caller, bulk, req, res }: Context): Promise<void> {
  const leave = streams.take(`${caller.key!.line}`)
  try {
    res.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      // Neither kept, nor compressed and held back on the way.
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    })
    if (req.method === 'HEAD') return
    res.write('retry: 2000\n\n')
    const until = Date.now() + LONGEST
    let number = 0
    for (let sent = '', at = Date.now(); Date.now() < until; await setTimeout(EVERY)) {
      // A client that does not read gets the next one later.
      if (res.closed || req.app.locals['stopping']) return
      if (res.writableNeedDrain) continue
      const job = await bulk.jobs.job(id)
      if (!job) return
      const text = JSON.stringify(viewJob(job, bulk, sightOf(caller)))
      const over = isOver(job)
      if (text !== sent || over) {
        res.write(`id: ${++number}\nevent: ${over ? 'end' : 'progress'}\ndata: ${text}\n\n`)
        sent = text
        at = Date.now()
        if (over) return
      } else if (Date.now() - at > ALIVE) {
        res.write(': alive\n\n')
        at = Date.now()
      }
    }
  } finally {
    res.end()
    leave()
  }
}
