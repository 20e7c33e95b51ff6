import { type Counts, remember, type WindowCounts } from './counts.ts'

/**
 * Several processes keep one quota: each tells the one that started them what it counted, and is told what all the others
 * counted together. Both are totals of the window, so nothing is counted twice or lost when a message is late.
 *
 * Exact to the exchange: with P processes and quota Q a client gets at most what the other processes take within two
 * exchanges (half a second) beyond Q, and never more than P x Q.
 */

/** Milliseconds between two exchanges. */
const EVERY = 250
/** Names that are remembered of all processes together. */
const MOST = 100_000

/** One end of the messages between two processes. Other messages on the same way are left alone. */
export interface Channel {
  send(message: QuotaMessage): void
  receive(listener: (message: unknown) => void): void
}
export interface QuotaMessage {
  quota: WindowCounts
}

const isQuota = (message: unknown): message is QuotaMessage =>
  typeof message === 'object' && message !== null && 'quota' in message

/** The side of a process that counts, for as long as it lives. */
export function shareCounts(counts: Counts, channel: Channel): void {
  channel.receive((message) => {
    if (isQuota(message)) counts.learn(message.quota, Date.now())
  })
  setInterval(() => {
    const quota = counts.changes(Date.now())
    if (quota.counts.length > 0) channel.send({ quota })
  }, EVERY).unref()
}

/**
 * The side of the process that started the others, for as long as it lives. With what it answers a process joins, and is told
 * what the others counted so far; the answer to that is how it leaves. What it counted stays.
 */
export function exchangeCounts(): (channel: Channel) => () => void {
  let window = 0
  /** By name what each process counted. */
  const counted = new Map<string, Map<symbol, number>>()
  const members = new Map<symbol, { channel: Channel; news: Set<string> }>()

  function hear(from: symbol, { window: of, counts }: WindowCounts): void {
    if (of < window) return
    if (of > window) {
      window = of
      counted.clear()
      for (const { news } of members.values()) news.clear()
    }
    for (const [name, n] of counts) {
      const shares = counted.get(name) ?? new Map<symbol, number>()
      shares.set(from, n)
      remember(counted, name, shares, MOST)
      for (const [id, { news }] of members) if (id !== from) news.add(name)
    }
  }

  function othersThan(member: symbol, name: string): number {
    let sum = 0
    for (const [id, n] of counted.get(name) ?? []) if (id !== member) sum += n
    return sum
  }

  setInterval(() => {
    for (const [id, { channel, news }] of members) {
      if (news.size === 0) continue
      const counts = [...news].map((name): [string, number] => [name, othersThan(id, name)])
      news.clear()
      channel.send({ quota: { window, counts } })
    }
  }, EVERY).unref()

  return (channel) => {
    const id = Symbol()
    members.set(id, { channel, news: new Set(counted.keys()) })
    channel.receive((message) => {
      if (isQuota(message)) hear(id, message.quota)
    })
    return () => void members.delete(id)
  }
}
