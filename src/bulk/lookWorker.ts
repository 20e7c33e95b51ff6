import { constants, setPriority } from 'node:os'
import { workerData } from 'node:worker_threads'
import { load, type SharedWorld } from '../gazetteer/load.ts'
import type { Looked, LookOptions } from './look.ts'
import { lookAt } from './lookAt.ts'

/** The thread of `openLooker`. */
const gazetteer = load(undefined, workerData as SharedWorld)
// Of this thread alone; elsewhere a priority is that of the whole process.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

export default (file: LookOptions): Promise<Looked> => lookAt(file, gazetteer)
