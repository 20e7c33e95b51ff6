import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { CommuneFiles, Manifest } from '../../../src/bulk/publish/manifest.ts'
import { type PublishOptions, publishSet } from '../../../src/bulk/publish/publish.ts'
import { load } from '../../../src/gazetteer/load.ts'
import type { RegistryReader } from '../../../src/registry/store.ts'

export const gazetteer = load()

/** Publishes a store into a folder as the command does. */
export async function publish(
  store: RegistryReader,
  folder: string,
  more: Partial<PublishOptions> = {},
): Promise<Manifest> {
  return (await publishSet(publishing(store, folder, more)))!.manifest
}

export const publishing = (
  store: RegistryReader,
  folder: string,
  more: Partial<PublishOptions> = {},
): PublishOptions => ({
  ...{ store, folder, gazetteer, engineVersion: '1', days: 7, lastN: () => store.count() },
  ...more,
})

/** The lines of a file of a set. */
export const linesOf = (folder: string, { set }: Manifest, { path }: { path: string }): string[] =>
  gunzipSync(readFileSync(join(folder, set, path)))
    .toString()
    .split('\n')
    .slice(0, -1)

type Kind = 'csv' | 'geojsonl'
const bodyOf = (kind: Kind, lines: string[]) => (kind === 'csv' ? lines.slice(1) : lines)
/** By commune the sorted lines of a snapshot. */
export const snapshotOf = (folder: string, manifest: Manifest, kind: Kind): Map<string, string[]> =>
  new Map(
    manifest.snapshot.map((commune) => [
      commune.commune,
      bodyOf(kind, linesOf(folder, manifest, commune[kind])).sort(),
    ]),
  )

/** What a consumer makes of a snapshot and the difference that follows it. */
export function applied(
  snapshot: Map<string, string[]>,
  folder: string,
  manifest: Manifest,
  kind: Kind,
): Map<string, string[]> {
  const result = new Map(snapshot)
  for (const commune of manifest.changes!.communes) {
    const rows = new Map(snapshot.get(commune.commune)?.map((line) => [idIn(kind, line), line]))
    for (const line of bodyOf(kind, linesOf(folder, manifest, commune[kind]))) {
      const { op, rest } = change(kind, line)
      if (op === 'left') rows.delete(idIn(kind, rest))
      else rows.set(idIn(kind, rest), rest)
    }
    if (rows.size === 0) result.delete(commune.commune)
    else result.set(commune.commune, [...rows.values()].sort())
  }
  return result
}
const idIn = (kind: Kind, line: string): string =>
  kind === 'csv' ? line.split(',')[0]! : JSON.parse(line).id
function change(kind: Kind, line: string): { op: string; rest: string } {
  if (kind === 'csv') return { op: line.split(',')[0]!, rest: line.slice(line.indexOf(',') + 1) }
  const { properties, ...feature } = JSON.parse(line)
  const { op, ...others } = properties
  return { op, rest: JSON.stringify({ ...feature, properties: others }) }
}

export const rowsIn = (communes: readonly CommuneFiles[]) => communes.reduce((sum, { rows }) => sum + rows, 0)
