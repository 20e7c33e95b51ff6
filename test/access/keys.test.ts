import { afterEach, describe, expect, test, vi } from 'vitest'
import { inScope, mayUse, PUBLIC, ROLES } from '../../src/access/caller.ts'
import { hashOf, isKey, newKey, prefixOf } from '../../src/access/key.ts'
import { openKeyRing } from '../../src/access/keyRing.ts'
import { changeKey, createKey, KeyRefused, revokeKey, rotateKey, stateOf } from '../../src/access/manage.ts'
import { BadWish, type KeyWish, readWish } from '../../src/access/wish.ts'
import { load } from '../../src/gazetteer/load.ts'
import { NO_COMMUNE } from '../../src/registry/types.ts'
import { memory } from './memory.ts'

const gazetteer = load()
const NOW = Date.parse('2026-11-22T08:00:00Z')
const HOUR = 3_600_000

const wish = (more: Partial<KeyWish> = {}): KeyWish => ({
  role: 'server',
  name: 'carrier',
  origins: [],
  scope: [],
  ...more,
})
const wanted = (more: Partial<KeyWish> = {}, now = NOW) => readWish(wish(more), gazetteer, now)
const never = (error: unknown) => {
  throw error
}

describe('the text of a key', () => {
  test('has 256 random bits, its role in front, and is told from other texts', () => {
    for (const role of ROLES) {
      const key = newKey(role)
      expect(key).toMatch(new RegExp(`^vp_${role}_[A-Za-z0-9_-]{43}$`))
      expect(isKey(key)).toBe(true)
      expect(newKey(role)).not.toBe(key)
      expect(prefixOf(key)).toBe(key.slice(0, `vp_${role}_`.length + 8))
    }
    const key = newKey('server')
    for (const text of [
      '',
      'staff',
      key.slice(1),
      `${key}A`,
      ` ${key}`,
      `${key}\n`,
      key.replace('server', 'root'),
    ])
      expect([text, isKey(text)]).toEqual([text, false])
    expect(isKey('vp_server_'.padEnd(1_000_000, 'a'))).toBe(false)
    expect(Buffer.from(hashOf('abc')).toString('hex')).toMatch(/^ba7816bf.*f20015ad$/)
  })
})

describe('what can be wished', () => {
  test('of each role, with its own quota', () => {
    expect(wanted()).toEqual({
      role: 'server',
      name: 'carrier',
      origins: [],
      scope: null,
      perMinute: 60_000,
      expiresAt: null,
    })
    const origins = ['https://shop.example', 'http://localhost:3000']
    expect(wanted({ role: 'browser', origins, name: ' Shop ' })).toMatchObject({
      origins,
      scope: [],
      name: 'Shop',
    })
    expect(wanted({ role: 'courier', perMinute: '7' })).toMatchObject({ scope: [], perMinute: 7 })
    expect(wanted({ role: 'staff', scope: ['79', '26743', '79'] })).toMatchObject({ scope: ['26743', '79'] })
    expect(wanted({ role: 'staff', scope: ['all'] })).toMatchObject({ scope: null })
  })

  test('a day of expiry ends with it in Viet Nam', () => {
    const { expiresAt } = wanted({ expires: '2026-11-22' })
    expect(new Date(expiresAt!).toISOString()).toBe('2026-11-22T17:00:00.000Z')
    expect(() => wanted({ expires: '2026-11-22' }, expiresAt!)).toThrow('is over')
  })

  test.each<[Partial<KeyWish>, string]>([
    [{ role: 'root' }, 'is no role'],
    [{ name: ' ' }, 'a name has'],
    [{ name: 'a'.repeat(61) }, 'a name has'],
    [{ name: 'a\u200bb' }, 'a name has'],
    [{ name: 'System' }, 'the registry itself'],
    [{ origins: ['https://shop.example'] }, 'only a browser key'],
    [{ role: 'browser' }, 'needs the origins'],
    [{ role: 'browser', origins: ['shop.example'] }, 'is no origin'],
    [{ role: 'browser', origins: ['*'] }, 'is no origin'],
    [{ role: 'browser', origins: ['null'] }, 'is no origin'],
    [{ role: 'browser', origins: ['https://*.example'] }, 'is no origin'],
    [{ role: 'browser', origins: ['file:///tmp'] }, 'is no origin'],
    [{ role: 'browser', origins: ['https://shop.example/'] }, 'write https://shop.example'],
    [{ role: 'browser', origins: ['https://Shop.example'] }, 'write https://shop.example'],
    [{ role: 'browser', origins: ['https://shop.example:443'] }, 'write https://shop.example'],
    [
      { role: 'browser', origins: Array.from({ length: 21 }, (_, i) => `https://s${i}.example`) },
      'at most 20',
    ],
    [{ scope: ['01'] }, 'only a staff key'],
    [{ role: 'staff' }, 'needs the codes'],
    [{ role: 'staff', scope: ['all', '01'] }, 'stands alone'],
    [{ role: 'staff', scope: [''] }, 'no province or commune'],
    // A commune of before July 2025 only, and a household without a known commune.
    [{ role: 'staff', scope: ['01', '00002'] }, 'no province or commune of today has the code 00002'],
    [{ role: 'staff', scope: [NO_COMMUNE] }, 'no province or commune'],
    [{ perMinute: '0' }, 'a whole number'],
    [{ perMinute: '1e3' }, 'a whole number'],
    [{ perMinute: '10000001' }, 'a whole number'],
    [{ expires: '2027-02-30' }, 'is no date'],
    [{ expires: 'tomorrow' }, 'is no date'],
    [{ expires: '2026-11-21' }, 'is over'],
  ])('refuses %o', (more, words) => {
    expect(() => wanted(more)).toThrow(BadWish)
    expect(() => wanted(more)).toThrow(words)
  })
})

describe('making, rotating, revoking', () => {
  test('a valid key keeps its name from others', async () => {
    const store = memory()
    const { key } = await createKey(store, wanted(), NOW, 'Lan')
    await expect(createKey(store, wanted({ name: ' CARRIER' }), NOW, 'Lan')).rejects.toThrow(KeyRefused)
    await revokeKey(store, key.id, NOW, 'Lan')
    expect(await createKey(store, wanted(), NOW, 'Lan')).toMatchObject({ key: { id: 2, name: 'carrier' } })
  })

  test('a rotated key goes on as it was, with another secret; the old one ends after the overlap', async () => {
    const store = memory()
    const first = await createKey(store, wanted({ perMinute: '5', expires: '2027-01-01' }), NOW, 'Lan')
    const { key, text, old } = await rotateKey(store, first.key.id, 2 * HOUR, NOW, 'Lan')
    expect(text).not.toBe(first.text)
    expect(key).toMatchObject({ id: 2, name: 'carrier', perMinute: 5, expiresAt: first.key.expiresAt })
    expect(old).toMatchObject({ replacedBy: 2, expiresAt: NOW + 2 * HOUR })
    expect([NOW, NOW + 2 * HOUR].map((now) => stateOf(old, now))).toEqual(['replaced', 'expired'])
    await expect(rotateKey(store, 1, 0, NOW, 'Lan')).rejects.toThrow('was replaced by key 2')
    await expect(rotateKey(store, 1, 0, NOW + 3 * HOUR, 'Lan')).rejects.toThrow('key 1 is expired')
    await revokeKey(store, 2, NOW, 'Lan')
    await expect(rotateKey(store, 2, 0, NOW, 'Lan')).rejects.toThrow('key 2 is revoked')
    await expect(revokeKey(store, 9, NOW, 'Lan')).rejects.toThrow('there is no key 9')
  })
})

describe('changing', () => {
  const change = (store: ReturnType<typeof memory>, id: number, more: Partial<KeyWish>, now = NOW) =>
    changeKey(store, id, { wish: more, gazetteer }, now, 'Hoa')
  const staff = { role: 'staff', name: 'Lan', scope: ['01', '79'] }

  test('a key keeps its secret and what was not said; the one whose place it took changes with it while that is valid', async () => {
    const store = memory()
    await createKey(store, wanted({ ...staff, perMinute: '5' }), NOW, 'Hoa')
    await rotateKey(store, 1, HOUR, NOW, 'Hoa')
    await createKey(store, wanted({ ...staff, name: 'Mai' }), NOW, 'Hoa')
    const before = await store.keys()
    expect((await change(store, 2, { scope: ['26743'] })).map(({ id }) => id)).toEqual([1, 2])
    const scope = ['26743']
    expect(await store.keys()).toEqual([{ ...before[0]!, scope }, { ...before[1]!, scope }, before[2]!])
    expect((await change(store, 2, { perMinute: '7' }, NOW + HOUR)).map(({ id }) => id)).toEqual([2])
    expect(await store.keys()).toMatchObject([
      { perMinute: 5 },
      { scope, perMinute: 7 },
      { perMinute: 60_000 },
    ])
    await change(store, 2, { scope: ['all'] })
    expect((await store.keys())[1]!.scope).toBeNull()
  })

  test('is refused where it cannot be meant, and changes nothing then', async () => {
    const store = memory()
    await createKey(store, wanted(staff), NOW, 'Hoa')
    await createKey(
      store,
      wanted({ role: 'browser', name: 'shop', origins: ['https://a.example'] }),
      NOW,
      'Hoa',
    )
    const before = await store.keys()
    for (const [id, more, words] of [
      [1, {}, 'say what is to change'],
      [1, { scope: ['99'] }, 'has the code 99'],
      [1, { origins: ['https://a.example'] }, 'only a browser key'],
      [2, { origins: [] }, 'needs the origins'],
      [2, { scope: ['01'] }, 'only a staff key'],
      [2, { perMinute: '' }, 'a whole number'],
      [3, { perMinute: '5' }, 'there is no key 3'],
    ] as const)
      await expect(change(store, id, more as Partial<KeyWish>)).rejects.toThrow(words)
    expect(await store.keys()).toEqual(before)
    await rotateKey(store, 1, HOUR, NOW, 'Hoa')
    await expect(change(store, 1, { perMinute: '5' })).rejects.toThrow('was replaced by key 3')
    await revokeKey(store, 2, NOW, 'Hoa')
    await expect(change(store, 2, { perMinute: '5' })).rejects.toThrow('key 2 is revoked')
  })
})

describe('the keys of a serving process', () => {
  afterEach(() => void vi.useRealTimers())

  test('know a key, follow changes within a second, and know no other text', async () => {
    vi.useFakeTimers({ now: NOW })
    const store = memory()
    const shop = { role: 'browser', name: 'shop', origins: ['https://shop.example'] }
    const { text } = await createKey(store, wanted(shop), NOW, 'Lan')
    const ring = await openKeyRing(store, never)
    expect(ring.callerOf(text)).toEqual({
      role: 'browser',
      name: 'shop',
      scope: [],
      key: { id: 1, line: 1, origins: ['https://shop.example'], perMinute: 6_000 },
    })
    for (const other of ['', text.slice(0, -1), newKey('browser'), text.replace('browser', 'staff')])
      expect([other, ring.callerOf(other)]).toEqual([other, null])

    const asked = store.asked
    await vi.advanceTimersByTimeAsync(10_000)
    expect(store.asked).toBe(asked)
    const later = await rotateKey(store, 1, HOUR, Date.now(), 'Lan')
    await vi.advanceTimersByTimeAsync(1_000)
    expect([ring.callerOf(text), ring.callerOf(later.text)]).toMatchObject([
      { key: { id: 1 } },
      { key: { id: 2 } },
    ])
    // What was rotated goes on as the same client.
    expect(ring.callerOf(later.text)!.key!.line).toBe(1)
    vi.setSystemTime(Date.now() + HOUR)
    expect([ring.callerOf(text), ring.callerOf(later.text)]).toMatchObject([null, { key: { id: 2 } }])
    await revokeKey(store, 2, Date.now(), 'Lan')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(ring.callerOf(later.text)).toBeNull()
    const namesake = await createKey(store, wanted(shop, Date.now()), Date.now(), 'Lan')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(ring.callerOf(namesake.text)).toMatchObject({ name: 'shop', key: { id: 3, line: 3 } })
    await ring.close()
    expect(store.closed).toBe(true)
  })

  test('note the use of a key once a day, and never of an unknown one', async () => {
    vi.useFakeTimers({ now: NOW })
    const store = memory()
    const { text } = await createKey(store, wanted(), NOW, 'Lan')
    const ring = await openKeyRing(store, never)
    for (let i = 0; i < 5; i++) {
      ring.callerOf(text)
      ring.callerOf(newKey('server'))
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(store.used).toEqual([[[1], '2026-11-22']])
    vi.setSystemTime(NOW + 24 * HOUR)
    await vi.advanceTimersByTimeAsync(1_000)
    ring.callerOf(text)
    await ring.close()
    expect(store.used).toEqual([
      [[1], '2026-11-22'],
      [[1], '2026-11-23'],
    ])
  })

  test('stay as they are while the database cannot be asked, which is told once', async () => {
    vi.useFakeTimers({ now: NOW })
    const store = memory()
    const { text } = await createKey(store, wanted(), NOW, 'Lan')
    const failures: unknown[] = []
    const ring = await openKeyRing(store, (error) => failures.push(error))
    const { keysVersion } = store
    store.keysVersion = async () => {
      throw new Error('disk I/O error')
    }
    await vi.advanceTimersByTimeAsync(5_000)
    expect(failures).toHaveLength(1)
    expect(ring.callerOf(text)).not.toBeNull()
    await revokeKey(store, 1, NOW, 'Lan')
    store.keysVersion = keysVersion
    await vi.advanceTimersByTimeAsync(1_000)
    expect(ring.callerOf(text)).toBeNull()
    await ring.close()
  })
})

test('roles: what each may ask', () => {
  const may = (role: Parameters<typeof mayUse>[0]['role']) =>
    (['open', 'search', 'resolve', 'read', 'bulk', 'registry', 'observe', 'write'] as const).filter(
      (access) => mayUse({ role }, access),
    )
  expect(may(PUBLIC.role)).toEqual(['open', 'search', 'resolve', 'read'])
  expect(may('browser')).toEqual(['open', 'search'])
  expect(may('courier')).toEqual(['open', 'search', 'resolve', 'observe'])
  expect(may('server')).toEqual(['open', 'search', 'resolve', 'read', 'bulk', 'registry'])
  expect(may('staff')).toEqual(['open', 'search', 'resolve', 'read', 'bulk', 'registry', 'observe', 'write'])
})

test('scopes hold provinces with all that lies in them, communes alone, and nobody else', () => {
  const home = ['79', '26743'] as const
  expect(inScope(null, ...home)).toBe(true)
  expect(inScope([], ...home)).toBe(false)
  expect(inScope(['79'], ...home)).toBe(true)
  expect(inScope(['26743'], ...home)).toBe(true)
  expect(inScope(['01', '26740'], ...home)).toBe(false)
  // Of some households only the province is known.
  expect(inScope(['79'], '79', NO_COMMUNE)).toBe(true)
  expect(inScope(['26743'], '79', NO_COMMUNE)).toBe(false)
  expect(inScope(PUBLIC.scope, '79', NO_COMMUNE)).toBe(false)
})
