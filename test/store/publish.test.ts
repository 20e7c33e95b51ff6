import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Manifest } from '../../src/bulk/publish/manifest.ts'
import { moveStore } from '../../src/cli/migrateStore.ts'
import { publishTo } from '../../src/cli/publishing.ts'
import { openLife } from '../../src/registry/life.ts'
import type { StoreWriter } from '../../src/registry/store.ts'
import { openWriter as openServer } from '../../src/store/postgres/open.ts'
import { openWriter as openFile } from '../../src/store/sqlite/open.ts'
import { applied, gazetteer, linesOf, snapshotOf } from '../bulk/publish/sets.ts'
import { anyStep, carryOut } from '../bulk/publish/steps.ts'
import { draft, loader } from '../registry/helpers.ts'
import { describePostgres, type PostgresServer, startServer } from './postgresServer.ts'

const steps = (numRuns: number, seed: number) => fc.sample(anyStep, { numRuns, seed })
/** Carries out steps, one a minute from a given time on. */
async function live(store: StoreWriter, from: number, some: ReturnType<typeof steps>): Promise<void> {
  let clock = from
  const life = openLife({ store, gazetteer, engineVersion: '1', now: () => (clock += 60_000) })
  for (const step of some) await carryOut({ store }, life, step)
}
/** What does not depend on when and where it was published. */
const told = ({ takenAt, set, changes, ...manifest }: Manifest) => ({
  ...manifest,
  changes: changes && { ...changes, since: null },
})

describePostgres('publishing from PostgreSQL', () => {
  let server: PostgresServer
  const folder = mkdtempSync(join(tmpdir(), 'vpostcode-publish-pg-'))
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const publish = async (db: string, name: string, stop?: () => Promise<boolean>) =>
    (await publishTo(db, join(folder, name), { ...(stop && { stop }) }))!.manifest

  test('snapshot, difference and cursors are those of a file with the same households, also while it is written', async () => {
    const path = join(folder, 'registry.db')
    const file = openFile(path)
    // More than one page.
    await loader(file).load(
      Array.from({ length: 1_100 }, (_, i) => draft({ parts: { houseNumber: `${i + 100}`, street: 'X' } })),
    )
    await live(file, Date.UTC(2026, 5, 1), steps(80, 5))
    await file.close()
    const url = await server.newRegistry()
    await moveStore(path, url, () => {})

    const first = await publish(path, 'file')
    expect(told(await publish(url, 'server'))).toEqual(told(first))
    expect(first.changes).toBeNull()

    for (const store of [openFile(path), await openServer(url)]) {
      await live(store, Date.UTC(2026, 5, 2), steps(60, 6))
      await store.close()
    }
    const second = await publish(path, 'file')
    let pages = 0
    const writer = await openServer(url)
    const meanwhile = steps(60, 7).filter(({ what }) => what !== 'erase')
    const onServer = await publish(url, 'server', async () => {
      if (pages++ === 0) await live(writer, Date.UTC(2026, 5, 3), meanwhile)
      return false
    })
    await writer.close()
    expect(pages).toBeGreaterThan(1)
    // A change that was refused leaves a gap in the numbers of the server: what is new since the move may have other ids.
    const known = new Set(
      [...snapshotOf(join(folder, 'file'), first, 'csv').values()].flat().map((line) => line.slice(0, 12)),
    )
    for (const kind of ['csv', 'geojsonl'] as const) {
      const lines = (set: Manifest, name: string) =>
        [...set.snapshot, ...set.changes!.communes].map((commune) => [
          commune[kind].path,
          linesOf(join(folder, name), set, commune[kind])
            .map((line) => line.replaceAll(/\b\d{12}\b/g, (id) => (known.has(id) ? id : 'new')))
            .sort(),
        ])
      expect(lines(onServer, 'server')).toEqual(lines(second, 'file'))
    }
    const { events, cursor, cursors, households } = second
    expect(onServer).toMatchObject({ events, cursor, cursors, households })
    expect(second.changes!.rows).toBeGreaterThan(5)

    const third = await publish(url, 'server')
    expect(third.changes!.rows).toBeGreaterThan(5)
    for (const kind of ['csv', 'geojsonl'] as const)
      expect(
        applied(snapshotOf(join(folder, 'server'), onServer, kind), join(folder, 'server'), third, kind),
      ).toEqual(snapshotOf(join(folder, 'server'), third, kind))
  }, 300_000)
})
