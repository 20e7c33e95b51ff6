import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DataUnreadable } from '../sealed.ts'
import { openSections } from '../sections.ts'
import { readShared } from '../sharedFile.ts'
import { LAYER_FILE } from './arrays.ts'
import type { LayerFacts } from './layer.ts'

/** Imported layers, in the folder of the built gazetteer, with the list of those in use. */
const FOLDER = 'layers'
const MANIFEST = 'manifest.json'
const FORMAT = 1
/** Versions of a layer that are kept for going back; with the one in use. */
const KEPT = 3

export interface InstalledVersion {
  /** 12 hexadecimal digits. */
  readonly version: string
  /** In the folder `layers`. */
  readonly file: string
  /** ISO date and time. */
  readonly installed: string
}
/** An imported layer. One that bears the name of the shipped layer takes its place. */
export interface InstalledLayer {
  readonly name: string
  /** The version in use; null when the layer is out of use. */
  readonly live: string | null
  /** The newest first. */
  readonly versions: readonly InstalledVersion[]
}

export const layersFolder = (dataDir: string): string => join(dataDir, FOLDER)
export const manifestFile = (dataDir: string): string => join(dataDir, FOLDER, MANIFEST)

/** The imported layers, the newest first; empty when there is none. Throws `DataUnreadable` when the list is broken. */
export function installedLayers(dataDir: string): readonly InstalledLayer[] {
  const file = manifestFile(dataDir)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    throw new DataUnreadable(file, `cannot be read (${code})`)
  }
  return parseManifest(text, file)
}

/** The same from the text of the list; `file` names it in errors. */
export function parseManifest(text: string, file: string): readonly InstalledLayer[] {
  try {
    const found = JSON.parse(text) as { format?: unknown; layers?: unknown } | null
    if (found?.format !== FORMAT)
      throw new Error(`it has format ${found?.format}, this program reads ${FORMAT}`)
    if (!Array.isArray(found.layers) || !found.layers.every(isLayer))
      throw new Error('it is no list of layers')
    return found.layers
  } catch (error) {
    throw new DataUnreadable(
      file,
      `${(error as Error).message}; without this file no layer is imported: delete it and import them again`,
    )
  }
}

/** A file of the list has the name that an import gives it: nothing outside the folder is ever opened. */
function isLayer(found: unknown): found is InstalledLayer {
  const { name, live, versions } = (found ?? {}) as Partial<InstalledLayer>
  return (
    typeof name === 'string' &&
    /^[a-z0-9-]+$/.test(name) &&
    Array.isArray(versions) &&
    versions.every(
      ({ version, file, installed } = {}) =>
        /^[0-9a-f]+$/.test(version) && file === fileOf(name, version) && typeof installed === 'string',
    ) &&
    (live === null || versions.some(({ version }) => version === live))
  )
}

const fileOf = (name: string, version: string) => `${name}-${version}.layer`

/**
 * Puts a compiled layer into use in place of the one of its name, which is kept for `rollBack`. Processes that serve notice
 * within two seconds. Throws `DataUnreadable` for bytes that are no layer. Whoever changes layers sees to it that no other
 * process does (`cli/layerLock.ts`).
 */
export function installLayer(dataDir: string, bytes: Uint8Array, now = new Date()): InstalledLayer {
  // of its own: the sections are views of a whole buffer
  const whole = new Uint8Array(bytes)
  const { facts, version } = openSections<typeof LAYER_FILE.sections, LayerFacts>(
    LAYER_FILE,
    whole.buffer,
    'the new layer',
  )
  const { name } = facts.head
  return changed(dataDir, name, (known) => {
    const file = fileOf(name, version)
    writeDurably(join(dataDir, FOLDER, file), whole)
    const entry: InstalledVersion = { version, file, installed: now.toISOString() }
    const others = known?.versions.filter((other) => other.version !== version) ?? []
    return { name, live: version, versions: [entry, ...others].slice(0, KEPT) }
  })
}

/**
 * Goes back to the version before the one in use, or to `version`. A layer without an earlier version goes out of use: then
 * the shipped layer of that name, if any, is used again. Throws `RangeError` when there is no such layer or version, and
 * `DataUnreadable` when that version is damaged.
 */
export function rollBack(dataDir: string, name: string, version?: string): InstalledLayer {
  return changed(dataDir, name, (known) => {
    if (!known) throw new RangeError(`there is no imported layer ${name}`)
    const at = known.versions.findIndex((one) => one.version === known.live)
    if (version === undefined && known.live === null) throw new RangeError(`the layer ${name} is out of use`)
    const wanted = version ?? known.versions[at + 1]?.version ?? null
    if (wanted !== null && !known.versions.some((one) => one.version === wanted))
      throw new RangeError(`the layer ${name} has no version ${wanted}`)
    if (wanted !== null) checkFile(dataDir, name, wanted)
    return { ...known, live: wanted }
  })
}

/** The version in use of an imported layer; null when there is none, or its file cannot be used. */
export function soundVersion(dataDir: string, name: string): string | null {
  const version = installedLayers(dataDir).find((layer) => layer.name === name)?.live ?? null
  if (version === null) return null
  try {
    checkFile(dataDir, name, version)
    return version
  } catch (error) {
    if (error instanceof DataUnreadable) return null
    throw error
  }
}

/** Throws `DataUnreadable` when a version of a layer is missing or damaged. */
function checkFile(dataDir: string, name: string, version: string): void {
  const path = join(layersFolder(dataDir), fileOf(name, version))
  openSections(LAYER_FILE, readShared(path, ''), path)
}

/** Takes an imported layer out of use and deletes all its versions. Throws `RangeError` when there is no such layer. */
export function removeLayer(dataDir: string, name: string): void {
  changed(dataDir, name, (known) => {
    if (!known) throw new RangeError(`there is no imported layer ${name}`)
    return null
  })
}

/** Writes what `change` makes of a layer to the list; null takes it off. */
function changed<Next extends InstalledLayer | null>(
  dataDir: string,
  name: string,
  change: (known: InstalledLayer | undefined) => Next,
): Next {
  const folder = layersFolder(dataDir)
  mkdirSync(folder, { recursive: true })
  const before = installedLayers(dataDir)
  const known = before.find((layer) => layer.name === name)
  const next = change(known)
  const others = before.filter((layer) => layer !== known)
  const layers: InstalledLayer[] = next ? [next, ...others] : others
  writeDurably(manifestFile(dataDir), Buffer.from(JSON.stringify({ format: FORMAT, layers }, null, 1)))
  // only now: until the list is written its files may be asked for. Those of an import that was killed go too
  const kept = new Set(layers.flatMap(({ versions }) => versions.map(({ file }) => file)))
  for (const file of readdirSync(folder))
    if (/\.layer(?:\.tmp)?$/.test(file) && !kept.has(file)) rmSync(join(folder, file), { force: true })
  return next
}

/** A reader sees the old file or the new one, also after a power cut. */
function writeDurably(file: string, bytes: Uint8Array): void {
  const handle = openSync(`${file}.tmp`, 'w')
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(`${file}.tmp`, file)
}
