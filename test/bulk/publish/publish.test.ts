import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { publishSet } from '../../../src/bulk/publish/publish.ts'
import { setsIn } from '../../../src/bulk/publish/sets.ts'
import { lastDue } from '../../../src/cli/nightly.ts'
import { idCodec } from '../../../src/registry/id.ts'
import { draft, hamlet, loader, point } from '../../registry/helpers.ts'
import { applied, linesOf, publish, publishing, rowsIn, snapshotOf } from './sets.ts'
import { anyStep, carryOut, lifeOf } from './steps.ts'

const folders: string[] = []
function newFolder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'vpostcode-publish-')))
  return folders.at(-1)!
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

test('a snapshot and the difference that follows make the next snapshot, whatever happened', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyStep, { minLength: 5, maxLength: 25 }), { minLength: 2, maxLength: 3 }),
      async (days) => {
        const one = loader()
        const life = lifeOf(one)
        const folder = newFolder()
        const manifests = []
        for (const steps of days) {
          for (const step of steps) await carryOut(one, life, step)
          manifests.push(await publish(one.store, folder))
        }
        for (const kind of ['csv', 'geojsonl'] as const)
          for (let i = 1; i < manifests.length; i++) {
            const before = snapshotOf(folder, manifests[i - 1]!, kind)
            expect(applied(before, folder, manifests[i]!, kind)).toEqual(
              snapshotOf(folder, manifests[i]!, kind),
            )
          }
        expect(manifests.at(-1)!.households).toBe(await one.store.count())
        await one.store.close()
      },
    ),
    { numRuns: 12 },
  )
}, 120_000)

test('a snapshot is the registry of one moment, whatever is written while it is read; what is erased meanwhile is not in it', async () => {
  const one = loader()
  const life = lifeOf(one)
  const steps = fc.sample(anyStep, { numRuns: 150, seed: 8 })
  for (const step of steps.slice(0, 60)) await carryOut(one, life, step)
  await one.load(
    Array.from({ length: 1_500 }, (_, i) => draft({ parts: { houseNumber: `${i + 100}`, street: 'X' } })),
  )
  const quiet = newFolder()
  const expected = snapshotOf(quiet, await publish(one.store, quiet), 'csv')
  const last = await one.store.count()
  const erased = idCodec(one.store.secret).idOf(1_000)

  const folder = newFolder()
  let reads = 0
  const busy: typeof one.store = {
    ...one.store,
    async households(ns) {
      if (reads++ === 1) {
        for (const step of steps.slice(60)) if (step.what !== 'erase') await carryOut(one, life, step)
        await life.erase({ actor: 'x', reason: 'asked for' }, erased)
      }
      const found = await one.store.households(ns)
      // What happens after a page was read is in its histories only.
      for (const step of steps.slice(0, 20)) if (step.what === 'move') await carryOut(one, life, step)
      return found
    },
  }
  const manifest = await publish(busy, folder, { lastN: async () => last })
  const found = snapshotOf(folder, manifest, 'csv')
  const without = (all: Map<string, string[]>) =>
    new Map([...all].map(([commune, lines]) => [commune, lines.filter((line) => !line.startsWith(erased))]))
  expect(without(found)).toEqual(without(expected))
  expect(found.get('26743')!.find((line) => line.startsWith(erased))).not.toContain('Lê Lợi')
  expect(await one.store.count()).toBeGreaterThan(last)
  // The next one tells of all of it.
  const next = await publish(one.store, folder)
  expect(applied(found, folder, next, 'csv')).toEqual(snapshotOf(folder, next, 'csv'))
}, 120_000)

test('the manifest tells rows, bytes and checksums of every file; nothing private is published', async () => {
  const one = loader()
  await one.load(
    [
      draft({
        externalId: 'A-secret-12',
        point: point(),
        parts: {
          name: 'Nhà bà Lan',
          houseNumber: '=12',
          street: 'Lê Lợi',
          alleys: [{ kind: 'hem', number: '3' }],
        },
      }),
      hamlet(),
      draft({ parts: { houseNumber: '14', street: 'Lê Lợi' }, review: ['several-communes'] }),
    ],
    { list: 'secret list' },
  )
  const folder = newFolder()
  const manifest = await publish(one.store, folder)
  expect(manifest.changes).toBeNull()
  expect(rowsIn(manifest.snapshot)).toBe(3)
  for (const { csv, geojsonl, rows, checksum } of manifest.snapshot) {
    for (const { path, bytes, sha256 } of [csv, geojsonl]) {
      const content = readFileSync(join(folder, manifest.set, path))
      expect([content.length, createHash('sha256').update(content).digest('hex')]).toEqual([bytes, sha256])
    }
    const lines = linesOf(folder, manifest, csv)
    expect(lines[0]).toBe(manifest.columns.join(','))
    let sum = 0n
    for (const line of lines.slice(1)) sum += createHash('sha256').update(line).digest().readBigUInt64BE(0)
    expect([lines.length - 1, BigInt.asUintN(64, sum).toString(16).padStart(16, '0')]).toEqual([
      rows,
      checksum,
    ])
    for (const line of [...lines, ...linesOf(folder, manifest, geojsonl)])
      for (const secret of ['secret', 'bà Lan', 'several', 'test', 'list']) expect(line).not.toContain(secret)
  }
  const lines = linesOf(folder, manifest, manifest.snapshot.find(({ commune }) => commune === '26743')!.csv)
  expect(lines[1]).toContain(",'=12,hem 3,Lê Lợi,")
  expect(lines.map((line) => line.split(',')[2])).toEqual(['waits', '', 'visit', 'review'])
})

test('what a crash left is removed by the next run, sets of one day are numbered, old days go', async () => {
  const one = loader()
  await one.load([draft()])
  const folder = newFolder()
  const day = (n: number) => ({ now: () => Date.parse(`2026-03-${10 + n}T01:00:00+07:00`), days: 2 })
  mkdirSync(join(folder, '.part-2026-03-10/snapshot'), { recursive: true })
  writeFileSync(join(folder, '.part-2026-03-10/manifest.json'), '{')
  for (const n of [0, 0, 0, 1]) await publish(one.store, folder, day(n))
  expect(setsIn(folder)).toEqual(['2026-03-11', '2026-03-10.3', '2026-03-10.2', '2026-03-10'])
  await publish(one.store, folder, day(2))
  expect(readdirSync(folder).sort()).toEqual(['2026-03-11', '2026-03-12'])
  // One that was stopped leaves nothing, and the sets before as they were.
  expect(await publishSet(publishing(one.store, folder, { ...day(3), stop: () => true }))).toBeNull()
  expect(readdirSync(folder).sort()).toEqual(['2026-03-11', '2026-03-12'])
})

test('a folder of another registry, or of one that was brought back from a backup, is refused', async () => {
  const one = loader()
  const folder = newFolder()
  await one.load([draft()])
  await publish(one.store, folder)
  await expect(publish(loader().store, folder)).rejects.toThrow('another registry')
  const back = { ...loader().store, secret: one.store.secret }
  await expect(publish(back, folder)).rejects.toThrow('backup')
  // Also when it has as many events again.
  const on = loader()
  await on.load([draft(), draft({ parts: { houseNumber: '2', street: 'X' } })])
  await expect(publish({ ...on.store, secret: one.store.secret }, folder)).rejects.toThrow('backup')
  expect(existsSync(join(folder, setsIn(folder)[0]!))).toBe(true)
})

test('a set is due from its hour on in Viet Nam', () => {
  const at = (text: string) => Date.parse(text)
  expect(lastDue(at('2026-03-10T01:59:00+07:00'), 2)).toBe(at('2026-03-09T02:00:00+07:00'))
  expect(lastDue(at('2026-03-10T02:00:00+07:00'), 2)).toBe(at('2026-03-10T02:00:00+07:00'))
})
