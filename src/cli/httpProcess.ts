import type { Logger } from 'pino'
import { openKeyRing } from '../access/keyRing.ts'
import { load } from '../gazetteer/load.ts'
import { type Counted, createMetrics, type Metrics } from '../http/metrics.ts'
import { type RunningServer, startServer } from '../http/server.ts'
import { openRegistry } from '../registry/registry.ts'
import type { Settings } from './settings.ts'
import { openKeys, openReader } from './store.ts'
import { VERSION } from './version.ts'

/** What answers HTTP: one process, or several on one port. */
export interface RunningHttp extends Omit<RunningServer, 'port'> {
  /** Ends what answers in other processes, without waiting for requests in progress. */
  kill(): void
}

/** The part that a process has in a service of several. */
export interface Part {
  name: string
  /** What every process of the service counted. */
  counted(): Promise<Counted[]>
}

/** Answers over HTTP in this process: opens what the routes need, and closes it when the server has stopped. */
export async function startHttp(
  { port, host, db, metrics: seenBy }: Settings,
  log: Logger,
  part?: Part,
): Promise<RunningHttp & { metrics: Metrics }> {
  const gazetteer = load()
  const store = await openReader(db)
  const keys = await openKeyRing(openKeys(db), (error) =>
    log.error(error, 'the keys cannot be read or noted'),
  )
  const closeStores = async () => {
    await keys.close()
    await store.close()
  }
  try {
    const metrics = createMetrics(gazetteer, store, part?.name ?? 'main', part?.counted)
    const deps = {
      gazetteer,
      households: openRegistry(store),
      log,
      metrics,
      keys,
      settings: { version: VERSION, schema: store.schema, metrics: seenBy },
    }
    const server = await startServer(deps, port, host)
    const closed = server.closed.finally(closeStores)
    return { close: server.close, closed, kill() {}, metrics }
  } catch (error) {
    await closeStores()
    throw error
  }
}
