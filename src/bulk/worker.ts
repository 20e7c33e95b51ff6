import { workerData } from 'node:worker_threads'
import { load } from '../gazetteer/load.ts'
import { decidedStreets } from '../registry/decidedStreets.ts'
import { type Chunk, prepareChunk } from './prepare.ts'
import type { WorkerData } from './preparer.ts'

/** A worker thread: the gazetteer is loaded once, then each call turns the bytes of a chunk into prepared lines. */
const { shape, world, decided } = workerData as WorkerData
const gazetteer = load(undefined, world)
const streets = decidedStreets(decided)

/** Prepared lines as JSON: for thousands of small objects that is cheaper than the structured clone between threads. */
export default (chunk: Chunk): string => {
  const lines: string[] = []
  for (const line of prepareChunk(chunk, shape, gazetteer, streets)) lines.push(JSON.stringify(line))
  return `[${lines.join(',')}]`
}
