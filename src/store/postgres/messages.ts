import PgBoss from 'pg-boss'

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
  await boss.start()
  await boss.createQueue(QUEUE)
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
