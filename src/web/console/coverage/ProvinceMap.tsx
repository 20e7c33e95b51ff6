import { useMemo, useState } from 'preact/hooks'
import type { CoverageLine, UnitShapes } from 'vpostcode/client'
import { ask } from '../../shared/api.ts'
import { Busy, count, Fault } from '../parts.tsx'
import { text } from '../texts.ts'
import { useLoad } from '../use.ts'

const WIDTH = 800
/** Shares at which a step of colour begins; below the first nothing is done. */
const STEPS = [0, 0.25, 0.5, 0.75, 0.95]
const MEASURES = ['coded', 'verified'] as const
type Measure = (typeof MEASURES)[number]

/** The communes of a province coloured by the share that is coded or verified; the table below has the same in numbers. */
export function ProvinceMap({ province, lines }: { province: string; lines: readonly CoverageLine[] }) {
  const [measure, setMeasure] = useState<Measure>('coded')
  const [under, setUnder] = useState<string | null>(null)
  const { data, fault } = useLoad(
    (signal) => ask<UnitShapes>(`/v1/units/${province}/boundary`, { signal, query: { by: 'commune' } }),
    [province],
  )
  const drawn = useMemo(() => (data ? draw(data) : null), [data])
  const lineOf = new Map(lines.map((line) => [line.code, line]))
  const shareOf = (code: string): number | null => {
    const line = lineOf.get(code)
    const of = line?.expected ?? line?.households
    return of ? Math.min(1, line![measure] / of) : null
  }
  const told = under ? lineOf.get(under) : null
  const name = under && drawn?.shapes.find(({ code }) => code === under)?.name
  return (
    <figure class="card stack choropleth">
      <figcaption class="row">
        <strong class="grow">{text('mapOf')}</strong>
        {MEASURES.map((one) => (
          <label key={one} class="row">
            <input type="radio" name="measure" checked={measure === one} onChange={() => setMeasure(one)} />
            {text(one === 'coded' ? 'coded' : 'verifiedShare')}
          </label>
        ))}
      </figcaption>
      {fault && <Fault>{fault}</Fault>}
      {!drawn && !fault && <Busy />}
      {drawn && (
        <svg
          role="img"
          aria-label={text('mapText')}
          viewBox={`0 0 ${WIDTH} ${drawn.height}`}
          onPointerLeave={() => setUnder(null)}
        >
          {drawn.shapes.map(({ code, path }) => (
            <path
              key={code}
              d={path}
              class={`step${stepOf(shareOf(code))}${code === under ? ' under' : ''}`}
              onPointerEnter={() => setUnder(code)}
            />
          ))}
        </svg>
      )}
      <p class="small told" aria-hidden="true">
        {name
          ? told
            ? `${name}: ${text('toldOf', {
                coded: count(told.coded),
                verified: count(told.verified),
                of: count(told.expected ?? told.households),
              })}`
            : `${name}: ${text('nothingYet')}`
          : text('pointAtIt')}
      </p>
      <ul class="legend small">
        <li>
          <span class="swatch stepnone" /> {text('nothingYet')}
        </li>
        {STEPS.map((from, i) => (
          <li key={from}>
            <span class={`swatch step${i}`} /> {Math.round(from * 100)}–
            {Math.round((STEPS[i + 1] ?? 1) * 100)} %
          </li>
        ))}
      </ul>
    </figure>
  )
}

function stepOf(share: number | null): number | 'none' {
  if (share === null) return 'none'
  return STEPS.filter((from) => share >= from).length - 1
}

interface Shape {
  code: string
  name: string
  path: string
}

/** Paths in a picture WIDTH wide; degrees of longitude are shortened as at the middle of the province. */
function draw({ features }: UnitShapes): { shapes: Shape[]; height: number } {
  const boxes = features.map(({ bbox }) => bbox as number[])
  const [west, south, east, north] = [0, 1, 2, 3].map((i) =>
    (i < 2 ? Math.min : Math.max)(...boxes.map((box) => box[i]!)),
  ) as [number, number, number, number]
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const scale = WIDTH / ((east - west) * squeeze)
  const at = ([lon, lat]: number[]) =>
    `${((lon! - west) * squeeze * scale).toFixed(1)} ${((north - lat!) * scale).toFixed(1)}`
  const shapes = features.map(({ properties, geometry }) => ({
    code: properties.code,
    name: properties.fullName,
    path: geometry.coordinates
      .flat()
      .map((ring) => `M${ring.map(at).join('L')}Z`)
      .join(''),
  }))
  return { shapes, height: Math.ceil((north - south) * scale) }
}
