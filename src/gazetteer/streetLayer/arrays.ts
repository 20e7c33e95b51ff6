import type { Arrays } from '../sections.ts'

/** No row. */
export const NONE = 0xffffffff

/**
 * The file of a layer. Texts are places in one pool (0 = ''); communes are places in the list of codes of its head. Streets
 * stand by commune, houses by street, hamlets by commune. Coordinates are millionths of a degree, lengths metres.
 */
export const LAYER_FILE = {
  magic: 'VPSL',
  version: 1,
  sections: {
    textBytes: Uint8Array,
    /** Where each text begins, with one closing entry. */
    textStart: Uint32Array,

    streetCommune: Uint16Array,
    streetName: Uint32Array,
    /** Joined by ";". */
    streetOthers: Uint32Array,
    streetKey: Uint32Array,
    streetHighway: Uint32Array,
    streetNeighbourhood: Uint32Array,
    streetMetres: Float32Array,
    streetWhole: Uint32Array,
    streetFrom: Float32Array,
    streetTo: Float32Array,
    /** "42/3" as written; 0 = no alley. */
    alleyChain: Uint32Array,
    /** Place in ALLEY_KINDS. */
    alleyKind: Uint8Array,
    alleyParent: Uint32Array,
    /** Latitude, longitude of each street. */
    mouth: Int32Array,
    /** NaN = it does not meet its parent. */
    mouthAlong: Float32Array,
    /** -1 left, 1 right, 0 on it. */
    mouthSide: Int8Array,

    /** First line of each street, first point of each line, each with one closing entry. */
    lineStart: Uint32Array,
    pointStart: Uint32Array,
    /** Longitude, latitude. */
    xy: Int32Array,
    along: Float32Array,

    /** Streets by whole, then along. */
    wholeRows: Uint32Array,
    /** Alleys by the whole of their parent, then number; those without parent are not in it. */
    childRows: Uint32Array,

    /** Keys of streets in the order of their letters; the usual spelling; the streets of each. */
    keyText: Uint32Array,
    keyName: Uint32Array,
    keyStart: Uint32Array,
    keyRows: Uint32Array,
    /** The same of alleys: "le loi|42/3". */
    alleyKeyText: Uint32Array,
    alleyKeyStart: Uint32Array,
    alleyKeyRows: Uint32Array,

    /** First point, number of segments and street of each run of segments in the index. */
    runPoint: Uint32Array,
    runLength: Uint8Array,
    runStreet: Uint32Array,
    /** Flatbush of the runs. */
    runBoxes: Uint8Array,

    /** Longitude, latitude. */
    houseXy: Int32Array,
    houseNumber: Uint32Array,
    houseChain: Uint32Array,
    houseStreet: Uint32Array,
    houseCommune: Uint16Array,
    /** Place in TIES. */
    houseTie: Uint8Array,
    houseAlong: Float32Array,
    houseFoot: Int32Array,
    houseSide: Int8Array,
    houseMetres: Float32Array,
    /** Flatbush of the houses. */
    houseBoxes: Uint8Array,

    /** Longitude, latitude. */
    hamletXy: Int32Array,
    hamletName: Uint32Array,
    hamletKind: Uint32Array,
    hamletCommune: Uint16Array,
  },
} as const
export type LayerArrays = Arrays<typeof LAYER_FILE.sections>

export const ALLEY_KINDS = [null, 'ngo', 'ngach', 'hem', 'kiet'] as const
export const TIES = [null, 'said', 'alley', 'near'] as const
