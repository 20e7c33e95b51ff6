import type { Map as MapLibre, Marker } from 'maplibre-gl'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { LatLon } from '../shared/map/map.ts'
import type { Answer } from './answer.ts'
import { text } from './texts.ts'

/** From this width on there is room for the map beside an answer, and it opens with the first one. */
const WIDE = '(min-width: 60rem)'

interface Shown {
  map: MapLibre
  marker?: Marker
  module: typeof import('../shared/map/map.ts')
}

/** The map beside the answer; loaded when it is asked for. A click asks for the code there. */
export function MapPanel({ answer, onPoint }: { answer: Answer | null; onPoint(point: LatLon): void }) {
  const place = useRef<HTMLDivElement>(null)
  const shown = useRef<Shown | null>(null)
  const [state, setState] = useState<'closed' | 'open' | 'failed'>('closed')
  const click = useRef(onPoint)
  click.current = onPoint
  const point = answer?.point

  useEffect(() => {
    if (state === 'closed' && point && matchMedia(WIDE).matches) setState('open')
  }, [point, state])

  useEffect(() => {
    if (state !== 'open') return
    let gone = false
    const load = async () => {
      const module = await import('../shared/map/map.ts')
      if (gone) return
      const at = point && { ...point, zoom: zoomOf(point) }
      const map = await module.openMap(place.current!, { at, onClick: (clicked) => click.current(clicked) })
      if (gone) return map.remove()
      shown.current = { map, module }
      draw(shown.current, answer, false)
    }
    load().catch(() => setState('failed'))
    return () => {
      gone = true
      shown.current?.map.remove()
      shown.current = null
    }
    // The map is made once; answers are drawn below.
  }, [state])

  useEffect(() => {
    if (shown.current) draw(shown.current, answer, true)
  }, [answer])

  return (
    <section class="map" aria-label={text('showMap')}>
      {state === 'open' ? (
        <>
          <div class="canvas" ref={place} />
          <p class="soft small">{text('mapHint')}</p>
        </>
      ) : state === 'failed' ? (
        <p class="notice">{text('mapFailed')}</p>
      ) : (
        <button type="button" onClick={() => setState('open')}>
          {text('showMap')}
        </button>
      )}
    </section>
  )
}

/** Shows a few times the error around the point, at least the streets around it. */
function zoomOf({ accuracy }: NonNullable<Answer['point']>): number {
  return Math.max(6, Math.min(17, Math.log2(15_000_000 / (accuracy || 30))))
}

function draw(shown: Shown, answer: Answer | null, move: boolean): void {
  const { map, module } = shown
  const point = answer?.point
  shown.marker?.remove()
  shown.marker = point && module.addMarker(map, point)
  const areas = point?.accuracy ? [module.circle(point, point.accuracy)] : []
  if (point?.cell) areas.push(module.box(point.cell))
  module.showAreas(map, 'answer', areas)
  if (point && move) module.goTo(map, point, zoomOf(point))
}
