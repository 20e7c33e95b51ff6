import type { Logger } from 'pino'
import { dayOf, readManifest, setsIn } from '../bulk/publish/sets.ts'
import { publishFolder } from './publishFolder.ts'
import { publishTo } from './publishing.ts'
import { readSettings } from './settings.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/**
 * Publishes a database once a day from the hour of VPOSTCODE_PUBLISH_AT on, beside the other work of this process; nothing where
 * the setting is not given. What fails is tried again an hour later.
 */
export function nightly({ db, log, signal }: { db: string; log: Logger; signal: AbortSignal }) {
  const { publishAt } = readSettings()
  const folder = publishFolder(db)
  let running: Promise<void> | undefined
  let next = 0
  return {
    /** Begins when it is time and nothing is under way. */
    look(now: number): void {
      if (publishAt === undefined || running || now < next) return
      const due = lastDue(now, publishAt)
      next = Math.min(due + DAY, now + HOUR)
      if (lastTaken(folder, log) >= due) next = due + DAY
      else
        running = run().finally(() => {
          running = undefined
        })
    },
    /** Resolves when what is under way has ended; it stops when the signal says so. */
    ended: async () => running,
  }

  async function run(): Promise<void> {
    const started = Date.now()
    log.info({}, 'publishing')
    try {
      const published = await publishTo(db, folder, { stop: () => signal.aborted })
      if (!published) return
      const { name, manifest, dropped } = published
      const { households, bytes, changes } = manifest
      const seconds = Math.round((Date.now() - started) / 1000)
      log.info(
        { set: name, households, bytes, changes: changes?.rows, seconds, dropped: dropped.length },
        'published',
      )
    } catch (error) {
      log.error({ reason: (error as Error).message }, 'nothing was published: it is tried again in an hour')
    }
  }
}

/** When it was last time to publish: that hour of this day or the day before, in Viet Nam. */
export function lastDue(now: number, hour: number): number {
  const today = Date.parse(`${dayOf(now)}T00:00:00+07:00`) + hour * HOUR
  return today <= now ? today : today - DAY
}

/** When the latest set was taken; 0 when there is none. */
function lastTaken(folder: string, log: Logger): number {
  try {
    const [latest] = setsIn(folder)
    return latest === undefined ? 0 : Date.parse(readManifest(folder, latest).takenAt)
  } catch (error) {
    log.error({ reason: (error as Error).message }, 'the last published set')
    return 0
  }
}
