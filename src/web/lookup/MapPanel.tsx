import type { Marker } from 'maplibre-gl'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { LatLon } from '../shared/map/map.ts'
import { type Shown, useMap } from '../shared/map/useMap.ts'
import type { Answer } from './answer.ts'
import { text } from './texts.ts'

/** From this width on there is room for the map beside an answer, and it opens with the first one. */
const WIDE = '(min-width: 60rem)'

/** The map beside the answer; loaded when it is asked for. A click asks for the code there. */
export function MapPanel({ answer, onPoint }: { answer: Answer | null; onPoint(point: LatLon): void }) {
  const [asked, setAsked] = useState(false)
  const marker = useRef<Marker | undefined>(undefined)
  const point = answer?.point
  const { place, failed } = useMap({
    open: asked,
    at: point && { ...point, zoom: zoomOf(point) },
    onPoint,
    of: answer,
    draw(shown, first) {
      marker.current?.remove()
      marker.current = draw(shown, answer, !first)
    },
  })
  useEffect(() => {
    if (!asked && point && matchMedia(WIDE).matches) setAsked(true)
  }, [point, asked])

  return (
    <section class="map" aria-label={text('showMap')}>
      {failed ? (
        <p class="notice">{text('mapFailed')}</p>
      ) : asked ? (
        <>
          <div class="canvas" ref={place} />
          <p class="soft small">{text('mapHint')}</p>
        </>
      ) : (
        <button type="button" onClick={() => setAsked(true)}>
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

function draw({ map, module }: Shown, answer: Answer | null, move: boolean): Marker | undefined {
  const point = answer?.point
  const areas = point?.accuracy ? [module.circle(point, point.accuracy)] : []
  if (point?.cell) areas.push(module.box(point.cell))
  module.showAreas(map, 'answer', areas)
  if (point && move) module.goTo(map, point, zoomOf(point))
  return point && module.addMarker(map, point)
}
