import type { LayerSink } from '../streetLayer/types.ts'
import { BlobFile } from './blobs.ts'
import { OsmBlock } from './block.ts'
import { NodeTable, Refs } from './nodeTable.ts'
import { KEYS, type Meaning, meaningOf, put } from './objects.ts'
import type { Watch } from './read.ts'
import { MapUnreadable } from './unreadable.ts'

/** What may be kept. OpenStreetMap has some 300,000 named ways in the country, with a few million nodes. */
const MOST_WAYS = 5_000_000
const MOST_REFS = 50_000_000

interface KeptWay {
  readonly id: number
  readonly meaning: Meaning
  /** Its nodes stand in the list of all from here to `to`. */
  readonly from: number
  readonly to: number
}

/**
 * Reads an OpenStreetMap PBF file of any size, in two passes: first the ways, which tell the nodes that are needed, then the
 * nodes. In memory are the ways that count and their nodes, 16 bytes for each and 8 for each mention. A way whose nodes are
 * not all in the file falls into the pieces that are; relations are not read. Throws `MapUnreadable`.
 */
export async function readPbf(path: string, sink: LayerSink, watch: Watch): Promise<{ incomplete: number }> {
  const file = await BlobFile.open(path)
  try {
    const refs = new Refs()
    const ways: KeptWay[] = []
    const withNodes: number[] = []
    for await (const { from, to, bytes } of file.blocks()) {
      explained(file, from, () => {
        const block = new OsmBlock(bytes, KEYS)
        if (block.hasNodes) withNodes.push(from)
        block.ways((id, tags, nodes) => {
          const meaning = meaningOf(tags, true)
          if (!meaning) return
          const first = refs.length
          refs.add(nodes())
          ways.push({ id, meaning, from: first, to: refs.length })
        })
      })
      if (ways.length > MOST_WAYS || refs.length > MOST_REFS)
        throw new MapUnreadable(
          `${path} has more than ${MOST_WAYS} ways with a name or number, or they have more than ${MOST_REFS} nodes: import it in parts`,
        )
      watch(to / file.size / 2)
    }
    const table = new NodeTable(refs)
    for await (const { from, to, bytes } of file.blocks(withNodes)) {
      const found: [id: string, meaning: Meaning, points: number[][]][] = []
      explained(file, from, () =>
        new OsmBlock(bytes, KEYS).nodes((id, lat, lon, tags) => {
          table.found(id, lat, lon)
          const meaning = tags && meaningOf(tags, false)
          if (meaning) found.push([`n${id}`, meaning, [[lat / 1e7, lon / 1e7]]])
        }),
      )
      for (const object of found) put(sink, ...object)
      watch(0.5 + to / file.size / 2)
    }
    let incomplete = 0
    for (const { id, meaning, from, to } of ways) {
      const pieces = table.pieces(from, to)
      if (pieces.length !== 1 || pieces[0]!.length < 2 * (to - from)) incomplete++
      put(sink, `w${id}`, meaning, pieces)
    }
    return { incomplete }
  } finally {
    file.close()
  }
}

/** What is wrong with the bytes of a block is told with their place in the file. */
function explained(file: BlobFile, at: number, work: () => void): void {
  try {
    work()
  } catch (error) {
    throw file.fault(at, `it is damaged (${(error as Error).message})`)
  }
}
