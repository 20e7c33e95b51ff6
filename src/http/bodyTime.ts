import type { RequestHandler } from 'express'
import { Problem, sendProblem } from './problems.ts'

/** Milliseconds in which a JSON body has to arrive. */
const BODY_TIME = 30_000
/** Milliseconds in which any request has to arrive, uploads of files too; those are also given up when they stall. */
export const REQUEST_TIME = 15 * 60_000

/** Refuses a small body that trickles in. */
export const boundBodyTime: RequestHandler = (req, res, next) => {
  const clock = setTimeout(() => {
    res.set('Connection', 'close')
    res.once('finish', () => req.destroy())
    sendProblem(req, res, new Problem('request-timeout'))
  }, BODY_TIME)
  const stop = () => clearTimeout(clock)
  req.once('end', stop)
  req.once('close', stop)
  next()
}
