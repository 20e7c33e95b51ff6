import { spawn } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { load } from '../../src/gazetteer/load.ts'
import { keyOf } from '../../src/registry/key.ts'
import type { StoredHousehold } from '../../src/registry/store.ts'
import { lineOf } from '../../src/registry/streetLine.ts'
import { openReader, openWriter } from '../../src/store/sqlite/open.ts'
import { encodeVpostcode } from '../../src/vpostcode/vpostcode.ts'
import { household } from '../store/contract.ts'
import { COMMAND, folder, vpostcode } from './command.ts'

const HOUSEHOLDS = 12_000
const KILLS = 3
const gazetteer = load()
/** Split communes and whole ones of one province of June 2025. */
const formers = gazetteer.formerCommunes
  .filter(({ province, successors }) => province.code === '79' && successors.length > 0)
  .slice(0, 60)

const path = (name: string) => join(folder, name)
const sizeOf = (name: string) => statSync(path(name), { throwIfNoEntry: false })?.size ?? 0

async function makeWorld() {
  const decree = formers.flatMap(({ code, successors }) =>
    successors.map(({ current }) =>
      [successors.length === 1 ? 'whole' : 'part', code, current.code, '', '2025-07-01'].join(','),
    ),
  )
  writeFileSync(path('decree.csv'), `kind,from_code,to_code,postcode,effective\n${decree.join('\n')}\n`)
  const homes = Array.from({ length: HOUSEHOLDS }, (_, i): StoredHousehold => {
    const former = formers[i % formers.length]!
    const { inside } = former.successors[i % former.successors.length]!.current
    // A house number stands twice here and there, so that addresses come together.
    const parts = { houseNumber: String(1 + Math.floor(i / 7)), street: 'Lê Lợi' }
    const postcode = String(90_000 + (i % formers.length))
    const base = household(i + 1, {
      communeCode: former.code,
      provinceCode: former.province.code,
      formerCommuneCode: '00001',
      postcode,
      parts,
      point:
        i % 5 === 0 ? null : { ...inside, lat: inside.lat + (i % 3) * 1e-5, source: 'given', accuracy: 5 },
    })
    const { point } = base
    return { ...base, key: keyOf(base), vpostcode: point && encodeVpostcode(postcode, point.lat, point.lon) }
  })
  const store = openWriter(path('base.db'))
  for (let from = 0; from < HOUSEHOLDS; from += 2000) {
    const changes = homes
      .slice(from, from + 2000)
      .map((home) => ({ kind: 'insert' as const, household: home }))
    await store.transaction((tx) =>
      tx.write({ changes, lineOf, list: '', listRows: [], at: 1000, actor: 'test', job: null }),
    )
  }
  await store.close()
}

/** Everything but times. */
async function contentOf(db: string) {
  const store = openReader(path(db))
  const ns = Array.from({ length: HOUSEHOLDS }, (_, i) => i + 1)
  const homes = (await store.households(ns)).map(({ updatedAt: _, ...home }) => home)
  const events = (await store.events('79', 0, 100_000)).map(({ at: _, ...event }) => event)
  await store.close()
  return { homes, events }
}

/** Runs the command and kills it a few times, each time after some more of the result is written. */
async function runKilled(args: string[], part: string, bytes: number): Promise<number> {
  let killed = 0
  for (let run = 0; run < 20; run++) {
    const child = spawn(process.execPath, [COMMAND, ...args], { cwd: folder, stdio: 'ignore' })
    const exit = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
    if (killed < KILLS) {
      const enough = sizeOf(part) + (bytes / KILLS) * (0.1 + 0.7 * Math.random())
      while (child.exitCode === null && sizeOf(part) < enough) await setTimeout(2)
      if (child.exitCode === null) {
        child.kill('SIGKILL')
        killed++
      }
    }
    const code = await exit
    if (code !== null) {
      expect(code).toBe(0)
      break
    }
  }
  return killed
}

test('kill -9 during a reassign: started again until done, registry and result equal an undisturbed run', {
  timeout: 240_000,
}, async () => {
  await makeWorld()
  for (const name of ['calm.db', 'killed.db']) copyFileSync(path('base.db'), path(name))
  const args = ['reassign', '--decree', 'decree.csv', '-o', 'out.csv']
  expect(vpostcode([...args, '--db', 'calm.db']).status).toBe(0)
  const calm = readFileSync(path('out.csv'), 'utf8')
  expect(calm).toMatch(/,same-address/)
  rmSync(path('out.csv'))

  const killed = await runKilled([...args, '--db', 'killed.db'], 'out.csv.part', Buffer.byteLength(calm))
  expect(killed).toBe(KILLS)
  expect(readFileSync(path('out.csv'), 'utf8')).toBe(calm)
  expect(await contentOf('killed.db')).toEqual(await contentOf('calm.db'))
})
