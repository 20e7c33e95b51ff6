import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { cellsOf } from '../../src/bulk/cells.ts'
import { openSource } from '../../src/bulk/open.ts'
import { STRIDE } from '../../src/bulk/records.ts'
import { resultOf } from '../bulk/run.ts'
import { COMMAND, folder, vpostcode } from './command.ts'
import { manyHouseholds, sizeOf, traceOf } from './many.ts'

const at = (name: string) => join(folder, name)
const jobOf = (db: string, id = 1) =>
  JSON.parse(vpostcode(['jobs', 'show', String(id), '--db', db, '--json']).stdout)

function start(args: string[]): { child: ChildProcess; said: () => string; code: Promise<unknown> } {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], VPOSTCODE_LOG: 'silent' },
  })
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  return { child, said: () => said, code: once(child, 'close').then(([code]) => code) }
}

async function until(condition: () => boolean, child: ChildProcess): Promise<void> {
  while (!condition()) {
    if (child.exitCode !== null) throw new Error('the process ended before')
    await setTimeout(5)
  }
}

test('another process pauses a running job, shows how far it is, resumes it; the end is that of an undisturbed run', {
  timeout: 180_000,
}, async () => {
  writeFileSync(at('pause.csv'), manyHouseholds(40_000))
  const args = ['assign', 'pause.csv', '--threads', '0', '--db']
  const running = start([...args, 'paused.db'])
  await until(() => sizeOf('pause.csv.result.csv.part') > 1_000_000, running.child)
  const now = jobOf('paused.db')
  expect(now).toMatchObject({ kind: 'assign', state: 'running', list: 'pause.csv', error: null })
  expect([now.rows % 1000, now.percent > 0, now.rowsPerSecond > 0, now.secondsLeft > 0]).toEqual([
    0,
    true,
    true,
    true,
  ])
  expect(Object.values<number>(now.counts).reduce((sum, count) => sum + count)).toBe(now.rows)

  const paused = vpostcode(['jobs', 'pause', '1', '--db', 'paused.db'])
  expect(paused.stdout).toMatch(/^job 1: assign .*, paused, \d+000 rows/)
  expect(await running.code).toBe(3)
  expect(running.said()).toMatch(/vpostcode jobs resume 1/)
  expect(existsSync(at('pause.csv.result.csv'))).toBe(false)

  const resumed = vpostcode(['jobs', 'resume', '1', '--db', 'paused.db'])
  expect(resumed.stderr).toMatch(/going on after row \d+000[\s\S]*^40000 rows in/m)
  expect(jobOf('paused.db')).toMatchObject({ state: 'done', rows: 40_000, percent: 100 })
  const resumedTrace = await traceOf('paused.db', 'pause.csv.result.csv')
  expect(vpostcode([...args, 'calm.db']).status).toBeLessThan(2)
  expect(resumedTrace).toEqual(await traceOf('calm.db', 'pause.csv.result.csv'))
  expect(vpostcode(['jobs', 'pause', '1', '--db', 'paused.db'])).toMatchObject({ status: 3 })
})

test('a running job is cancelled: its unfinished result goes, what it registered stays', {
  timeout: 120_000,
}, async () => {
  writeFileSync(at('cancel.csv'), manyHouseholds(16_000))
  const running = start(['assign', 'cancel.csv', '--threads', '0', '--db', 'cancel.db'])
  await until(() => sizeOf('cancel.csv.result.csv.part') > 500_000, running.child)
  expect(vpostcode(['jobs', 'cancel', '1', '--db', 'cancel.db']).stdout).toMatch(/cancelled/)
  expect(await running.code).toBe(3)
  expect(existsSync(at('cancel.csv.result.csv.part'))).toBe(false)
  expect(vpostcode(['status', '--db', 'cancel.db']).stdout).toMatch(/ [1-9]\d* households/)
  expect(vpostcode(['jobs', 'resume', '1', '--db', 'cancel.db']).stderr).toMatch(/job 1 is cancelled/)
})

test('a job that was killed is listed as interrupted, cannot go on with another file, and can be cancelled', {
  timeout: 120_000,
}, async () => {
  writeFileSync(at('killed.csv'), manyHouseholds(16_000))
  const running = start(['assign', 'killed.csv', '--threads', '0', '--db', 'killed-once.db'])
  await until(() => sizeOf('killed.csv.result.csv.part') > 500_000, running.child)
  running.child.kill('SIGKILL')
  await running.code
  writeFileSync(at('killed.csv'), manyHouseholds(2_000))
  expect(vpostcode(['assign', 'killed.csv', '--db', 'killed-once.db']).status).toBeLessThan(2)
  expect(vpostcode(['jobs', '--db', 'killed-once.db']).stdout).toMatch(
    /job 2: .*, done, .*\njob 1: .*, interrupted, /,
  )
  expect(vpostcode(['jobs', 'resume', '1', '--db', 'killed-once.db'])).toMatchObject({
    status: 3,
    stderr: expect.stringMatching(/Job 1 cannot go on: the file/),
  })
  expect(jobOf('killed-once.db')).toMatchObject({ state: 'failed', error: expect.stringMatching(/the file/) })
})

const GOOD = 'Địa chỉ,lat,lng\n"12 Lê Lợi, Phường Bến Thành, TPHCM",10.7721,106.6983\n'

test('the same file again changes nothing and says so', { timeout: 120_000 }, () => {
  writeFileSync(at('same.csv'), GOOD)
  const args = ['assign', 'same.csv', '--db', 'same.db']
  expect(vpostcode(args).stderr).not.toMatch(/nothing has changed/)
  expect(vpostcode(args).stderr).toMatch(/unchanged +1\nnothing has changed/)
})

test('geocode answers what assign would: without ids before, nothing registered, with the ids that there are after', {
  timeout: 120_000,
}, () => {
  writeFileSync(at('geo.csv'), `${GOOD}"12 Lê Lợi, Phường Bến Thành, TPHCM",10.7721,106.6983\nzzz qqq,,\n`)
  expect(vpostcode(['geocode', 'geo.csv', '--db', 'geo.db', '-o', 'before.csv']).status).toBe(1)
  expect(vpostcode(['status', '--db', 'geo.db']).stdout).toMatch(/ 0 households\n/)
  expect(vpostcode(['assign', 'geo.csv', '--db', 'geo.db']).status).toBe(1)
  expect(vpostcode(['geocode', 'geo.csv', '--db', 'geo.db', '-o', 'after.csv']).status).toBe(1)
  const assigned = resultOf(at('geo.csv.result.csv'))
  const without = assigned.map((row) => ({ ...row, household_id: '' }))
  expect(resultOf(at('before.csv'))).toEqual(without)
  expect(resultOf(at('after.csv')).map((row) => [row['status'], row['household_id']])).toEqual([
    ['unchanged', assigned[0]!['household_id']],
    ['duplicate', assigned[0]!['household_id']],
    ['rejected', ''],
  ])
  expect(existsSync(at('before.csv.part.db'))).toBe(false)
})

test('reverse answers the nearest household, else street and commune; a row without a point is rejected', {
  timeout: 120_000,
}, () => {
  writeFileSync(at('here.csv'), GOOD)
  expect(vpostcode(['assign', 'here.csv', '--db', 'here.db']).status).toBe(0)
  writeFileSync(at('points.csv'), 'lat,lon\n10.7723,106.6984\n21.0287,105.8523\n,\n0.5,100\n')
  expect(vpostcode(['reverse', 'points.csv', '--db', 'here.db']).status).toBe(1)
  const rows = resultOf(at('points.csv.result.csv'))
  expect(rows.map((row) => [row['status'], row['vpostcode'], row['precision'], row['commune_name']])).toEqual(
    [
      ['unchanged', '71009QMCXR8V', 'household', 'Phường Bến Thành'],
      ['visit', expect.stringMatching(/^1\d{4}\w{7}$/), 'street', 'Phường Hoàn Kiếm'],
      ['rejected', '', 'none', ''],
      ['rejected', '', 'none', ''],
    ],
  )
  expect(Number(rows[0]!['distance'])).toBeCloseTo(24.8, 0)
  expect(rows[0]!['household_id']).toMatch(/^\d{12}$/)
  expect(rows[1]!['street']).toBe('Lê Thái Tổ')
})

test('export writes what a filter asks for, in four formats, for the owner only; formulas are made harmless in CSV', {
  timeout: 120_000,
}, async () => {
  writeFileSync(
    at('towns.csv'),
    `${GOOD}"14 Lê Lợi, Phường Bến Thành, TPHCM",,\n"-1 Đội Cấn, Phường Ba Đình, Hà Nội",21.0355,105.8142\n`,
  )
  vpostcode(['assign', 'towns.csv', '--db', 'towns.db', '--list', 'a'])
  writeFileSync(at('more.csv'), 'Địa chỉ\n"16 Lê Lợi, Phường Bến Thành, TPHCM"\n')
  vpostcode(['assign', 'more.csv', '--db', 'towns.db', '--list', 'b'])
  const write = (out: string, ...more: string[]) =>
    vpostcode(['export', '-o', out, '--db', 'towns.db', ...more])
  expect(write('all.csv')).toMatchObject({ status: 0, stderr: expect.stringMatching(/4 households in/) })
  expect(statSync(at('all.csv')).mode & 0o777).toBe(0o600)
  expect(statSync(at('towns.db')).mode & 0o777).toBe(0o600)
  const all = resultOf(at('all.csv'))
  expect(all.map((row) => row['vpostcode'])).toEqual(['71009QMCXR8V', '', expect.any(String), ''])
  expect(all[2]!['address']).toMatch(/^'-1 Đội Cấn/)

  expect(write('one.csv', '--province', '01').status).toBe(0)
  expect(resultOf(at('one.csv')).map((row) => row['province_name'])).toEqual(['Thành phố Hà Nội'])
  expect(write('list.ndjson', '--list', 'b').status).toBe(0)
  const lines = readFileSync(at('list.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toMatchObject([
    { house_number: '16', street: 'Lê Lợi', commune_code: '26743', latitude: null },
  ])
  expect(write('map.geojson', '--commune', '26743').status).toBe(0)
  const { features } = JSON.parse(readFileSync(at('map.geojson'), 'utf8'))
  expect(features.map(({ geometry }: { geometry: unknown }) => geometry)).toEqual([
    { type: 'Point', coordinates: [106.6983, 10.7721] },
    null,
    null,
  ])
  // A name that asks for a workbook gets one; its own one is replaced, another one is not.
  for (let time = 0; time < 2; time++) expect(write('all.xlsx')).toMatchObject({ status: 0 })
  expect(readdirSync(folder).filter((name) => name.startsWith('all.xlsx'))).toEqual(['all.xlsx'])
  const sheet = await openSource(at('all.xlsx'), null)
  const cells: string[][] = []
  for await (const { bytes, table } of sheet.batches(0, 1000))
    for (let i = 0; i < table.length; i += STRIDE)
      cells.push(cellsOf(bytes.toString('utf8', table[i]!, table[i + 1]!), sheet.delimiter))
  sheet.close()
  const [names, ...rows] = cells
  expect(names).toEqual(Object.keys(all[0]!))
  expect(rows.map((row) => row[0])).toEqual(all.map(({ id }) => id))
  expect(rows[0]!.slice(4, 7)).toEqual(['71009', all[0]!['latitude'], all[0]!['longitude']])
  expect(rows[2]![names!.indexOf('address')]).toMatch(/^-1 Đội Cấn/)
  writeFileSync(at('letter.xlsx'), 'Dear sirs')
  expect(write('letter.xlsx').status).toBe(3)
  expect(write('none.csv', '--status', 'verified').stderr).toMatch(/ 0 households/)
  writeFileSync(at('letter.csv'), 'Dear sirs')
  expect(write('letter.csv')).toMatchObject({ status: 3, stderr: expect.stringMatching(/is there already/) })
  expect(write('x.csv', '--province', '1').status).toBe(2)
})

test('results are removed 14 days after their job; those changed since stay', { timeout: 120_000 }, () => {
  for (const name of ['old', 'edited', 'new']) {
    writeFileSync(at(`${name}.csv`), GOOD)
    vpostcode(['convert', `${name}.csv`, '--db', 'clean.db'])
  }
  const db = new Database(at('clean.db'))
  const before = Date.now() - 15 * 86_400_000
  db.prepare('UPDATE jobs SET finished_at = ? WHERE id < 3').run(before)
  db.close()
  utimesSync(at('old.csv.result.csv'), before / 1000, (before - 1) / 1000)
  const kept = vpostcode(['jobs', 'clean', '--db', 'clean.db'], { env: { VPOSTCODE_KEEP_DAYS: '0' } })
  expect(kept.stderr).toMatch(/^0 results removed/)
  const { stdout } = vpostcode(['jobs', 'clean', '--db', 'clean.db'])
  expect(stdout).toBe(`${at('old.csv.result.csv')}\n`)
  expect(['old', 'edited', 'new'].map((name) => existsSync(at(`${name}.csv.result.csv`)))).toEqual([
    false,
    true,
    true,
  ])
  expect(vpostcode(['jobs', 'clean', '--db', 'clean.db']).stdout).toBe('')
})

test('assign against a database that is being served: the server does the work, also the next one after a kill -9', {
  timeout: 240_000,
}, async () => {
  writeFileSync(at('served.csv'), manyHouseholds(16_000))
  const serve = async () => {
    const server = start(['serve', '--port', '0', '--db', 'served.db'])
    await until(() => /listening/.test(server.said()), server.child)
    // The lease is taken beside.
    await setTimeout(1_000)
    return server
  }
  let server = await serve()
  const client = start(['assign', 'served.csv', '--db', 'served.db'])
  await until(() => sizeOf('served.csv.result.csv.part') > 1_000_000, client.child)
  expect(client.said()).toMatch(/job 1: the server of served.db does it/)
  server.child.kill('SIGKILL')
  expect(await client.code).toBe(3)
  expect(client.said()).toMatch(/interrupted/)
  server = await serve()
  const again = start(['assign', 'served.csv', '--db', 'served.db'])
  expect([await again.code, again.said()]).toEqual([1, expect.stringMatching(/done, 16000 rows/)])
  expect(jobOf('served.db')).toMatchObject({ state: 'done', rows: 16_000 })

  writeFileSync(at('no-columns.csv'), 'a,b\n1,2\n')
  expect(vpostcode(['assign', 'no-columns.csv', '--db', 'served.db']).status).toBe(2)
  server.child.kill('SIGTERM')
  await server.code
  const served = await traceOf('served.db', 'served.csv.result.csv')
  expect(vpostcode(['assign', 'served.csv', '--db', 'unserved.db']).status).toBe(1)
  expect(served).toEqual(await traceOf('unserved.db', 'served.csv.result.csv'))
})

test('a load is taken back by command while the database is served: the server does it', {
  timeout: 120_000,
}, async () => {
  const db = ['--db', 'undo-served.db']
  writeFileSync(at('undo-served.csv'), manyHouseholds(1_000))
  vpostcode(['assign', 'undo-served.csv', ...db])
  const server = start(['serve', '--port', '0', ...db])
  await until(() => /listening/.test(server.said()), server.child)
  await setTimeout(1_000)
  expect(vpostcode(['jobs', 'undo', '77', ...db])).toMatchObject({
    status: 3,
    stderr: expect.stringContaining('There is no job 77'),
  })
  const undone = vpostcode(['jobs', 'undo', '1', ...db])
  expect([undone.status, undone.stderr]).toEqual([0, expect.stringContaining('takes job 1 back')])
  const { takenBack, left, ending } = JSON.parse(undone.stdout)
  expect([ending, takenBack > 900, left]).toEqual(['done', true, 0])
  expect(jobOf('undo-served.db', 2)).toMatchObject({ kind: 'undo', state: 'done' })
  const refused = vpostcode(['reassign', ...db])
  expect([refused.status, refused.stderr]).toEqual([3, expect.stringContaining('stop it first')])
  server.child.kill('SIGTERM')
  await server.code
})

test('a person changes households and decides while a server writes, also in the middle of a load', {
  timeout: 240_000,
}, async () => {
  const db = ['--db', 'beside.db']
  const server = start(['serve', '--port', '0', ...db])
  await until(() => /listening/.test(server.said()), server.child)
  await setTimeout(1_000)
  const clerk = (...args: string[]) => {
    const { status, stdout, stderr } = vpostcode([...args, ...db])
    expect([args[1], stderr, status]).toEqual([args[1], '', 0])
    return JSON.parse(stdout)
  }
  const register = (number: number) => {
    const street = `Số ${number} đường Người Trực, Phường Xuân La, Quận Tây Hồ, Hà Nội`
    return clerk('households', 'register', '--address', street)[0].id
  }
  const id = register(99_991)
  writeFileSync(at('beside.csv'), manyHouseholds(16_000))
  const loading = start(['assign', 'beside.csv', ...db])
  await until(() => sizeOf('beside.csv.result.csv.part') > 0, loading.child)
  const [{ communeCode }] = clerk('review', 'decide', id, '--commune', '00091')
  expect(communeCode).toBe('00091')
  expect(existsSync(at('beside.csv.result.csv.part'))).toBe(true)
  expect([await loading.code, loading.said()]).toEqual([1, expect.stringMatching(/done, 16000 rows/)])
  clerk('households', 'undo', id, '--reason', 'slip')
  server.child.kill('SIGTERM')
  await server.code
})
