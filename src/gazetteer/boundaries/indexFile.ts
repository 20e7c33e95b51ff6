import { type PolygonArrays, PolygonIndex } from '../../geo/polygonIndex.ts'
import { encodeSections, openSections } from '../sections.ts'

const INDEX_FILE = {
  magic: 'VPBI',
  version: 1,
  /** The arrays of the index in the order of the file, with their element types. */
  sections: {
    grid: Int32Array,
    tiles: Int32Array,
    cells: Int32Array,
    lists: Uint16Array,
    xy: Int32Array,
    polygons: Int32Array,
    bandStart: Uint32Array,
    bandEdges: Uint32Array,
  },
} as const

/** What is known of an index besides its arrays. */
export interface IndexFacts {
  /** Commune codes; the index answers with positions in it. */
  readonly codes: readonly string[]
  readonly toleranceMetres: number
  readonly use: 'shipped' | 'imported'
  /** Where the boundaries come from, for people. */
  readonly origin: string
}
export interface OpenedIndex extends IndexFacts {
  readonly version: string
  readonly index: PolygonIndex
}

/** The ready-made index as bytes. */
export const encodeIndex = (arrays: PolygonArrays, facts: IndexFacts): Buffer =>
  encodeSections(INDEX_FILE, arrays as never, facts)

/** Opens the bytes of an index without copying them, as `openSections` does. Throws `DataUnreadable`. */
export function openIndex(buffer: SharedArrayBuffer, source: string, trusted = false): OpenedIndex {
  const { facts, arrays, version } = openSections<typeof INDEX_FILE.sections, IndexFacts>(
    INDEX_FILE,
    buffer,
    source,
    trusted ? 'trusted' : 'all',
  )
  const { codes, use, toleranceMetres, origin } = facts
  return { codes, use, toleranceMetres, origin, version, index: new PolygonIndex(arrays) }
}
