import { join } from 'node:path'
import { type Published, type PublishOptions, publishSet } from '../bulk/publish/publish.ts'
import { load } from '../gazetteer/load.ts'
import { underLock } from './lock.ts'
import { readSettings } from './settings.ts'
import { openReader, openSnapshot } from './store.ts'
import { VERSION } from './version.ts'

/** Publishes a database into a folder; reads only, beside whatever writes it. Throws Failure while another process publishes there. */
export const publishTo = (
  db: string,
  folder: string,
  watch: Pick<PublishOptions, 'onProgress' | 'stop'>,
): Promise<Published | null> =>
  underLock(join(folder, 'publish.lock'), `another process publishes into ${folder}`, async () => {
    const store = await openReader(db)
    try {
      return await publishSet({
        ...watch,
        store,
        folder,
        gazetteer: load(),
        engineVersion: VERSION,
        days: readSettings().publishDays,
        async lastN() {
          const snapshot = await openSnapshot(db)
          const { last } = snapshot
          await snapshot.close()
          return last
        },
      })
    } finally {
      await store.close()
    }
  })
