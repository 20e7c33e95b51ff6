import Flatbush from 'flatbush'

/** The index of points, as bytes. */
export const pointBoxes = (points: readonly { x: number; y: number }[]): Uint8Array =>
  bytesOf(indexed(points.flatMap(({ x, y }) => [x, y, x, y])))

/** Of boxes given as left, bottom, right, top; null when there is none. */
export function indexed(boxes: readonly number[]): Flatbush | null {
  if (boxes.length === 0) return null
  const index = new Flatbush(boxes.length / 4, 16, Int32Array)
  for (let i = 0; i < boxes.length; i += 4) index.add(boxes[i]!, boxes[i + 1]!, boxes[i + 2]!, boxes[i + 3]!)
  index.finish()
  return index
}

export const bytesOf = (index: Flatbush | null) => new Uint8Array(index?.data ?? new ArrayBuffer(0))
