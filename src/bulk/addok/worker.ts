import { constants, setPriority } from 'node:os'
import { workerData } from 'node:worker_threads'
import { load, type SharedWorld } from '../../gazetteer/load.ts'
import { worldOf } from '../../match/complete/world.ts'
import type { Chunk } from '../prepare.ts'
import type { CsvPlan } from './plan.ts'
import { answerChunk } from './rows.ts'

// On Linux of this thread alone: whoever waits for one address goes before files.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW)

const gazetteer = load(undefined, workerData as SharedWorld)
worldOf(gazetteer)

/** Answered rows as JSON, which is cheaper between threads than many small objects. */
export default ({ chunk, plan }: { chunk: Chunk; plan: CsvPlan }): string =>
  JSON.stringify(answerChunk(chunk, plan, gazetteer))
