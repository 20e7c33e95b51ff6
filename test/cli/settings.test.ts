import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSettings, SETTING_NAMES, SettingsError } from '../../src/cli/settings.ts'

test('every setting stands in docs/settings.md, and no other', () => {
  const page = readFileSync('docs/settings.md', 'utf8')
  const documented = [...page.matchAll(/^\| `(\w+)`/gm)].map((found) => found[1])
  expect(documented.toSorted()).toEqual(SETTING_NAMES.toSorted())
})

test('the source reads no variable of the environment that is no setting', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  const read = sources.flatMap((name) =>
    [...readFileSync(join('src', name), 'utf8').matchAll(/process\.env\.?\[?['"]?(\w+)/g)].map(
      (found) => found[1]!,
    ),
  )
  // npm's own word for what it started, and PostgreSQL's own for a password.
  const known = [...SETTING_NAMES, 'npm_lifecycle_event', 'PGPASSWORD']
  expect(read.filter((name) => !known.includes(name))).toEqual([])
})

test('empty counts as not set, nonsense is refused by name', () => {
  expect(readSettings({ PORT: '', VPOSTCODE_DB: '' })).toMatchObject({
    port: 8080,
    db: join('data', 'vpostcode.db'),
  })
  expect(readSettings({ PORT: '0' }).port).toBe(0)
  expect(readSettings({}).trustProxy).toBe(0)
  expect(readSettings({ VPOSTCODE_TRUST_PROXY: '2' }).trustProxy).toBe(2)
  const proxies = ['loopback', '203.0.113.7', '10.0.0.0/8', '2001:db8::/32']
  expect(readSettings({ VPOSTCODE_TRUST_PROXY: proxies.join(', ') }).trustProxy).toEqual(proxies)
  for (const wrong of [
    'true',
    '10',
    '-1',
    'proxy.example',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '10.0.0.0/8/8',
    '1,2',
    ',',
  ])
    expect(() => readSettings({ VPOSTCODE_TRUST_PROXY: wrong })).toThrow(/VPOSTCODE_TRUST_PROXY: "/)
  for (const port of ['80a', '-1', '70000', ' ']) {
    expect(() => readSettings({ PORT: port })).toThrow(SettingsError)
    expect(() => readSettings({ PORT: port })).toThrow(/PORT/)
  }
})

test('tiles are an address with the place in it that nothing else can be written through', () => {
  for (const right of ['https://tiles.example/{z}/{x}/{y}.png?key=a-1', 'http://localhost:8090/{z}/{y}/{x}'])
    expect(readSettings({ VPOSTCODE_TILES: right }).tiles?.url).toBe(right)
  for (const wrong of [
    'https://tiles.example/{z}/{x}.png',
    'http://tiles.example/{z}/{x}/{y}.png',
    'https://{z}.tiles.example/{x}/{y}',
    'https://user:secret@tiles.example/{z}/{x}/{y}',
    "https://tiles.example/{z}/{x}/{y}; script-src 'unsafe-inline'",
    'javascript:{z}{x}{y}',
    '/{z}/{x}/{y}',
  ])
    expect(() => readSettings({ VPOSTCODE_TILES: wrong })).toThrow(/VPOSTCODE_TILES: must be/)
})
