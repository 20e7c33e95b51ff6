import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { geocodeFile } from '../../src/bulk/geocode.ts'
import { load } from '../../src/gazetteer/load.ts'
import { metresBetween, scaleAt } from '../../src/geo/flatEarth.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { dropRehearsal, openRehearsal } from '../../src/store/sqlite/rehearsal.ts'
import { assign, defaults, resultOf, traces } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-neighbours-'))
afterAll(() => rmSync(folder, { recursive: true }))

const { inside } = load().commune('26743')!
const scale = scaleAt(inside.lat)
/** House n of a street that no map has: 4 m apart, odd and even 14 m across. */
const truth = (n: number) => ({
  lat: inside.lat + (n % 2 ? 7 : -7) / scale.y / 1e6,
  lon: inside.lon + (4 * n) / scale.x / 1e6,
})
function fileOf(name: string, numbers: readonly number[], withPoint: boolean): string {
  const path = join(folder, `${name}.csv`)
  const rows = numbers.map((n) => {
    const { lat, lon } = truth(n)
    const point = withPoint ? `${lat.toFixed(6)},${lon.toFixed(6)}` : ','
    return `"${n} Đường Không Bản Đồ, Phường Bến Thành, Thành phố Hồ Chí Minh",${point}`
  })
  writeFileSync(path, ['address,lat,lon', ...rows].join('\n'))
  return path
}
const upTo = (count: number, first: number) => Array.from({ length: count }, (_, i) => first + 2 * i)

test('a file is put among the homes that were registered before it, and not among its own', async () => {
  const store = openWriter(join(folder, 'a.db'))
  // Nobody of the street is known yet: its own rows do not tell.
  const both = fileOf('both', [1, 3, 5], true)
  writeFileSync(both, `\n"4 Đường Không Bản Đồ, Phường Bến Thành, Thành phố Hồ Chí Minh",,`, { flag: 'a' })
  await assign(store, both)
  expect(resultOf(`${both}.result.csv`).at(-1)).toMatchObject({ status: 'visit', precision: 'commune' })
  await assign(store, fileOf('odd', upTo(40, 1), true))
  await setTimeout(2)
  const even = fileOf('even', upTo(39, 2), false)
  await assign(store, even)
  for (const [i, row] of resultOf(`${even}.result.csv`).entries()) {
    const number = 2 + 2 * i
    expect(row).toMatchObject({ precision: 'interpolated', vpostcode: '' })
    const at = { lat: Number(row['latitude']), lon: Number(row['longitude']) }
    expect(metresBetween(truth(number), at)).toBeLessThan(15.5)
  }
  await store.close()
})

test('geocode puts a row among the registered homes as assign does', async () => {
  const db = join(folder, 'g.db')
  const store = openWriter(db)
  await assign(store, fileOf('odd2', upTo(40, 1), true))
  await setTimeout(2)
  const even = fileOf('even2', upTo(39, 2), false)
  await geocodeFile({
    ...defaults(even),
    jobs: store,
    rehearse: (output) => openRehearsal(`${output}.rehearsal`, db),
    dropRehearsal: (output) => dropRehearsal(`${output}.rehearsal`),
  })
  const tried = resultOf(`${even}.result.csv`)
  await assign(store, even)
  const kept = resultOf(`${even}.result.csv`)
  expect(tried.map((row) => ({ ...row, household_id: '' }))).toEqual(
    kept.map((row) => ({ ...row, household_id: '' })),
  )
  expect(tried[0]).toMatchObject({ precision: 'interpolated' })
  await store.close()
})

test('stopped and started again it answers as undisturbed, though its first rows are registered by then', async () => {
  const many = Array.from({ length: 1500 }, (_, i) => `x${i}`)
  const input = join(folder, 'many.csv')
  const text = (n: number) => `"${n} Đường Không Bản Đồ, Phường Bến Thành, Thành phố Hồ Chí Minh"`
  const rows = many.flatMap((_, i) => {
    const n = 1 + (i % 80)
    const { lat, lon } = truth(n)
    // Half of the rows have a point, some of which correct nothing and some of which give a first one.
    return i % 2 ? `${text(n)},${lat.toFixed(6)},${lon.toFixed(6)}` : `${text(n + 1)},,`
  })
  writeFileSync(input, ['address,lat,lon', ...rows].join('\n'))
  const run = async (name: string, stops: boolean) => {
    const store = openWriter(join(folder, `${name}.db`))
    await assign(store, fileOf(`${name}-before`, upTo(20, 1), true))
    await setTimeout(2)
    const output = join(folder, `${name}.out.csv`)
    for (let ending = ''; ending !== 'done'; )
      ({ ending } = await assign(store, input, { output, stop: () => stops }))
    const found = await traces(store, output)
    await store.close()
    return found
  }
  const undisturbed = await run('whole', false)
  expect(await run('stopped', true)).toEqual(undisturbed)
  expect(undisturbed.result).toContain('interpolated')
})
