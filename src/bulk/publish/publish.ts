import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Gazetteer } from '../../gazetteer/types.ts'
import { feedCursor, requireHeard } from '../../registry/changes.ts'
import { BadCursor } from '../../registry/cursor.ts'
import { FileRefused, syncPath } from '../files.ts'
import { type CommuneFiles, FORMAT, type Manifest, NOTICE, registryName } from './manifest.ts'
import { endsOf, type MomentStore, readMoment } from './moment.ts'
import { LineSum, type PartFile, PartFiles } from './parts.ts'
import {
  CHANGE_COLUMNS,
  csvLine,
  featureLine,
  leftFeature,
  leftLine,
  type Op,
  PUBLISHED_COLUMNS,
} from './row.ts'
import { dayOf, dropLeftovers, dropOldSets, nextName, partOf, readManifest, setsIn } from './sets.ts'

export interface PublishOptions {
  store: MomentStore
  /** No household of the registry has a higher n. Asked for after the moment was chosen. */
  lastN(): Promise<number>
  folder: string
  gazetteer: Pick<Gazetteer, 'version' | 'provinces'>
  engineVersion: string
  /** How many days are kept. */
  days: number
  now?: () => number
  /** Households behind, and in all (with numbers that were never used). */
  onProgress?(done: number, total: number): void
  /** Looked at between two pages. */
  stop?(): boolean | Promise<boolean>
}

export interface Published {
  name: string
  manifest: Manifest
  dropped: string[]
}

/** Throws FileRefused when the set tells of what is not in the registry, also when it has gone on since. */
async function requireHere(store: MomentStore, { cursor }: Manifest, folder: string): Promise<void> {
  try {
    await requireHeard(store, null, null, cursor)
  } catch (error) {
    if (!(error instanceof BadCursor)) throw error
    throw new FileRefused(
      `${folder} holds sets of what this registry does not know: it was brought back from a backup. Move them away`,
    )
  }
}

/**
 * Writes the registry as it is now as a new set of files, with what happened since the latest set. The set has its name only
 * when all of it is on disk. One publishes at a time into a folder: the caller sees to it. Null when it was stopped. Throws
 * FileRefused for a folder of another registry.
 */
export async function publishSet(options: PublishOptions): Promise<Published | null> {
  const { store, folder, gazetteer, engineVersion, days, now = Date.now, onProgress, stop } = options
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  dropLeftovers(folder)
  const [latest] = setsIn(folder)
  const before = latest === undefined ? null : readManifest(folder, latest)
  const registry = registryName(store.secret)
  if (before && before.registry !== registry)
    throw new FileRefused(`${folder} holds the sets of another registry: choose another folder`)
  const takenAt = now()
  const events = await endsOf(store)
  if (before) await requireHere(store, before, folder)
  const last = await options.lastN()
  const name = nextName(folder, dayOf(takenAt))
  const part = partOf(folder, name)
  mkdirSync(part, { mode: 0o700 })

  const files = new PartFiles(part)
  const snapshot = new Section('snapshot', files, PUBLISHED_COLUMNS)
  const changes = new Section('changes', files, CHANGE_COLUMNS)
  let done = 0
  for await (const page of readMoment(store, { now: events, since: before?.events ?? null, last })) {
    for (const { row, was } of page) {
      const line = csvLine(row)
      const { province_code: province, commune_code: commune } = row
      snapshot.add(province, commune, line, featureLine(row))
      if (was === undefined) continue
      const stays = was?.provinceCode === province && was.communeCode === commune
      const op: Op = stays ? 'changed' : 'inserted'
      changes.add(province, commune, `${op},${line}`, featureLine(row, op))
      if (was && !stays) changes.add(was.provinceCode, was.communeCode, leftLine(row.id), leftFeature(row.id))
    }
    await files.settle()
    done += page.length
    onProgress?.(done, last)
    if (await stop?.()) {
      dropLeftovers(folder)
      return null
    }
  }
  const written = await files.finish()
  const known = new Map(written.map((file) => [file.path, file]))
  const cursors: Record<string, string> = {}
  for (const { code } of gazetteer.provinces) cursors[code] = await feedCursor(store, code, null, events)
  const manifest: Manifest = {
    format: FORMAT,
    set: name,
    registry,
    engineVersion,
    dataVersion: gazetteer.version,
    takenAt: new Date(takenAt).toISOString(),
    events,
    cursor: await feedCursor(store, null, null, events),
    cursors,
    notice: NOTICE,
    columns: [...PUBLISHED_COLUMNS],
    households: snapshot.rows,
    bytes: written.reduce((sum, { bytes }) => sum + bytes, 0),
    snapshot: snapshot.communes(known),
    changes: before && {
      since: latest!,
      events: before.events,
      columns: [...CHANGE_COLUMNS],
      rows: changes.rows,
      communes: changes.communes(known),
    },
  }
  const path = join(part, 'manifest.json')
  writeFileSync(path, `${JSON.stringify(manifest)}\n`, { mode: 0o600 })
  syncPath(path)
  syncPath(part)
  renameSync(part, join(folder, name))
  syncPath(folder)
  return { name, manifest, dropped: dropOldSets(folder, days, takenAt) }
}

/** Both formats of the communes of a snapshot or a difference. */
class Section {
  rows = 0
  readonly #name: string
  readonly #files: PartFiles
  readonly #head: string
  readonly #sums = new Map<string, LineSum>()

  constructor(name: string, files: PartFiles, columns: readonly string[]) {
    this.#name = name
    this.#files = files
    this.#head = `${columns.join(',')}\n`
  }

  add(province: string, commune: string, csv: string, feature: string): void {
    const key = `${province}/${commune}`
    let sum = this.#sums.get(key)
    if (!sum) {
      sum = new LineSum()
      this.#sums.set(key, sum)
    }
    sum.add(csv)
    this.rows++
    this.#files.add(`${this.#name}/${key}.csv.gz`, `${csv}\n`, this.#head)
    this.#files.add(`${this.#name}/${key}.geojsonl.gz`, `${feature}\n`)
  }

  /** By province and commune. */
  communes(files: ReadonlyMap<string, PartFile>): CommuneFiles[] {
    return [...this.#sums]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, { rows, checksum }]) => ({
        province: key.slice(0, 2),
        commune: key.slice(3),
        rows,
        checksum,
        csv: files.get(`${this.#name}/${key}.csv.gz`)!,
        geojsonl: files.get(`${this.#name}/${key}.geojsonl.gz`)!,
      }))
  }
}
