import { workerData } from 'node:worker_threads'
import { load } from '../gazetteer/load.ts'
import { type Chunk, type PreparedLine, prepareChunk } from './prepare.ts'
import type { WorkerData } from './preparer.ts'

/** A worker thread: the gazetteer is loaded once, then each call turns the bytes of a chunk into prepared lines. */
const { shape, boundaries } = workerData as WorkerData
const gazetteer = load(undefined, boundaries)

export default (chunk: Chunk): PreparedLine[] => prepareChunk(chunk, shape, gazetteer)
