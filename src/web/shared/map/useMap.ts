import type { Map as MapLibre } from 'maplibre-gl'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { LatLon, MapOptions } from './map.ts'

/** A map that is there, and the file that draws on it: both are loaded only when a map is shown. */
export interface Shown {
  map: MapLibre
  module: typeof import('./map.ts')
}

/**
 * A map in the element that takes `place` as its ref, made once `open` is true and removed with it. `draw` is called when the map is there
 * (`first`) and whenever `of` is another value. `failed` when this browser cannot show one.
 */
export function useMap({
  open = true,
  at,
  onPoint,
  of,
  draw,
}: {
  open?: boolean
  /** What is looked at first. */
  at: MapOptions['at']
  /** A click, or nothing. */
  onPoint: ((point: LatLon) => void) | undefined
  of: unknown
  draw(shown: Shown, first: boolean): void
}) {
  const place = useRef<HTMLDivElement>(null)
  const shown = useRef<Shown | null>(null)
  const [failed, setFailed] = useState(false)
  const now = useRef({ at, onPoint, draw })
  now.current = { at, onPoint, draw }

  useEffect(() => {
    if (!open) return
    let gone = false
    const load = async () => {
      const module = await import('./map.ts')
      if (gone) return
      const map = await module.openMap(place.current!, {
        at: now.current.at,
        onClick: (point) => now.current.onPoint?.(point),
      })
      if (gone) return map.remove()
      shown.current = { map, module }
      now.current.draw(shown.current, true)
    }
    load().catch(() => !gone && setFailed(true))
    return () => {
      gone = true
      shown.current?.map.remove()
      shown.current = null
    }
  }, [open])

  useEffect(() => {
    if (shown.current) now.current.draw(shown.current, false)
  }, [of])

  return { place, failed }
}
