import { sealedVersion } from '../sealed.ts'
import { encodeSections } from '../sections.ts'
import { AlleyTree } from './alleyTree.ts'
import { ALLEY_KINDS, LAYER_FILE, type LayerArrays, NONE, TIES } from './arrays.ts'
import { bytesOf, pointBoxes } from './boxes.ts'
import { compareChains } from './chain.ts'
import { type Collected, Collector, type World } from './collect.ts'
import type { LayerFacts } from './layer.ts'
import { buildPieces, compareTexts, type StreetPiece } from './pieces.ts'
import { runsOf } from './runs.ts'
import { TextPool } from './texts.ts'
import { type TiedHouse, tieHouses } from './tie.ts'
import type { LayerHead } from './types.ts'

export interface CompiledLayer {
  readonly bytes: Buffer
  readonly version: string
  readonly report: LayerReport
}
export interface LayerReport {
  readonly collected: Collected
  readonly streets: number
  readonly alleys: number
  /** Alleys that are tied to the street or alley that they leave. */
  readonly alleysTied: number
  readonly houses: number
  /** Houses by how they are tied to their street. */
  readonly housesSaid: number
  readonly housesAlley: number
  readonly housesNear: number
  readonly hamlets: number
  readonly bytes: number
}

/** The shares of the work that are done when the ways are joined, and when the alleys are tied. */
const JOINED = 0.6
const TIED = 0.8

const HEAD_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/

/** Takes raw objects in any order and makes a layer of them. The same objects give the same bytes, whatever their order. */
export class LayerCompiler extends Collector {
  private readonly head: LayerHead
  /** Throws `RangeError` for a head with a bad name or an overlong text. */
  constructor(world: World, head: LayerHead) {
    super(world)
    this.head = checkedHead(head)
  }

  /**
   * Joins, cuts, ties and writes. `watch` is told which share of that is done, 0 to 1, and how many streets there are by now.
   * Throws `RangeError` when there is no named way and no house.
   */
  finish(watch: (share: number, streets: number) => void = () => {}): CompiledLayer {
    if (this.ways.length + this.doors.length === 0)
      throw new RangeError('there is no named way and no house number in it')
    const pieces = buildPieces(this.ways, this.places, this.world, (share, streets) =>
      watch(share * JOINED, streets),
    )
    const { length } = pieces
    const runs = runsOf(pieces)
    const tree = new AlleyTree(pieces, runs)
    watch(TIED, length)
    const houses = tieHouses(this.doors, pieces, tree, (share) => watch(TIED + share * (1 - TIED), length))
    const texts = new TextPool()
    const used = new Set<number>()
    for (const { commune } of [...pieces, ...houses, ...this.places]) used.add(commune)
    const communes = [...used].sort((a, b) => a - b)
    const place = new Map(communes.map((commune, at) => [commune, at]))
    const hamlets = [...this.places].sort(
      (a, b) => a.commune - b.commune || compareTexts(a.name, b.name) || a.x - b.x || a.y - b.y,
    )
    const arrays = {
      ...streetColumns(pieces, texts, (commune) => place.get(commune)!),
      ...tree.columns(texts),
      ...runs.segments,
      runBoxes: bytesOf(runs.boxes),
      ...houseColumns(houses, texts, (commune) => place.get(commune)!),
      hamletXy: Int32Array.from(hamlets.flatMap(({ x, y }) => [x, y])),
      hamletName: Uint32Array.from(hamlets, ({ name }) => texts.place(name)),
      hamletKind: Uint32Array.from(hamlets, ({ kind }) => texts.place(kind)),
      hamletCommune: Uint16Array.from(hamlets, ({ commune }) => place.get(commune)!),
    }
    const facts: LayerFacts = {
      head: this.head,
      communes: communes.map((commune) => this.world.communeCodes[commune]!),
    }
    const bytes = encodeSections(LAYER_FILE, { ...arrays, ...texts.arrays() } as LayerArrays, facts)
    const tied = (tie: TiedHouse['tie']) => houses.filter((house) => house.tie === tie).length
    const report: LayerReport = {
      collected: this.counts,
      streets: pieces.filter(({ alley }) => !alley).length,
      alleys: pieces.filter(({ alley }) => alley).length,
      alleysTied: pieces.filter(({ alley }) => alley?.parent !== undefined).length,
      houses: houses.length,
      housesSaid: tied('said'),
      housesAlley: tied('alley'),
      housesNear: tied('near'),
      hamlets: hamlets.length,
      bytes: bytes.length,
    }
    return { bytes, version: sealedVersion(bytes), report }
  }
}

function checkedHead(head: LayerHead): LayerHead {
  if (!HEAD_NAME.test(head.name))
    throw new RangeError(`a layer's name is 1 to 40 of a-z, 0-9 and "-", not "${head.name}"`)
  for (const field of ['source', 'date', 'licence', 'notice'] as const)
    if (head[field].length > 500) throw new RangeError(`the ${field} of a layer has at most 500 characters`)
  const { name, source, date, licence, notice } = head
  return { name, source, date, licence, notice }
}

function streetColumns(pieces: readonly StreetPiece[], texts: TextPool, place: (commune: number) => number) {
  const lines = pieces.flatMap((piece) => piece.lines)
  const lineStart = new Uint32Array(pieces.length + 1)
  pieces.forEach((piece, row) => {
    lineStart[row + 1] = lineStart[row]! + piece.lines.length
  })
  const pointStart = new Uint32Array(lines.length + 1)
  lines.forEach(({ along }, line) => {
    pointStart[line + 1] = pointStart[line]! + along.length
  })
  const wholeRows = Uint32Array.from(pieces.keys()).sort(
    (a, b) => pieces[a]!.whole - pieces[b]!.whole || pieces[a]!.from - pieces[b]!.from || a - b,
  )
  return {
    streetCommune: Uint16Array.from(pieces, ({ commune }) => place(commune)),
    streetName: Uint32Array.from(pieces, ({ name }) => texts.place(name)),
    streetOthers: Uint32Array.from(pieces, ({ otherNames }) => texts.place(otherNames.join(';'))),
    streetKey: Uint32Array.from(pieces, ({ key }) => texts.place(key)),
    streetHighway: Uint32Array.from(pieces, ({ highway }) => texts.place(highway)),
    streetNeighbourhood: Uint32Array.from(pieces, ({ neighbourhood }) => texts.place(neighbourhood)),
    streetMetres: Float32Array.from(pieces, ({ metres }) => metres),
    streetWhole: Uint32Array.from(pieces, ({ whole }) => whole),
    streetFrom: Float32Array.from(pieces, ({ from }) => from),
    streetTo: Float32Array.from(pieces, ({ to }) => to),
    alleyChain: Uint32Array.from(pieces, ({ alley }) => (alley ? texts.place(alley.numbers.join('/')) : 0)),
    alleyKind: Uint8Array.from(pieces, ({ alley }) => ALLEY_KINDS.indexOf(alley?.kind ?? null)),
    alleyParent: Uint32Array.from(pieces, ({ alley }) => alley?.parent ?? NONE),
    mouth: Int32Array.from(pieces.flatMap(({ alley }) => [alley?.mouth?.y ?? 0, alley?.mouth?.x ?? 0])),
    mouthAlong: Float32Array.from(pieces, ({ alley }) => alley?.mouth?.along ?? Number.NaN),
    mouthSide: Int8Array.from(pieces, ({ alley }) => alley?.mouth?.side ?? 0),
    lineStart,
    pointStart,
    wholeRows,
  }
}

function houseColumns(houses: TiedHouse[], texts: TextPool, place: (commune: number) => number) {
  houses.sort(
    (a, b) =>
      a.street - b.street ||
      compareChains(a.chain.join('/'), b.chain.join('/')) ||
      compareTexts(a.number, b.number) ||
      a.x - b.x ||
      a.y - b.y,
  )
  return {
    houseXy: Int32Array.from(houses.flatMap(({ x, y }) => [x, y])),
    houseNumber: Uint32Array.from(houses, ({ number }) => texts.place(number)),
    houseChain: Uint32Array.from(houses, ({ chain }) => texts.place(chain.join('/'))),
    houseStreet: Uint32Array.from(houses, ({ street }) => street),
    houseCommune: Uint16Array.from(houses, ({ commune }) => place(commune)),
    houseTie: Uint8Array.from(houses, ({ tie }) => TIES.indexOf(tie)),
    houseAlong: Float32Array.from(houses, ({ foot }) => foot?.along ?? 0),
    houseFoot: Int32Array.from(
      houses.flatMap(({ foot }) => [Math.round(foot?.y ?? 0), Math.round(foot?.x ?? 0)]),
    ),
    houseSide: Int8Array.from(houses, ({ foot }) => foot?.side ?? 0),
    houseMetres: Float32Array.from(houses, ({ foot }) => foot?.metres ?? 0),
    houseBoxes: pointBoxes(houses),
  }
}
