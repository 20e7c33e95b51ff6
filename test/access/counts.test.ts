import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Counts, openCounts, secondsLeft, WINDOW } from '../../src/access/counts.ts'
import { networkOf } from '../../src/access/network.ts'
import { type Channel, exchangeCounts, shareCounts } from '../../src/access/shareCounts.ts'

/** The beginning of a minute. */
const NOW = Date.parse('2026-11-22T08:00:00Z')

describe('counts', () => {
  test('give a name its limit a minute, to each its own, and begin anew with the minute', () => {
    const counts = openCounts()
    const take = (name: string, n: number, now: number) => counts.take(name, n, 3, now)
    expect([take('a', 1, NOW), take('a', 2, NOW + 1)]).toEqual([
      { taken: true, left: 2 },
      { taken: true, left: 0 },
    ])
    expect(take('a', 1, NOW + WINDOW - 1)).toEqual({ taken: false, left: 0 })
    expect(take('b', 1, NOW + WINDOW - 1)).toEqual({ taken: true, left: 2 })
    expect(take('a', 1, NOW + WINDOW)).toEqual({ taken: true, left: 2 })
  })

  test('take all of a request or nothing of it', () => {
    const counts = openCounts()
    counts.take('a', 40, 100, NOW)
    expect(counts.take('a', 61, 100, NOW)).toEqual({ taken: false, left: 60 })
    expect(counts.take('a', 60, 100, NOW)).toEqual({ taken: true, left: 0 })
  })

  test('remember so many names and no more: the one that came first goes', () => {
    const counts = openCounts(1_000)
    for (let i = 0; i < 10_000; i++) counts.take(`n${i}`, 1, 1, NOW)
    expect(counts.take('n9999', 1, 1, NOW).taken).toBe(false)
    expect(counts.take('n9001', 1, 1, NOW).taken).toBe(false)
    expect(counts.take('n0', 1, 1, NOW).taken).toBe(true)
    expect(counts.changes(NOW).counts).toHaveLength(1_000)
    expect(counts.changes(NOW).counts).toHaveLength(0)
  })

  test('tell how long the minute lasts', () => {
    expect([NOW, NOW + 1, NOW + WINDOW - 1].map(secondsLeft)).toEqual([60, 60, 1])
  })
})

describe('processes that share their counts', () => {
  beforeEach(() => void vi.useFakeTimers({ now: NOW }))
  afterEach(() => void vi.useRealTimers())

  /** Two ends of one way; messages travel as JSON, as they do between processes. */
  function channels(): [Channel, Channel] {
    const listeners: ((message: unknown) => void)[][] = [[], []]
    const end = (mine: number): Channel => ({
      send: (message) => {
        const text = JSON.stringify(message)
        for (const listener of listeners[1 - mine]!) listener(JSON.parse(text))
      },
      receive: (listener) => listeners[mine]!.push(listener),
    })
    return [end(0), end(1)]
  }
  const joiner = () => {
    const join = exchangeCounts()
    return () => {
      const counts = openCounts()
      const [worker, primary] = channels()
      shareCounts(counts, worker)
      return { counts, leave: join(primary), primary, worker }
    }
  }
  const times = (counts: Counts, n: number, limit: number) =>
    Array.from({ length: n }, () => counts.take('k', 1, limit, Date.now())).filter(({ taken }) => taken)
      .length

  test('two know within half a second what both counted, and together give no more', () => {
    const join = joiner()
    const [a, b] = [join().counts, join().counts]
    expect([times(a, 30, 100), times(b, 20, 100)]).toEqual([30, 20])
    vi.advanceTimersByTime(500)
    for (const one of [a, b]) expect(one.take('k', 51, 100, Date.now())).toEqual({ taken: false, left: 50 })
    expect(times(a, 100, 100)).toBe(50)
    vi.advanceTimersByTime(500)
    expect([times(a, 1, 100), times(b, 1, 100)]).toEqual([0, 0])
  })

  test('what they give beyond the quota is what they take within two exchanges', () => {
    const join = joiner()
    const members = [join().counts, join().counts, join().counts]
    let given = 0
    // 200 a second each, on a quota of 300.
    for (let tenth = 0; tenth < 100; tenth++) {
      for (const counts of members) given += times(counts, 20, 300)
      vi.advanceTimersByTime(100)
    }
    expect(given).toBeGreaterThanOrEqual(300)
    expect(given).toBeLessThanOrEqual(300 + 600 * 0.5)
  })

  test('one that comes later is told; what one counted that left stays counted', () => {
    const join = joiner()
    const first = join()
    times(first.counts, 40, 100)
    vi.advanceTimersByTime(500)
    first.leave()
    const second = join().counts
    vi.advanceTimersByTime(500)
    expect(second.take('k', 1, 100, Date.now())).toEqual({ taken: true, left: 59 })
  })

  test('a new minute begins with nothing, also for counts that come late', () => {
    const join = joiner()
    const [a, b] = [join().counts, join().counts]
    vi.setSystemTime(NOW + WINDOW - 100)
    times(a, 100, 100)
    vi.advanceTimersByTime(1_000)
    expect(b.take('k', 1, 100, Date.now())).toEqual({ taken: true, left: 99 })
    vi.advanceTimersByTime(500)
    expect(a.take('k', 1, 100, Date.now())).toEqual({ taken: true, left: 98 })
  })

  test('other messages on the way are left alone', () => {
    const { counts, primary, worker } = joiner()()
    for (const message of [null, 'stop', 7, { ready: true }]) {
      primary.send(message as never)
      worker.send(message as never)
    }
    expect(counts.take('k', 1, 1, NOW).taken).toBe(true)
  })
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:cb00:7107', '203.0.113.7'],
  ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:1:3::6', '2001:db8:1:3::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['1::2:3:4:5:6:7', '1:0:2:3::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
  ['', ''],
  ['unknown', ''],
  ['203.0.113.7:80', ''],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
