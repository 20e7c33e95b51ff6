import type { Marker } from 'maplibre-gl'
import { useRef } from 'preact/hooks'
import type { LatLon } from '../shared/map/map.ts'
import { type Shown, useMap } from '../shared/map/useMap.ts'
import { text } from './texts.ts'

/** A place on the map: `label` is one sign that stands for it in the list beside. */
export interface Pin extends LatLon {
  label: string
  colour?: string
}

/** Pins on the map; with `onPoint` a click says where something stands. What it shows stands beside it as text too. */
export function PlaceMap({ pins, onPoint }: { pins: readonly Pin[]; onPoint?: (point: LatLon) => void }) {
  const markers = useRef<Marker[]>([])
  const { place, failed } = useMap({
    at: pins[0] && { ...pins[0], zoom: 15 },
    onPoint,
    of: JSON.stringify(pins),
    draw(shown) {
      for (const marker of markers.current) marker.remove()
      markers.current = draw(shown, pins)
    },
  })
  if (failed) return <p class="notice">{text('mapFailed')}</p>
  return <div class="placemap" ref={place} data-keys />
}

function draw({ map, module }: Shown, pins: readonly Pin[]): Marker[] {
  const markers = pins.map((pin) => {
    const element = document.createElement('span')
    element.className = 'pin'
    element.textContent = pin.label
    element.style.background = pin.colour ?? ''
    return module.addMarker(map, pin, { element, anchor: 'center' })
  })
  if (pins.length === 0) return markers
  const lats = pins.map(({ lat }) => lat)
  const lons = pins.map(({ lon }) => lon)
  map.fitBounds(
    [
      [Math.min(...lons), Math.min(...lats)],
      [Math.max(...lons), Math.max(...lats)],
    ],
    { padding: 50, maxZoom: 17, duration: 0 },
  )
  return markers
}
