import { cutFile } from '../bulk/parts.ts'
import type { LoadedGazetteer } from '../gazetteer/load.ts'
import type { PartDesk } from '../http/jobs/desk.ts'
import { workOf } from './fileJob.ts'
import { fetchResult } from './partResult.ts'
import { openWriter } from './serverStore.ts'

/** What a node does with uploads to a registry on a server: their rows go into the database, their results come from there. */
export async function openPartDesk(
  db: string,
  gazetteer: LoadedGazetteer,
): Promise<PartDesk & { close(): Promise<void> }> {
  const store = await openWriter(db)
  return {
    cut(job) {
      const work = workOf(job, db)
      return cutFile(job.id, work.kind, { ...work, gazetteer }, store)
    },
    fetch: (job) => fetchResult(store, job),
    close: () => store.close(),
  }
}
