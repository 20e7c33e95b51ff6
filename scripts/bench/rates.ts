import type { PacedRequest } from './paced.ts'
import { processorSeconds } from './processes.ts'
import { type Load, load } from './requests.ts'

/** Requests a second of each kind, and microseconds of processor time that each process group spends on one. */
export interface Rates {
  perSecond: Record<string, number>
  processorMicroseconds: Record<string, number>[]
}

/** Requests of each kind until the compiler has done its work: by number, for a busy machine gets through few in a second. */
const WARM = 8_000

/**
 * Kinds of requests in alternation, medians of the rounds, so that no kind has the better half of an hour.
 * `groups`: processes whose time is counted, as they are at that moment.
 */
export async function measureRates(
  to: Omit<Load, 'requests' | 'duration' | 'amount'>,
  kinds: Record<string, readonly PacedRequest[]>,
  groups: readonly (() => readonly number[])[],
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Rates> {
  const none = () => Object.fromEntries(Object.keys(kinds).map((kind) => [kind, [] as number[]]))
  const rates = none()
  const micros = groups.map(none)
  for (const requests of Object.values(kinds)) await load({ ...to, requests, amount: WARM })
  for (let round = 0; round < rounds; round++)
    for (const [kind, requests] of Object.entries(kinds)) {
      const before = groups.map((pids) => processorSeconds(pids()))
      const { requests: sent } = await load({ ...to, requests, duration: seconds })
      rates[kind]!.push(sent.average)
      groups.forEach((pids, i) => {
        micros[i]![kind]!.push(((processorSeconds(pids()) - before[i]!) * 1e6) / sent.total)
      })
    }
  return { perSecond: medians(rates), processorMicroseconds: micros.map(medians) }
}

function medians(lists: Record<string, number[]>): Record<string, number> {
  const middle = (list: number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!
  return Object.fromEntries(Object.entries(lists).map(([kind, list]) => [kind, Math.round(middle(list))]))
}
