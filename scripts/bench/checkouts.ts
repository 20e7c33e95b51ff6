// Started by a benchmark: GET /v1/search at a steady pace in a process of its own, so that what the benchmark does with its
// answers holds up none; until it is told to stop, then it tells the times.
import { type PacedTimes, paced } from './paced.ts'

export interface Checkouts {
  url: string
  key: string
  texts: string[]
  perSecond: number
}

process.once('message', async ({ url, key, texts, perSecond }: Checkouts) => {
  let going = true
  process.once('message', () => {
    going = false
  })
  const requests = texts.map((text) => ({ path: `/v1/search?${new URLSearchParams({ q: text })}` }))
  const pace = { perSecond, connections: 32, goesOn: () => going }
  const times: PacedTimes = await paced(url, requests, { 'x-api-key': key }, pace)
  process.send!(times)
  process.disconnect()
})
