import { join } from 'node:path'
import { layersFolder } from '../gazetteer/streetLayer/installed.ts'
import { underLock } from './lock.ts'

/** Runs `work` while no other command changes the layers of this data folder. Throws `Failure` when another process has it. */
export const alone = <T>(dataDir: string, work: () => T | Promise<T>): Promise<T> =>
  underLock(
    join(layersFolder(dataDir), 'import.lock'),
    'another command is changing the street layers: wait until it is done',
    work,
  )
