import 'maplibre-gl/dist/maplibre-gl.css'
import './map.css'
import * as maplibre from 'maplibre-gl'
// Served as it is: a worker from a file needs no blob: in the policy of the page.
import worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import { textsOf } from '../language.ts'
import { styleOf } from './style.ts'

maplibre.setWorkerUrl(new URL(worker, import.meta.url).href)

const text = textsOf({
  map: ['Bản đồ', 'Map'],
  zoomIn: ['Phóng to', 'Zoom in'],
  zoomOut: ['Thu nhỏ', 'Zoom out'],
  notice: ['Nguồn bản đồ', 'Sources of the map'],
  marker: ['Vị trí trên bản đồ', 'Place on the map'],
  borders: ['Địa giới: bản đồ sáp nhập', 'Borders: map of the merger'],
})

/** Degrees WGS 84. */
export interface LatLon {
  lat: number
  lon: number
}

/** The whole country: south-west, north-east. */
const COUNTRY: [[number, number], [number, number]] = [
  [102.1, 8.2],
  [110.2, 23.5],
]

export interface MapOptions {
  /** What is looked at first; without it the whole country. */
  at?: LatLon & { zoom?: number }
  onClick?(point: LatLon): void
}

/**
 * A map in an element that has a height. This file and maplibre are loaded only where a map is asked for:
 * `await import('../shared/map/map.ts')`. Throws where there is no WebGL, and Refusal.
 */
export async function openMap(
  container: HTMLElement,
  { at, onClick }: MapOptions = {},
): Promise<maplibre.Map> {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  const map = new maplibre.Map({
    container,
    style: await styleOf(dark, text('borders')),
    ...(at ? { center: [at.lon, at.lat], zoom: at.zoom ?? 16 } : { bounds: COUNTRY }),
    minZoom: 3.5,
    maxZoom: 20,
    maxPitch: 0,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: still ? 0 : 200,
    attributionControl: false,
    cooperativeGestures: false,
    locale: {
      'Map.Title': text('map'),
      'NavigationControl.ZoomIn': text('zoomIn'),
      'NavigationControl.ZoomOut': text('zoomOut'),
      'AttributionControl.ToggleAttribution': text('notice'),
      'Marker.Title': text('marker'),
    },
  })
  map.touchZoomRotate.disableRotation()
  map.addControl(new maplibre.NavigationControl({ showCompass: false }))
  map.addControl(new maplibre.AttributionControl({ compact: false }))
  if (onClick) map.on('click', ({ lngLat }) => onClick({ lat: lngLat.lat, lon: lngLat.lng }))
  return map
}

/**
 * Goes there, at once where the reader wants no motion.
 * @public used through `Shown.module`, as those below: the file is loaded with the map only
 */
export function goTo(map: maplibre.Map, { lat, lon }: LatLon, zoom = 16): void {
  map.flyTo({ center: [lon, lat], zoom, duration: 600, essential: false })
}

export function addMarker(map: maplibre.Map, { lat, lon }: LatLon, options: maplibre.MarkerOptions = {}) {
  return new maplibre.Marker({ color: '#00664b', ...options }).setLngLat([lon, lat]).addTo(map)
}

/** A polygon as GeoJSON. */
export interface Area {
  type: 'Feature'
  properties: Record<string, unknown>
  geometry: { type: 'Polygon'; coordinates: number[][][] }
}

/**
 * A circle on the ground as GeoJSON.
 * @public
 */
export function circle({ lat, lon }: LatLon, metres: number): Area {
  const ring = Array.from({ length: 65 }, (_, i) => {
    const turn = (i / 64) * 2 * Math.PI
    const up = (metres / 111_195) * Math.sin(turn)
    const right = ((metres / 111_195) * Math.cos(turn)) / Math.cos((lat * Math.PI) / 180)
    return [lon + right, lat + up]
  })
  return { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [ring] } }
}

/** Edges of a cell, degrees WGS 84. */
export interface Bounds {
  south: number
  west: number
  north: number
  east: number
}

/**
 * The edges of a cell as GeoJSON.
 * @public
 */
export function box({ south, west, north, east }: Bounds): Area {
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ]
  return { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [ring] } }
}

/**
 * Shows these areas over the map under a name, in place of those shown before under it.
 * @public
 */
export function showAreas(map: maplibre.Map, name: string, features: Area[], colour = '#00664b'): void {
  const data = { type: 'FeatureCollection' as const, features }
  const show = () => {
    const source = map.getSource<maplibre.GeoJSONSource>(name)
    if (source) {
      source.setData(data)
      return
    }
    map.addSource(name, { type: 'geojson', data })
    map.addLayer({
      id: name,
      type: 'fill',
      source: name,
      paint: { 'fill-color': colour, 'fill-opacity': 0.15 },
    })
    map.addLayer({
      id: `${name} line`,
      type: 'line',
      source: name,
      paint: { 'line-color': colour, 'line-width': 1.5 },
    })
  }
  if (map.getLayer('sea')) show()
  else map.once('style.load', show)
}
