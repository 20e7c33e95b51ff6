import { createRequire } from 'node:module'
import type { Converter } from 'proj4'

/** Loaded with the first point in metres: few are, and no start waits for it. */
const require = createRequire(import.meta.url)

/**
 * VN-2000, the national datum, in zones of 3 degrees (TM-3): transverse Mercator on the ellipsoid of WGS 84, scale 0.9999, false
 * easting 500 km. The seven parameters to WGS 84 are those of Decision 05/2007/QD-BTNMT as EPSG has them; good to some decimetres.
 */
const TO_WGS84 = '-191.90441429,-39.30318279,-111.45032835,-0.00928836,0.01975479,-0.00427372,0.252906278'

const projections = new Map<number, Converter>()

/** Northing and easting (metres) of the zone of a central meridian (degrees) as degrees WGS 84. */
export function fromVn2000(
  northing: number,
  easting: number,
  meridian: number,
): { lat: number; lon: number } {
  let projection = projections.get(meridian)
  if (!projection) {
    const proj4: typeof import('proj4') = require('proj4')
    projection = proj4(
      `+proj=tmerc +lat_0=0 +lon_0=${meridian} +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 +towgs84=${TO_WGS84} +units=m +no_defs`,
      'WGS84',
    )
    projections.set(meridian, projection)
  }
  const [lon, lat] = projection.forward([easting, northing]) as [number, number]
  return { lat, lon }
}
