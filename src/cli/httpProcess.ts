import type { Logger } from 'pino'
import { openKeyRing } from '../access/keyRing.ts'
import { load } from '../gazetteer/load.ts'
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

/** Answers over HTTP in this process: opens what the routes need, and closes it when the server has stopped. */
export async function startHttp(
  { port, host, db }: Pick<Settings, 'port' | 'host' | 'db'>,
  log: Logger,
): Promise<RunningHttp> {
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
    const deps = {
      gazetteer,
      households: openRegistry(store),
      log,
      keys,
      settings: { version: VERSION },
    }
    const server = await startServer(deps, port, host)
    const closed = server.closed.finally(closeStores)
    return { close: server.close, closed, kill() {} }
  } catch (error) {
    await closeStores()
    throw error
  }
}
