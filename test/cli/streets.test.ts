import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { startService } from '../../scripts/bench/service.ts'
import { writeCountry } from '../../scripts/osm/country.ts'
import { type OsmNode, type OsmWay, PbfFile } from '../../scripts/osm/writePbf.ts'
import { alone } from '../../src/cli/layerLock.ts'
import { load } from '../../src/gazetteer/load.ts'
import { COMMAND, folder, vpostcode } from './command.ts'

vi.setConfig({ testTimeout: 300_000 })

/** A data folder of its own: what was built, and the layers of this test. */
const data = join(folder, 'gazetteer')
mkdirSync(data)
for (const name of readdirSync('data/gazetteer'))
  if (name !== 'layers') symlinkSync(resolve('data/gazetteer', name), join(data, name))
const env = { VPOSTCODE_DATA: data }

const run = (...args: string[]) => vpostcode(args, { env })
const report = (...args: string[]) => {
  const { status, stdout, stderr } = run('import', 'streets', ...args)
  expect([status, status === 0 ? '' : stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}
const listed = () =>
  run('layers')
    .stdout.trim()
    .split('\n')
    .map((line) => JSON.parse(line))
const imported = () => listed().filter(({ shipped }) => !shipped)

/** A village of Tuyên Quang, which the shipped layer has nothing of: a street, its alley, houses, a hamlet. */
const commune = load().communes.find(({ name }) => name === 'Đồng Văn')!
function village(name: string, street: string, numbers: number[], timestamp?: number): string {
  const { lat, lon } = commune.inside
  const nodes: OsmNode[] = [0, 1, 2, 3].map((i) => ({ id: i + 1, lat: lat + i / 2000, lon }))
  nodes.push({ id: 5, lat: lat + 1 / 2000, lon: lon + 0.001 })
  for (const [at, number] of numbers.entries())
    nodes.push({
      id: 10 + at,
      lat: lat + at / 5000,
      lon: lon + 0.0001,
      tags: { 'addr:housenumber': `${number}`, 'addr:street': street },
    })
  nodes.push({ id: 100, lat, lon, tags: { place: 'hamlet', name: 'Thôn Má Lé' } })
  const ways: OsmWay[] = [
    { id: 1, refs: [1, 2, 3, 4], tags: { highway: 'residential', name: street, old_name: 'Phố Cũ Xưa' } },
    { id: 2, refs: [2, 5], tags: { highway: 'service', name: `Ngõ 12 ${street}` } },
  ]
  const file = new PbfFile(join(folder, name), timestamp === undefined ? {} : { timestamp })
  file.nodes(nodes)
  file.ways(ways)
  file.close()
  return name
}
const day = (iso: string) => Date.parse(iso) / 1000

test('an extract becomes a layer, the next one takes its place, rollback brings it back, remove takes it away', () => {
  const shippedOnly = listed()
  expect(shippedOnly).toMatchObject([{ shipped: true, licence: expect.stringMatching(/^ODbL/) }])

  const first = village('first.osm.pbf', 'Phố Hoa Tam Giác', [1, 3, 5], day('2026-10-31'))
  expect(report(first, '--dry-run')).toMatchObject({ changed: true, dryRun: true })
  expect(listed()).toEqual(shippedOnly)

  const one = report(first)
  expect(one).toMatchObject({
    layer: 'imported',
    before: null,
    changed: true,
    source: 'OpenStreetMap',
    date: '2026-10-31',
    licence: expect.stringMatching(/^ODbL 1\.0/),
    notice: '(c) OpenStreetMap contributors',
    streets: 1,
    alleys: 1,
    alleysTied: 1,
    houses: 3,
    hamlets: 1,
  })
  expect(imported()).toMatchObject([
    {
      name: 'imported',
      version: one.version,
      date: '2026-10-31',
      streets: 1,
      alleys: 1,
      houses: 3,
      others: [],
    },
  ])
  const { streetLayers, communes } = load(data)
  const here = communes.find(({ code }) => code === commune.code)!
  for (const name of ['Phố Hoa Tam Giác', 'Hoa Tam Giác', 'Phố Cũ Xưa'])
    expect(streetLayers.streetsNamed(name, here)).toMatchObject([{ layer: { head: { name: 'imported' } } }])
  const [street] = streetLayers.streetsNamed('Hoa Tam Giác', here)
  expect(streetLayers.alleysOf(street!)).toMatchObject([{ alley: { kind: 'ngo', numbers: ['12'] } }])
  expect(streetLayers.housesOf(street!).map(({ number }) => number)).toEqual(['1', '3', '5'])
  expect(streetLayers.hamletsOf(here)).toMatchObject([{ name: 'Thôn Má Lé' }])

  expect(report(first)).toMatchObject({ changed: false, before: one.version, version: one.version })

  const two = report(village('second.osm.pbf', 'Phố Hoa Tam Giác', [1, 3, 5, 7], day('2026-11-01')))
  expect(two).toMatchObject({ changed: true, before: one.version, houses: 4 })
  expect(imported()).toMatchObject([{ version: two.version, others: [{ version: one.version }] }])

  expect(run('layers', 'rollback', 'imported').status).toBe(0)
  expect(imported()).toMatchObject([{ version: one.version, others: [{ version: two.version }] }])
  expect(run('layers', 'rollback', 'imported', '--to', two.version).status).toBe(0)
  expect(imported()).toMatchObject([{ version: two.version }])

  expect(run('layers', 'remove', 'imported').status).toBe(0)
  expect(listed()).toEqual(shippedOnly)
  expect(readdirSync(join(data, 'layers')).filter((name) => name.endsWith('.layer'))).toEqual([])
})

test('two layers stand beside each other; one as GeoJSON says its source, date and licence itself', () => {
  report(village('north.osm.pbf', 'Phố Hoa Tam Giác', [1]), '--date', '2026-10', '--layer', 'north')
  const { lat, lon } = load().communes.find(({ name }) => name === 'Đất Mũi')!.inside
  const line = [
    [lon, lat],
    [lon + 0.001, lat],
  ]
  const feature = {
    type: 'Feature',
    properties: { name: 'Đường Đước Xanh', highway: 'residential' },
    geometry: { type: 'LineString', coordinates: line },
  }
  writeFileSync(
    join(folder, 'south.geojson'),
    JSON.stringify({
      type: 'FeatureCollection',
      // The second one says not what it is.
      features: [feature, { ...feature, properties: { name: 'Đường Không Rõ' } }],
    }),
  )
  const silent = run('import', 'streets', 'south.geojson', '--layer', 'south', '--date', '2026')
  expect([silent.status, silent.stderr]).toEqual([
    2,
    'error: the file does not say everything of its data: give --source, --licence\n',
  ])
  const said = ['--source', 'Sở Xây dựng', '--licence', 'CC BY 4.0', '--date', '2026']
  expect(report('south.geojson', '--layer', 'south', ...said)).toMatchObject({
    streets: 1,
    read: { ways: 1, passed: 1 },
  })
  expect(imported()).toMatchObject([
    { name: 'south', source: 'Sở Xây dựng', date: '2026', licence: 'CC BY 4.0', notice: 'Sở Xây dựng' },
    { name: 'north', date: '2026-10' },
  ])
  for (const name of ['south', 'north']) expect(run('layers', 'remove', name).status).toBe(0)
})

test('a service at work finds the house as soon as its layer is imported, and no longer when that is rolled back', async () => {
  const db = join(folder, 'serve.db')
  const { url, child } = await startService(COMMAND, db, {
    cwd: folder,
    env: { PATH: process.env['PATH'], VPOSTCODE_LOG: 'error', VPOSTCODE_PROCESSES: '1', ...env },
  })
  const found = async () => {
    const q = '3 Phố Hoa Tam Giác, Xã Đồng Văn, Tuyên Quang'
    const answer = await fetch(`${url}/v1/search?${new URLSearchParams({ q, limit: '1' })}`)
    const { geocoding, features } = (await answer.json()) as {
      geocoding: { attribution: string }
      features: { properties: { precision: string; vpostcode: string | null } }[]
    }
    const { precision, vpostcode } = features[0]!.properties
    return {
      precision,
      hasCode: vpostcode !== null,
      hasNotice: geocoding.attribution.includes('Sở Xây dựng'),
    }
  }
  try {
    expect(await found()).toEqual({ precision: 'commune', hasCode: false, hasNotice: false })
    const file = village('served.osm.pbf', 'Phố Hoa Tam Giác', [1, 3, 5], day('2026-10-31'))
    report(file, '--notice', '(c) Sở Xây dựng')
    await expect
      .poll(found, { timeout: 30_000 })
      .toEqual({ precision: 'building', hasCode: true, hasNotice: true })
    expect(run('layers', 'rollback', 'imported').status).toBe(0)
    await expect.poll(found, { timeout: 30_000 }).toMatchObject({ precision: 'commune', hasNotice: false })
  } finally {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'close')
    run('layers', 'remove', 'imported')
  }
})

test('what cannot be meant or read is refused, and changes nothing', () => {
  const good = village('good.osm.pbf', 'Phố Hoa Tam Giác', [1], day('2026-11-02'))
  const { version } = report(good)
  writeFileSync(join(folder, 'cut.osm.pbf'), readFileSync(join(folder, good)).subarray(0, -20))
  writeFileSync(join(folder, 'no.osm.pbf'), 'Lê Lợi')
  const empty = new PbfFile(join(folder, 'empty.osm.pbf'), { timestamp: 1 })
  empty.nodes([{ id: 1, lat: 48.2, lon: 16.4, tags: { 'addr:housenumber': '1' } }])
  empty.close()
  const refusals: [number, RegExp, ...string[]][] = [
    [3, /ends in the middle of a block/, 'cut.osm.pbf', '--date', '2026'],
    [3, /no OpenStreetMap PBF and no GeoJSON/, 'no.osm.pbf'],
    [3, /There is no file/, 'nothing.osm.pbf'],
    [3, /no named street and no house number in the country/, 'empty.osm.pbf'],
    [2, /a layer's name/, good, '--layer', '../x'],
    [2, /--date is like/, good, '--date', 'yesterday'],
    [2, /--date is like/, good, '--date', '2026-13'],
    [2, /--source is empty/, good, '--source', ''],
    [2, /source of a layer/, good, '--source', 'x'.repeat(501)],
  ]
  for (const [status, reason, ...args] of refusals) {
    const refused = run('import', 'streets', ...args)
    expect([refused.status, refused.stdout]).toEqual([status, ''])
    expect(refused.stderr).toMatch(reason)
  }
  for (const args of [
    ['rollback', 'other'],
    ['remove', 'other'],
    ['rollback', 'imported', '--to', '0123'],
  ])
    expect(run('layers', ...args)).toMatchObject({ status: 3, stderr: expect.stringMatching(/^error: /) })
  expect(imported()).toMatchObject([{ version }])
})

test('a layer that is damaged stops the start with the way out; without it all is as before', () => {
  const { version } = report(
    village('soon-bad.osm.pbf', 'Phố Hoa Tam Giác', [1], day('2026-11-02')),
    '--layer',
    'bad-one',
  )
  report(village('other.osm.pbf', 'Phố Hoa Tam Giác', [2], day('2026-11-02')), '--layer', 'other-one')
  const path = join(data, 'layers', `bad-one-${version}.layer`)
  const bytes = readFileSync(path)
  bytes[500]! ^= 1
  writeFileSync(path, bytes)
  for (const args of [['layers'], ['convert', '12 Lê Lợi, Quận 1']])
    expect(run(...args)).toMatchObject({
      status: 3,
      stderr: `error: ${path}: damaged: its bytes do not fit its checksum; \`npx vpostcode layers rollback bad-one\` goes back to the version before, \`layers remove bad-one\` takes all out of use\n`,
    })
  expect(run('layers', 'remove', 'other-one')).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/^done, but .*bad-one/),
  })
  const again = () => report('soon-bad.osm.pbf', '--layer', 'bad-one')
  expect(again()).toMatchObject({ changed: true, before: version, version })
  expect(imported().map(({ name }) => name)).toEqual(['bad-one', 'imported'])
  rmSync(path)
  expect(run('layers').stderr).toBe(
    `error: ${path}: cannot be read (ENOENT); \`npx vpostcode layers rollback bad-one\` goes back to the version before, \`layers remove bad-one\` takes all out of use\n`,
  )
  expect(again()).toMatchObject({ changed: true, version })
  expect(again()).toMatchObject({ changed: false, version })
  expect(run('layers', 'remove', 'bad-one').status).toBe(0)
  expect(imported()).toHaveLength(1)
})

test('a layer that takes the place of the shipped one is told so, and its joining is shown', () => {
  const { name } = listed().find(({ shipped }) => shipped)
  const file = village('named.osm.pbf', 'Phố Hoa Tam Giác', [1], day('2026-11-02'))
  const { status, stdout, stderr } = run('import', 'streets', file, '--layer', name)
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ layer: name, replacesShipped: true })
  expect(stderr).toMatch(/shipped .*takes its place.*layers remove/)
  expect(listed().some(({ shipped }) => shipped)).toBe(false)
  expect(run('layers', 'remove', name).status).toBe(0)
  expect(listed().some(({ shipped }) => shipped)).toBe(true)
  expect(report(file, '--layer', 'aside', '--dry-run')).toMatchObject({ replacesShipped: false })
})

test('while one command changes the layers another is refused at once', async () => {
  const before = listed()
  const file = village('later.osm.pbf', 'Phố Hoa Tam Giác', [9], day('2026-11-03'))
  const refused = await alone(data, () => [
    run('import', 'streets', file),
    run('layers', 'rollback', 'imported'),
    run('layers', 'remove', 'imported'),
  ])
  for (const { status, stderr } of refused)
    expect([status, stderr]).toEqual([
      3,
      'error: another command is changing the street layers: wait until it is done\n',
    ])
  expect(listed()).toEqual(before)
})

test('killed at any moment an import leaves the layer as it was, and the next one works', async () => {
  const { version } = report(village('calm.osm.pbf', 'Phố Hoa Tam Giác', [2], day('2026-11-04')))
  const large = new PbfFile(join(folder, 'large.osm.pbf'), { timestamp: day('2026-11-05') })
  const { communes } = load()
  writeCountry(large, {
    nodes: 150_000,
    seed: 7,
    centres: communes.map(({ inside }) => inside),
    streetNames: ['Lê Lợi', 'Phố Huế', 'Trần Phú', 'Đường số 3'],
  })
  large.close()
  const started = performance.now()
  const whole = report('large.osm.pbf', '--dry-run').version
  const takes = performance.now() - started
  let killed = 0
  for (let at = 0; at < 8; at++) {
    const child = spawn(process.execPath, [COMMAND, 'import', 'streets', 'large.osm.pbf'], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: 'ignore',
    })
    const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
    await Promise.race([setTimeout((takes * (at + 1)) / 9), ended])
    child.kill('SIGKILL')
    if ((await ended) !== null) break
    // killed behind the moment at which it was done, the whole new layer is there
    if (imported()[0].version === whole) break
    expect(imported()).toMatchObject([{ version }])
    killed++
  }
  expect(killed).toBeGreaterThanOrEqual(3)
  report('large.osm.pbf')
  expect(imported()).toMatchObject([{ version: whole }])
  expect(readdirSync(join(data, 'layers')).filter((name) => name.endsWith('.tmp'))).toEqual([])
})
