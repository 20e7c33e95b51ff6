import PgBoss from 'pg-boss'
import { openPool } from './connection.ts'

/** One part of a job. */
export interface Message {
  id: string
  data: { job: number; part: number }
}

const QUEUE = 'vpostcode-parts'
/** Seconds after which the part of a worker that is gone is given to another one, and between two looks for such. */
const LEASE = 20
const LOOK = 2
/** Parts sent at once. */
const PAGE = 1_000

/** The messages that bring parts of files to workers on any machine: pg-boss, in the database of the registry. */
export async function openMessages(url: string, failed: (error: Error) => void) {
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'vpostcode-work',
    max: 3,
    schedule: false,
    maintenanceIntervalSeconds: LOOK,
    // Messages say only which part: what was done is told by the part itself.
    archiveCompletedAfterSeconds: 60,
    deleteAfterMinutes: 10,
  })
  boss.on('error', failed)
  await oneAtATime(url, async () => {
    await boss.start()
    await boss.createQueue(QUEUE)
  })
  return {
    async send(parts: readonly Message['data'][]): Promise<void> {
      for (let from = 0; from < parts.length; from += PAGE)
        await boss.insert(
          parts
            .slice(from, from + PAGE)
            .map((data) => ({ name: QUEUE, data, expireInSeconds: LEASE, retryLimit: 100, retryDelay: 0 })),
        )
    },
    async next(): Promise<Message | null> {
      const [message] = await boss.fetch<Message['data']>(QUEUE, { batchSize: 1 })
      return message ? { id: message.id, data: message.data } : null
    },
    done: (id: string) => boss.complete(QUEUE, id),
    failed: (id: string) => boss.fail(QUEUE, id),
    close: () => boss.stop({ graceful: false, wait: true, timeout: 2_000 }),
  }
}

/** Workers that start at once would make the schema of the messages together, and the server would end all but one. */
async function oneAtATime(url: string, work: () => Promise<void>): Promise<void> {
  const pool = openPool(url, { size: 1 })
  const client = await pool.connect()
  try {
    await client.query('SELECT pg_advisory_lock(8454, 1)')
    await work()
  } finally {
    // The lock goes with its connection.
    client.release(true)
    await pool.end()
  }
}
