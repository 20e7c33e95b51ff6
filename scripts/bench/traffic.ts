import { setTimeout } from 'node:timers/promises'

/** How long requests take while a job runs and while none does, in alternation. */
export interface TrafficOptions {
  /** Of the running service. */
  url: string
  /** Of a staff key without a quota that matters. */
  key: string
  /** The file of the job; it must outlast all rounds. */
  file: Blob
  kind: 'assign' | 'geocode'
  rounds: number
  /** Of a round. */
  seconds: number
  perSecond: number
  /** What checkouts ask, over and over. */
  addresses: readonly string[]
  route: '/v1/validate' | '/v1/search'
}

export interface Traffic {
  /** Milliseconds, a round each. */
  atRest: { p50: number; p99: number }[]
  duringJob: { p50: number; p99: number }[]
  /** Of the medians of the rounds. */
  ratio: { p50: number; p99: number }
  /** Rows that the job did meanwhile. */
  rows: number
}

export async function measureTraffic(options: TrafficOptions): Promise<Traffic> {
  const { rounds } = options
  const id = await sendJob(options)
  const [atRest, duringJob]: Traffic['atRest'][] = [[], []]
  await ask(options, id, 'pause')
  await until(options, id, ({ state }) => state === 'paused')
  // Until the compiler has done its work.
  await times(options)
  const { rows: before } = await job(options, id)
  for (let round = 0; round < rounds; round++) {
    atRest!.push(await times(options))
    const { rows } = await job(options, id)
    await ask(options, id, 'resume')
    await until(options, id, (now) => now.rows > rows)
    duringJob!.push(await times(options))
    const { state } = await job(options, id)
    if (state !== 'running') throw new Error(`the job was ${state} before the rounds were: give it more rows`)
    await ask(options, id, 'pause')
    await until(options, id, (now) => now.state === 'paused')
  }
  const ratio = (of: 'p50' | 'p99') =>
    Math.round((median(duringJob!.map((one) => one[of])) / median(atRest!.map((one) => one[of]))) * 100) / 100
  const { rows } = await job(options, id)
  await ask(options, id, 'cancel')
  return {
    atRest: atRest!,
    duringJob: duringJob!,
    ratio: { p50: ratio('p50'), p99: ratio('p99') },
    rows: rows - before,
  }
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

/** Requests in a steady stream, whether the ones before were answered or not; the times from when each was due. */
async function times({ url, key, seconds, perSecond, addresses, route }: TrafficOptions) {
  const taken: number[] = []
  const open: Promise<void>[] = []
  const begin = performance.now()
  for (let i = 0; i < seconds * perSecond; i++) {
    const due = begin + (i * 1000) / perSecond
    const wait = due - performance.now()
    if (wait > 0) await setTimeout(wait)
    const address = addresses[i % addresses.length]!
    const asked =
      route === '/v1/validate'
        ? fetch(url + route, {
            method: 'POST',
            headers: { 'X-Api-Key': key, 'Content-Type': 'application/json' },
            body: JSON.stringify({ address }),
          })
        : fetch(`${url}${route}?${new URLSearchParams({ q: address })}`, { headers: { 'X-Api-Key': key } })
    open.push(
      asked.then(async (answer) => {
        await answer.arrayBuffer()
        if (answer.status !== 200) throw new Error(`${route} answered ${answer.status}`)
        taken.push(performance.now() - due)
      }),
    )
  }
  await Promise.all(open)
  taken.sort((a, b) => a - b)
  const at = (part: number) =>
    Math.round(taken[Math.min(taken.length - 1, Math.floor(taken.length * part))]! * 100) / 100
  return { p50: at(0.5), p99: at(0.99) }
}

interface JobState {
  id: number
  state: string
  rows: number
}

async function sendJob({ url, key, file, kind }: TrafficOptions): Promise<number> {
  const body = new FormData()
  body.append('kind', kind)
  body.append('file', file, 'traffic.csv')
  const answer = await fetch(`${url}/v1/jobs`, { method: 'POST', headers: { 'X-Api-Key': key }, body })
  if (answer.status !== 202) throw new Error(await answer.text())
  return ((await answer.json()) as JobState).id
}

async function job({ url, key }: TrafficOptions, id: number): Promise<JobState> {
  const answer = await fetch(`${url}/v1/jobs/${id}`, { headers: { 'X-Api-Key': key } })
  return (await answer.json()) as JobState
}

const ask = ({ url, key }: TrafficOptions, id: number, what: 'pause' | 'resume' | 'cancel') =>
  fetch(`${url}/v1/jobs/${id}/${what}`, { method: 'POST', headers: { 'X-Api-Key': key } })

async function until(options: TrafficOptions, id: number, holds: (job: JobState) => boolean): Promise<void> {
  while (!holds(await job(options, id))) await setTimeout(100)
}
