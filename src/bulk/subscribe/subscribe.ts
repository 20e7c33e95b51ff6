import { setTimeout } from 'node:timers/promises'
import type { CopyPlace, CopyStore } from '../../registry/copyStore.ts'
import type { Manifest } from '../publish/manifest.ts'
import { readFeature } from '../publish/readRow.ts'
import type { PublishedHousehold } from '../publish/row.ts'
import { writeChanges, writeRows } from './rows.ts'
import { Lost, MOST_CHANGES, type Source, type SourceChange, SourceRefused } from './source.ts'
import { type CopyState, readState } from './state.ts'

/** Households, and changes, of one transaction. */
const ROWS = 1_000
const CHANGES = 200
/** Milliseconds between two questions when there was nothing new, and between two notes that the source was heard. */
const EVERY = 1_000
const NOTED = 30_000
/** Times in a row that a copy cannot go on, until it is given up. */
const LOSSES = 3

export interface SubscribeOptions {
  place: CopyPlace
  source: Source
  url: string
  /** Only these provinces: their codes in order, with commas; null = all. */
  province: string | null
  signal: AbortSignal
  /** Ends when all that the source has is carried out. */
  once: boolean
  /** Told why a copy is loaded anew. */
  onLost(reason: string): void
  /** Households of the snapshot that are there, of how many. */
  onLoad(rows: number, total: number): void
  /** After each page of the feed. */
  onFollow(carriedOut: number, lag: CopyState['heard']): void
}
type KeepOptions = SubscribeOptions & { copy: CopyStore }

/**
 * Makes a copy of a registry from its latest published set, file by file, and keeps it in step with the change feed. Rows and how
 * far it is are committed together, so it goes on after any end. Where it cannot go on (its set was removed, or the source was
 * brought back from a backup), another copy is loaded and takes its place as a whole; until then the old one answers. Throws
 * SourceRefused for what cannot be right.
 */
export async function subscribe(options: SubscribeOptions): Promise<void> {
  const { place, onLost } = options
  let lost = 0
  const isKept = async (copy: CopyStore, once: boolean): Promise<boolean> => {
    try {
      await keep({ ...options, copy, once })
      return true
    } catch (error) {
      if (!(error instanceof Lost)) throw error
      if (++lost > LOSSES) throw new SourceRefused(error.message)
      onLost(error.message)
      return false
    } finally {
      await copy.close()
    }
  }
  while (!(await isKept(place.open(), options.once))) {
    while (!(await isKept(await place.openAnew(), true))) place.dropAnew()
    await place.takeOver()
    lost = 0
  }
}

async function keep(options: KeepOptions): Promise<void> {
  const { copy, source, province, url } = options
  const { registry, publications } = await source.publications()
  let state = readState(copy.state())
  if (state && state.registry !== registry)
    throw new SourceRefused('this is another registry than the one that was copied: name another file')
  if (state && state.province !== province)
    throw new SourceRefused(
      state.province === null
        ? 'this is a copy of the whole country: leave --province away, or name another file'
        : `this is a copy of province ${state.province}: say --province ${state.province}, or name another file`,
    )
  if (!state || state.loading) {
    const manifest = state
      ? await source.manifest(state.set)
      : await latestOf(
          publications.map(({ set }) => set),
          options,
        )
    if (manifest.registry !== registry) throw new SourceRefused('the manifest is one of another registry')
    // A set that was moved away gives its name to the next one of that day: its files are others.
    if (state && state.cursor !== cursorOf(manifest, province))
      throw new Lost('the set was replaced before all of it was copied')
    state ??= begun(manifest, options)
    await load(state, manifest, options)
  }
  state.source = url
  await followOn(state, options)
}

/** The latest set from which the feed goes on. Those that tell of what was lost with a backup are passed over. */
async function latestOf(sets: readonly string[], { source, province }: SubscribeOptions): Promise<Manifest> {
  for (const set of sets) {
    const manifest = await source.manifest(set)
    try {
      await source.changes(cursorOf(manifest, province), 1, feedOf(province))
      return manifest
    } catch (error) {
      if (!(error instanceof Lost)) throw error
    }
  }
  throw new SourceRefused(
    sets.length === 0
      ? 'nothing is published there yet'
      : 'the source was brought back from a backup, and all its sets tell of what it has lost: they have to be moved away there and a new one published. The same command goes on then',
  )
}

/** The feed that is followed: of one province, or (null) of all, of which `writeChanges` takes what belongs here. */
const feedOf = (province: string | null) => (province?.length === 2 ? province : null)

function cursorOf({ cursor, cursors }: Manifest, province: string | null): string {
  const unknown = province?.split(',').find((code) => cursors[code] === undefined)
  if (unknown !== undefined) throw new SourceRefused(`the source knows no province ${unknown}`)
  const feed = feedOf(province)
  return feed === null ? cursor : cursors[feed]!
}

function begun(manifest: Manifest, { province, url }: SubscribeOptions): CopyState {
  const { registry, set, engineVersion, dataVersion, events } = manifest
  return {
    ...{ source: url, registry, province, set, engineVersion, dataVersion },
    cursor: cursorOf(manifest, province),
    loading: { communes: 0, rows: 0 },
    ends: { ...events },
    heard: { at: Date.now(), behind: 0, seconds: 0 },
  }
}

async function load(state: CopyState, manifest: Manifest, options: KeepOptions): Promise<void> {
  const { copy, source, province, signal, onLoad } = options
  const provinces = province?.split(',')
  const communes = manifest.snapshot.filter((commune) => provinces?.includes(commune.province) ?? true)
  const total = communes.reduce((sum, { rows }) => sum + rows, 0)
  const at = state.loading!
  let done = communes.slice(0, at.communes).reduce((sum, { rows }) => sum + rows, at.rows)
  const write = (rows: readonly PublishedHousehold[], loading: CopyState['loading']) =>
    copy.transaction(async (tx) => {
      await writeRows(tx, rows, state)
      tx.setState(JSON.stringify({ ...state, loading }))
    })
  for (let i = at.communes; i < communes.length; i++) {
    const { commune, rows, geojsonl } = communes[i]!
    let read = 0
    let waiting: PublishedHousehold[] = []
    for await (const line of await source.lines(manifest.set, geojsonl)) {
      signal.throwIfAborted()
      read++
      if (read > rows) throw new SourceRefused(`${geojsonl.path} has more lines than its manifest says`)
      if (i === at.communes && read <= at.rows) continue
      waiting.push(rowOf(line, commune, geojsonl.path, read))
      if (waiting.length < ROWS) continue
      await write(waiting, { communes: i, rows: read })
      done += waiting.length
      waiting = []
      onLoad(done, total)
    }
    if (read !== rows)
      throw new SourceRefused(`${geojsonl.path} has ${read} lines, its manifest says ${rows}`)
    await write(waiting, { communes: i + 1, rows: 0 })
    done += waiting.length
    onLoad(done, total)
  }
  state.loading = null
  await write([], null)
}

function rowOf(line: string, commune: string, path: string, number: number): PublishedHousehold {
  try {
    const row = readFeature(line)
    if (row.commune_code === commune) return row
  } catch {
    // Told below, without what stands in the line.
  }
  throw new SourceRefused(`${path}, line ${number}: this is no household of commune ${commune}`)
}

async function followOn(state: CopyState, options: KeepOptions): Promise<void> {
  const { copy, source, province, signal, once, onFollow } = options
  let noted = 0
  let carriedOut = 0
  for (;;) {
    signal.throwIfAborted()
    const page = await source.changes(state.cursor, MOST_CHANGES, feedOf(province))
    const news = newOf(page.changes, state)
    for (let first = 0; first < news.length; first += CHANGES) {
      const some = news.slice(first, first + CHANGES)
      for (const { province, number } of some) state.ends[province] = number
      await copy.transaction(async (tx) => {
        await writeChanges(tx, some, state)
        tx.setState(JSON.stringify(state))
      })
      carriedOut += some.length
    }
    const last = page.changes.at(-1)
    const moved = page.next !== state.cursor
    if (page.more && !moved) throw new SourceRefused('the source says that there is more, and never tells it')
    state.cursor = page.next
    const seconds = page.more && last ? Math.max(0, (Date.now() - Date.parse(last.at)) / 1000) : 0
    state.heard = { at: Date.now(), behind: page.behind, seconds }
    if (moved || Date.now() - noted > NOTED) {
      noted = Date.now()
      await copy.transaction(async (tx) => tx.setState(JSON.stringify(state)))
    }
    onFollow(carriedOut, state.heard)
    if (page.more) continue
    if (once) return
    await setTimeout(EVERY, undefined, { signal })
  }
}

/** Those that were not carried out yet. Throws SourceRefused when one between them is missing. */
function newOf(changes: readonly SourceChange[], { ends, province }: CopyState): SourceChange[] {
  const seen = { ...ends }
  const feed = feedOf(province)
  return changes.filter((change) => {
    const last = seen[change.province] ?? 0
    if (change.number <= last) return false
    // Of other provinces only those are told that concern the one that is followed.
    if ((feed === null || change.province === feed) && change.number !== last + 1)
      throw new SourceRefused(
        `the source left out change ${last + 1} of province ${change.province}: it told ${change.number}`,
      )
    seen[change.province] = change.number
    return true
  })
}
