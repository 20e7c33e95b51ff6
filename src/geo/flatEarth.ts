/** Metres on a flat earth laid at one latitude: right within 0.5 % over the few kilometres that borders are asked for. */
export interface Scale {
  /** Metres per millionth of a degree of longitude. */
  readonly x: number
  /** Metres per millionth of a degree of latitude. */
  readonly y: number
}

/** The scale at a latitude (degrees), by the usual series for WGS 84. */
export function scaleAt(lat: number): Scale {
  const phi = (lat * Math.PI) / 180
  return {
    x: (111412.84 * Math.cos(phi) - 93.5 * Math.cos(3 * phi) + 0.118 * Math.cos(5 * phi)) / 1e6,
    y: (111132.92 - 559.82 * Math.cos(2 * phi) + 1.175 * Math.cos(4 * phi)) / 1e6,
  }
}

/** Metres between two points (degrees WGS 84), on the plane at the first; for neighbours. */
export function metresBetween(
  a: { readonly lat: number; readonly lon: number },
  b: { readonly lat: number; readonly lon: number },
  scale: Scale = scaleAt(a.lat),
): number {
  const x = (b.lon - a.lon) * scale.x
  const y = (b.lat - a.lat) * scale.y
  return Math.sqrt(x * x + y * y) * 1e6
}

/** Squared metres from point (px, py) to the segment a-b, all in millionths of a degree. */
export function squaredDistance(
  px: number,
  py: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
  scale: Scale,
): number {
  const dx = (bx - ax) * scale.x
  const dy = (by - ay) * scale.y
  const ex = (px - ax) * scale.x
  const ey = (py - ay) * scale.y
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, (ex * dx + ey * dy) / length))
  const rx = ex - t * dx
  const ry = ey - t * dy
  return rx * rx + ry * ry
}

/**
 * The area within a ring of x, y pairs in millionths of a degree, from place `from` on, each strip between two vertices at the
 * scale of its latitude; below 0 when the ring runs clockwise.
 */
export function enclosedKm2(xy: ArrayLike<number>, from = 0): number {
  let area = 0
  for (let i = from; i < xy.length; i += 2) {
    const next = i + 2 < xy.length ? i + 2 : from
    const middle = (xy[i + 1]! + xy[next + 1]!) / 2
    const scale = scaleAt(middle / 1e6)
    area += (xy[i]! - xy[next]!) * scale.x * (middle - xy[from + 1]!) * scale.y
  }
  return area / 1e6
}
