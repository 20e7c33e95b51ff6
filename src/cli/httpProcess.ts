import type { Logger } from 'pino'
import { type Counts, openCounts } from '../access/counts.ts'
import { openKeyRing } from '../access/keyRing.ts'
import { openLooker } from '../bulk/look.ts'
import { registryName } from '../bulk/publish/manifest.ts'
import { load } from '../gazetteer/load.ts'
import { openCrosswalks } from '../http/crosswalks.ts'
import { type Counted, createMetrics, type Metrics } from '../http/metrics.ts'
import { Problem } from '../http/problems.ts'
import { type RunningServer, startServer } from '../http/server.ts'
import { worldOf } from '../match/complete/world.ts'
import { readyMisspelled } from '../match/misspelled.ts'
import { openLife } from '../registry/life.ts'
import { openRegistry } from '../registry/registry.ts'
import { isAway } from '../store/postgres/away.ts'
import { WriterBusy } from '../store/sqlite/lease.ts'
import { Failure } from './exit.ts'
import { publishFolder } from './publishFolder.ts'
import { isServer } from './serverUrl.ts'
import type { Settings } from './settings.ts'
import { CopyOnly, openBeside, openKeys, told } from './store.ts'
import { uploadsFolder } from './uploads.ts'
import { VERSION } from './version.ts'

/** What answers HTTP: one process, or several on one port. */
export interface RunningHttp extends Omit<RunningServer, 'port'> {
  /** Ends what answers in other processes, without waiting for requests in progress. */
  kill(): void
}

/** The part that a process has in a service of several. */
export interface Part {
  name: string
  /** Quotas that all processes share. */
  counts: Counts
  /** What every process of the service counted. */
  counted(): Promise<Counted[]>
}

/** Answers over HTTP in this process: opens what the routes need, and closes it when the server has stopped. */
export async function startHttp(
  settings: Settings,
  log: Logger,
  part?: Part,
): Promise<RunningHttp & { metrics: Metrics }> {
  const { port, host, db, publicPerMinute, trustProxy, metrics: seenBy, tiles } = settings
  const gazetteer = load()
  // What waits long for its turn to write is refused: the client asks again.
  const store = told(await openBeside(db), (error) =>
    error instanceof CopyOnly
      ? new Problem('read-only-copy')
      : error instanceof Failure
        ? new Problem('busy')
        : isAway(error)
          ? new Problem('not-ready')
          : error,
  )
  const keyStore = await openKeys(db)
  const parts = isServer(db) ? await (await import('./partDesk.ts')).openPartDesk(db, gazetteer) : null
  const keys = await openKeyRing(keyStore, (error) => log.error(error, 'the keys cannot be read or noted'))
  const looker = openLooker(gazetteer)
  const { crosswalks, close: closeCrosswalks } = await openCrosswalks(store, (error) =>
    log.error(error, 'the crosswalks cannot be read'),
  )
  const stopWatching = gazetteer.watchLayers(
    (error) => log.error({ reason: error.message }, 'a street layer cannot be taken over'),
    // Names are completed from the new layer on, not from the first request that asks for one.
    () => worldOf(gazetteer),
  )
  const closeStores = async () => {
    stopWatching()
    await looker.close()
    await keys.close()
    await closeCrosswalks()
    await parts?.close()
    await store.close()
  }
  try {
    const metrics = createMetrics(gazetteer, store, part?.name ?? 'main', part?.counted)
    const deps = {
      gazetteer,
      households: openRegistry(store),
      coverage: store,
      alive: () => keyStore.keysVersion(),
      ...(store.copy && { copy: store.copy }),
      life: openLife({ store, gazetteer, engineVersion: VERSION }),
      log,
      metrics,
      keys,
      keyStore: told(keyStore, (error) =>
        error instanceof WriterBusy ? new Problem('busy') : isAway(error) ? new Problem('not-ready') : error,
      ),
      crosswalks,
      counts: part?.counts ?? openCounts(),
      settings: {
        version: VERSION,
        schema: store.schema,
        metrics: seenBy,
        publicPerMinute,
        trustProxy,
        tiles,
      },
      bulk: {
        jobs: store,
        looker,
        ...(parts && { parts }),
        uploads: {
          folder: uploadsFolder(db),
          maxBytes: settings.uploadBytes,
          keepDays: settings.keepDays,
        },
      },
      published: { folder: publishFolder(db), registry: registryName(store.secret) },
    }
    const server = await startServer(deps, port, host)
    // It answers already.
    void readyMisspelled(gazetteer)
    const closed = server.closed.finally(closeStores)
    return { close: server.close, closed, kill() {}, metrics }
  } catch (error) {
    await closeStores()
    throw error
  }
}
