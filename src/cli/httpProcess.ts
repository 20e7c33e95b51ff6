import type { Logger } from 'pino'
import { type Counts, openCounts } from '../access/counts.ts'
import { openKeyRing } from '../access/keyRing.ts'
import { load } from '../gazetteer/load.ts'
import { Problem } from '../http/problems.ts'
import { type RunningServer, startServer } from '../http/server.ts'
import { openLife } from '../registry/life.ts'
import { openRegistry } from '../registry/registry.ts'
import type { StoreWriter } from '../registry/store.ts'
import { Failure } from './exit.ts'
import type { Settings } from './settings.ts'
import { openBeside, openKeys } from './store.ts'
import { VERSION } from './version.ts'

/** What answers HTTP: one process, or several on one port. */
export interface RunningHttp extends Omit<RunningServer, 'port'> {
  /** Ends what answers in other processes, without waiting for requests in progress. */
  kill(): void
}

/** Answers over HTTP in this process: opens what the routes need, and closes it when the server has stopped. */
export async function startHttp(
  { port, host, db, publicPerMinute, trustProxy }: Settings,
  log: Logger,
  counts: Counts = openCounts(),
): Promise<RunningHttp> {
  const gazetteer = load()
  const store = await openBeside(db)
  const keys = await openKeyRing(openKeys(db), (error) =>
    log.error(error, 'the keys cannot be read or noted'),
  )
  const closeStores = async () => {
    await keys.close()
    await store.close()
  }
  try {
    const deps = {
      gazetteer,
      households: openRegistry(store),
      life: openLife({ store: inTurn(store), gazetteer, engineVersion: VERSION }),
      log,
      keys,
      counts,
      settings: { version: VERSION, publicPerMinute, trustProxy },
    }
    const server = await startServer(deps, port, host)
    const closed = server.closed.finally(closeStores)
    return { close: server.close, closed, kill() {} }
  } catch (error) {
    await closeStores()
    throw error
  }
}

/** The store of a person's short changes: when no turn comes, the client is told so. */
const inTurn = (store: StoreWriter): StoreWriter => ({
  ...store,
  transaction: (work) =>
    store.transaction(work).catch((error) => {
      throw error instanceof Failure ? new Problem('busy') : error
    }),
})
