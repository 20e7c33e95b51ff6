import type { Map as MapLibre, Marker } from 'maplibre-gl'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { LatLon } from '../shared/map/map.ts'
import { text } from './texts.ts'

/** A place on the map: `label` is one sign that stands for it in the list beside. */
export interface Pin extends LatLon {
  label: string
  colour?: string
}

interface Shown {
  map: MapLibre
  markers: Marker[]
  module: typeof import('../shared/map/map.ts')
}

/** Pins on the map; with `onPoint` a click says where something stands. What it shows stands beside it as text too. */
export function PlaceMap({ pins, onPoint }: { pins: readonly Pin[]; onPoint?: (point: LatLon) => void }) {
  const place = useRef<HTMLDivElement>(null)
  const shown = useRef<Shown | null>(null)
  const [failed, setFailed] = useState(false)
  const click = useRef(onPoint)
  click.current = onPoint
  const drawn = JSON.stringify(pins)

  useEffect(() => {
    let gone = false
    const load = async () => {
      const module = await import('../shared/map/map.ts')
      if (gone) return
      const at = pins[0] && { ...pins[0], zoom: 15 }
      const map = await module.openMap(place.current!, { at, onClick: (point) => click.current?.(point) })
      if (gone) return map.remove()
      shown.current = { map, markers: [], module }
      draw(shown.current, pins)
    }
    load().catch(() => !gone && setFailed(true))
    return () => {
      gone = true
      shown.current?.map.remove()
      shown.current = null
    }
    // The map is made once; pins are drawn below.
  }, [])

  useEffect(() => {
    if (shown.current) draw(shown.current, pins)
  }, [drawn])

  if (failed) return <p class="notice">{text('mapFailed')}</p>
  return <div class="placemap" ref={place} data-keys />
}

function draw(shown: Shown, pins: readonly Pin[]): void {
  const { map, module } = shown
  for (const marker of shown.markers) marker.remove()
  shown.markers = pins.map((pin) => {
    const element = document.createElement('span')
    element.className = 'pin'
    element.textContent = pin.label
    element.style.background = pin.colour ?? ''
    return module.addMarker(map, pin, { element, anchor: 'center' })
  })
  if (pins.length === 0) return
  const lats = pins.map(({ lat }) => lat)
  const lons = pins.map(({ lon }) => lon)
  map.fitBounds(
    [
      [Math.min(...lons), Math.min(...lats)],
      [Math.max(...lons), Math.max(...lats)],
    ],
    { padding: 50, maxZoom: 17, duration: 0 },
  )
}
