import { readFileSync } from 'node:fs'
import { type AssignOptions, type AssignSummary, assignFile } from '../../src/bulk/assign.ts'
import { cellsOf } from '../../src/bulk/cells.ts'
import { type LoadedGazetteer, load } from '../../src/gazetteer/load.ts'
import { idCodec } from '../../src/registry/id.ts'
import type { StoreReader, StoreWriter } from '../../src/registry/store.ts'

let loaded: LoadedGazetteer | undefined
const gazetteer = (): LoadedGazetteer => {
  loaded ??= load()
  return loaded
}

/** What tests of a file leave alone. */
export const defaults = (input: string) => ({
  input,
  output: `${input}.result.csv`,
  list: 'test',
  map: [],
  threads: 0,
  gazetteer: gazetteer(),
  engineVersion: 'test',
  actor: 'tester',
  onStart: () => {},
  onProgress: () => {},
  stop: () => false,
})

export const assign = (
  store: StoreWriter,
  input: string,
  options: Partial<AssignOptions> = {},
): Promise<AssignSummary> => assignFile({ ...defaults(input), store, ...options })

/** The rows of a result by column name; no cell of it may hold a line end. */
export function resultOf(path: string, delimiter = ','): Record<string, string>[] {
  const [first, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n')
  const header = cellsOf(first!.replace('\ufeff', ''), delimiter)
  return lines.map((line) => {
    const cells = cellsOf(line, delimiter)
    return Object.fromEntries(header.map((name, i) => [name, cells[i]!]))
  })
}

/** Everything that two equal loads leave behind, without ids (their counter stands instead), times and jobs. */
export async function traces(
  store: StoreReader,
  resultPath: string,
): Promise<{ registry: unknown; result: string }> {
  const { nOf } = idCodec(store.secret)
  const ns = Array.from({ length: await store.count() }, (_, i) => i + 1)
  const households = (await store.households(ns)).map(({ createdAt, updatedAt, ...household }) => household)
  const provinces = new Set(households.map(({ provinceCode }) => provinceCode))
  const events = []
  for (const province of [...provinces].toSorted()) {
    for (const { at, job, ...event } of await store.events(province, 0, 1_000_000)) events.push(event)
  }
  const result = readFileSync(resultPath, 'utf8').replace(/\b[1-9]\d{4}[01]\d{6}\b/g, (id) => `n${nOf(id)}`)
  return { registry: { households, events }, result }
}
