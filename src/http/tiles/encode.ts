import { PbfWriter } from 'pbf'

/** Units across a tile. */
export const EXTENT = 4_096
/** As the format numbers them. */
export const POINT = 1
export const LINE = 2
export const POLYGON = 3

/** A thing on a tile: x, y, x, y ... in units of the tile from its north-western corner, one list a point, line or ring. */
export interface TileFeature {
  type: typeof POINT | typeof LINE | typeof POLYGON
  parts: readonly (readonly number[])[]
  properties: Record<string, string | number>
}

/** A Mapbox Vector Tile (specification 2.1) of layers by name. Rings have the turn that the format asks for already. */
export function encodeTile(layers: Record<string, readonly TileFeature[]>): Uint8Array {
  const tile = new PbfWriter()
  for (const [name, features] of Object.entries(layers))
    if (features.length > 0) tile.writeMessage(3, (_, out) => writeLayer(name, features, out), null)
  return tile.finish()
}

function writeLayer(name: string, features: readonly TileFeature[], out: PbfWriter): void {
  out.writeVarintField(15, 2)
  out.writeStringField(1, name)
  const keys = new Map<string, number>()
  const values = new Map<string | number, number>()
  const indexIn = <T>(known: Map<T, number>, one: T) => {
    if (!known.has(one)) known.set(one, known.size)
    return known.get(one)!
  }
  for (const { type, parts, properties } of features) {
    const tags = Object.entries(properties).flatMap(([key, value]) => [
      indexIn(keys, key),
      indexIn(values, value),
    ])
    out.writeMessage(
      2,
      (_, feature) => {
        feature.writePackedVarint(2, tags)
        feature.writeVarintField(3, type)
        feature.writePackedVarint(4, commandsOf(type, parts))
      },
      null,
    )
  }
  for (const key of keys.keys()) out.writeStringField(3, key)
  for (const value of values.keys())
    out.writeMessage(
      4,
      (_, one) => {
        if (typeof value === 'string') one.writeStringField(1, value)
        else one.writeDoubleField(3, value)
      },
      null,
    )
  out.writeVarintField(5, EXTENT)
}

/** MoveTo, LineTo and ClosePath with the differences of the positions in zigzag. */
function commandsOf(type: number, parts: TileFeature['parts']): number[] {
  const commands: number[] = []
  let [x, y] = [0, 0]
  const moveBy = (part: readonly number[], i: number) => {
    const [dx, dy] = [part[i]! - x, part[i + 1]! - y]
    commands.push((dx << 1) ^ (dx >> 31), (dy << 1) ^ (dy >> 31))
    x += dx
    y += dy
  }
  for (const part of parts) {
    commands.push((1 << 3) | 1)
    moveBy(part, 0)
    if (type === POINT) continue
    commands.push(((part.length / 2 - 1) << 3) | 2)
    for (let i = 2; i < part.length; i += 2) moveBy(part, i)
    if (type === POLYGON) commands.push((1 << 3) | 7)
  }
  return commands
}
