import { useState } from 'preact/hooks'
import type { LatLon } from '../../shared/map/map.ts'
import { text } from '../texts.ts'

/** One step of an arrow button: some 3 m, a cell. */
const STEP = 0.000025

/** The point as numbers: what the map does with a click is done here by keyboard. */
export function PointForm({
  place,
  busy,
  hasAccess,
  onPlace,
  onMove,
  onAccess,
}: {
  place: LatLon | null
  busy: boolean
  onPlace: (place: LatLon) => void
  onMove: (point: LatLon & { accuracy: number; surveyed?: true }) => void
  /** Of the household; null takes it away. */
  onAccess: (access: LatLon | null) => void
  hasAccess: boolean
}) {
  const [accuracy, setAccuracy] = useState('10')
  const [surveyed, setSurveyed] = useState(false)
  const number = (name: 'lat' | 'lon') => (
    <label class="field">
      {text(name)}
      <input
        inputMode="decimal"
        value={place ? String(place[name]) : ''}
        onChange={(event) => {
          const value = Number(event.currentTarget.value.replace(',', '.'))
          if (Number.isFinite(value)) onPlace({ lat: place?.lat ?? 0, lon: place?.lon ?? 0, [name]: value })
        }}
      />
    </label>
  )
  const nudge = (name: string, label: string, lat: number, lon: number) => (
    <button
      type="button"
      aria-label={text(name as 'north')}
      disabled={!place}
      onClick={() =>
        place && onPlace({ lat: round(place.lat + lat * STEP), lon: round(place.lon + lon * STEP) })
      }
    >
      {label}
    </button>
  )
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (place) {
          const { lat, lon } = place
          onMove({ lat, lon, accuracy: Number(accuracy) || 10, ...(surveyed ? { surveyed } : {}) })
        }
      }}
    >
      <p class="soft small">{text('pointHint')}</p>
      <div class="row">
        {number('lat')}
        {number('lon')}
        <label class="field short">
          {text('accuracy')}
          <input
            inputMode="numeric"
            value={accuracy}
            onInput={(event) => setAccuracy(event.currentTarget.value)}
          />
        </label>
      </div>
      <div class="row">
        {nudge('north', '↑', 1, 0)}
        {nudge('south', '↓', -1, 0)}
        {nudge('west', '←', 0, -1)}
        {nudge('east', '→', 0, 1)}
        <label class="row">
          <input
            type="checkbox"
            checked={surveyed}
            onChange={(event) => setSurveyed(event.currentTarget.checked)}
          />
          {text('surveyed')}
        </label>
      </div>
      <p class="row">
        <button type="submit" class="main" disabled={busy || !place}>
          {text('movePoint')}
        </button>
        <button
          type="button"
          disabled={busy || !place}
          onClick={() => place && onAccess({ lat: place.lat, lon: place.lon })}
        >
          {text('setAccess')}
        </button>
        {hasAccess && (
          <button type="button" disabled={busy} onClick={() => onAccess(null)}>
            {text('dropAccess')}
          </button>
        )}
      </p>
    </form>
  )
}

const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6
