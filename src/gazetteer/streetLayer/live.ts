import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DataUnreadable, SEAL_BYTES } from '../sealed.ts'
import { readShared, readSharedSlowly } from '../sharedFile.ts'
import type { CurrentCommune } from '../types.ts'
import {
  type InstalledLayer,
  installedLayers,
  layersFolder,
  manifestFile,
  parseManifest,
} from './installed.ts'
import { type Layer, openLayer } from './layer.ts'
import { Layers } from './layers.ts'
import { SHIPPED_LAYER } from './shippedHead.ts'

/** Milliseconds between two looks at the list of layers, and until a layer that could not be read is tried again. */
const LOOK_EVERY = 1_000
const AGAIN_AFTER = 5_000

type CommuneOf = (code: string) => CurrentCommune | undefined

/** The layers in use. What has taken `current` keeps what it took; whoever asks again gets the new ones. */
export class LiveLayers {
  private readonly dir: string
  private readonly communeOf: CommuneOf
  private readonly shipped: Layer
  private opened = new Map<string, Layer>()
  private now: Layers
  private seen = ''
  private again = Number.POSITIVE_INFINITY
  /** What was told of last: the same is not told every time. */
  private told = ''

  /** Opens what the data folder has. Throws `DataUnreadable`. */
  constructor(dir: string, communeOf: CommuneOf, which: 'all' | 'shipped' = 'all') {
    this.dir = dir
    this.communeOf = communeOf
    const shipped = join(dir, SHIPPED_LAYER)
    this.shipped = openLayer(readShared(shipped), shipped, communeOf)
    const installed = which === 'all' ? installedLayers(dir) : []
    for (const file of filesOf(installed)) {
      const path = join(layersFolder(dir), file)
      this.opened.set(
        file,
        withWayOut(file, () => openLayer(readShared(path, ''), path, communeOf)),
      )
    }
    this.now = this.together(installed)
  }

  get current(): Layers {
    return this.now
  }

  /** Nothing imported is in use. */
  get isShipped(): boolean {
    return this.now.layers.length === 1 && this.now.layers[0] === this.shipped
  }

  /**
   * Looks every second whether the list has changed and takes over the new layers, then calls `onChange`; the files are read
   * without holding the process up. What goes wrong is told once. Ends when the returned function is called.
   */
  watch(onFault: (error: Error) => void, onChange: () => void): () => void {
    let busy = false
    const timer = setInterval(async () => {
      if (busy) return
      busy = true
      const before = this.now
      try {
        await this.look()
      } catch (error) {
        onFault(error as Error)
      }
      if (this.now !== before) onChange()
      busy = false
    }, LOOK_EVERY)
    timer.unref()
    return () => clearInterval(timer)
  }

  /**
   * Takes over what has changed since the last look; true when something has. Throws `DataUnreadable` when the list cannot be
   * used; then the layers stay as they are. Of a layer that cannot be read the version in use stays, and it is tried again; after the
   * others are taken over that is thrown, once.
   */
  async look(): Promise<boolean> {
    const file = manifestFile(this.dir)
    const found = await stat(file).catch(() => null)
    const mark = found ? `${found.ino} ${found.size} ${found.mtimeMs}` : ''
    if (mark === this.seen && Date.now() < this.again) return false
    // a list that cannot be used is told of once, not every second
    this.seen = mark
    const installed = found ? parseManifest(await readFile(file, 'utf8'), file) : []
    const opened = new Map<string, Layer>()
    const inUse = new Map(this.now.layers.map((layer) => [layer.head.name, layer]))
    const faults: Error[] = []
    for (const name of filesOf(installed))
      try {
        opened.set(name, this.opened.get(name) ?? (await this.openSlowly(join(layersFolder(this.dir), name))))
      } catch (error) {
        faults.push(error as Error)
      }
    this.again = faults.length > 0 ? Date.now() + AGAIN_AFTER : Number.POSITIVE_INFINITY
    this.opened = opened
    const next = this.together(installed, inUse)
    const isNew = next.version !== this.now.version
    if (isNew) this.now = next
    const text = faults.map(({ message }) => message).join('; ')
    const isTold = text === this.told
    this.told = text
    if (!isTold && faults.length > 0) throw Object.assign(faults[0]!, { message: text })
    return isNew
  }

  private async openSlowly(path: string): Promise<Layer> {
    const digest = createHash('sha256')
    let head = SEAL_BYTES
    const buffer = await readSharedSlowly(path, (piece) => {
      digest.update(piece.subarray(head))
      head = 0
    })
    return openLayer(buffer, path, this.communeOf, digest.digest())
  }

  /**
   * Imported layers before the shipped one, which is left out when an imported one bears its name. `inUse`: by name, for those
   * that could not be opened.
   */
  private together(installed: readonly InstalledLayer[], inUse?: ReadonlyMap<string, Layer>): Layers {
    const imported = filesOf(installed).flatMap(
      (file) => this.opened.get(file) ?? inUse?.get(layerOfFile(file)) ?? [],
    )
    const isReplaced = imported.some(({ head }) => head.name === this.shipped.head.name)
    return new Layers(isReplaced ? imported : [...imported, this.shipped])
  }
}

/** An imported layer that cannot be read stops the start; what helps is told with it. */
function withWayOut<T>(file: string, open: () => T): T {
  try {
    return open()
  } catch (error) {
    if (error instanceof DataUnreadable) error.message += wayOut(layerOfFile(file))
    throw error
  }
}

const filesOf = (installed: readonly InstalledLayer[]) =>
  installed.flatMap(({ live, versions }) =>
    versions.filter(({ version }) => version === live).map(({ file }) => file),
  )

/** The name of the layer: a file is NAME-VERSION.layer. */
const layerOfFile = (file: string) => file.replace(/-[^-]*$/, '')

/** Layers over buffers that another thread has opened and checked. */
export const layersFrom = (buffers: readonly ArrayBufferLike[], communeOf: CommuneOf): Layers =>
  new Layers(buffers.map((buffer) => openLayer(buffer, 'a layer', communeOf, 'trusted')))

const wayOut = (name: string) =>
  `; \`npx vpostcode layers rollback ${name}\` goes back to the version before, \`layers remove ${name}\` takes all out of use`
