import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'
import provinces from '../../../../seeds/provinces.geojson?url'
import { ask } from '../api.ts'
import { ROOT } from '../root.ts'

interface Colours {
  sea: string
  land: string
  border: string
  street: string
  casing: string
  text: string
  halo: string
}
const LIGHT: Colours = {
  sea: '#dbe6ea',
  land: '#f6f5f1',
  border: '#b9b3c9',
  street: '#ffffff',
  casing: '#d3d0c8',
  text: '#3c4441',
  halo: '#ffffff',
}
const DARK: Colours = {
  sea: '#0b1417',
  land: '#1a211f',
  border: '#5a5470',
  street: '#38433f',
  casing: '#10161a',
  text: '#cfd9d4',
  halo: '#101513',
}

/** /tiles.json of the server. */
interface OwnTiles {
  tiles: string[]
  minzoom: number
  maxzoom: number
  attribution: string
}

/** Zoom at which the tiles of communes take over from the file of provinces. */
const NEAR = 7
/** Broader with the rank of a road and the zoom; `more` pixels for the casing. */
const width = (more: number): ExpressionSpecification => [
  'interpolate',
  ['exponential', 1.6],
  ['zoom'],
  11,
  ['+', more, ['*', 0.4, ['get', 'rank']]],
  15,
  ['+', more, ['*', 2, ['get', 'rank']]],
  18,
  ['+', more, ['*', 7, ['+', 0.6, ['get', 'rank']]]],
]

/**
 * The style of our own map. Labels are drawn with the fonts of the device: none are loaded. Tiles of the operator's choice lie under
 * everything. `notice` is shown behind those of the streets. Throws Refusal.
 */
export async function styleOf(dark: boolean, notice: string): Promise<StyleSpecification> {
  const { tiles: urls, minzoom, maxzoom, attribution } = await ask<OwnTiles>('/tiles.json')
  const c = dark ? DARK : LIGHT
  const label = (size: number) => ({ 'text-font': ['sans-serif'], 'text-size': size })
  const ink = { 'text-color': c.text, 'text-halo-color': c.halo, 'text-halo-width': 1.5 }
  const tiles = tilesOfOperator()
  const land = (opacity: number) => ({
    'fill-color': c.land,
    'fill-opacity': opacity,
    'fill-antialias': false,
  })
  const layers: LayerSpecification[] = [
    { id: 'sea', type: 'background', paint: { 'background-color': c.sea } },
    ...(tiles ? [{ id: 'tiles', type: 'raster', source: 'tiles' } as const] : []),
    { id: 'far', type: 'fill', source: 'provinces', maxzoom: NEAR, paint: land(tiles ? 0 : 1) },
    {
      id: 'land',
      type: 'fill',
      source: 'map',
      'source-layer': 'communes',
      minzoom: NEAR,
      paint: land(tiles ? 0 : 1),
    },
    {
      id: 'communes',
      type: 'line',
      source: 'map',
      'source-layer': 'communes',
      minzoom: 8,
      paint: {
        'line-color': c.border,
        'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.3, 12, 0.8, 16, 1.5],
      },
    },
    {
      id: 'provinces',
      type: 'line',
      source: 'provinces',
      maxzoom: 10,
      paint: { 'line-color': c.border, 'line-width': ['interpolate', ['linear'], ['zoom'], 5, 0.7, 9, 1.6] },
    },
    ...(tiles ? [] : streets(c)),
    {
      id: 'street names',
      type: 'symbol',
      source: 'map',
      'source-layer': 'streets',
      minzoom: 13,
      layout: {
        ...label(12),
        'symbol-placement': 'line',
        'text-field': ['get', 'name'],
        'symbol-sort-key': ['-', 0, ['get', 'rank']],
      },
      paint: ink,
    },
    {
      id: 'houses',
      type: 'symbol',
      source: 'map',
      'source-layer': 'houses',
      minzoom: 16.5,
      layout: { ...label(11), 'text-field': ['get', 'number'] },
      paint: ink,
    },
    {
      id: 'commune names',
      type: 'symbol',
      source: 'map',
      'source-layer': 'places',
      minzoom: 10,
      maxzoom: 15,
      layout: { ...label(13), 'text-field': ['get', 'name'], 'text-max-width': 8 },
      paint: ink,
    },
    {
      id: 'province names',
      type: 'symbol',
      source: 'provinces',
      filter: ['==', ['geometry-type'], 'Point'],
      maxzoom: 9,
      layout: { ...label(13), 'text-field': ['get', 'name'], 'text-max-width': 8 },
      paint: ink,
    },
  ]
  return {
    version: 8,
    sources: {
      provinces: { type: 'geojson', data: new URL(provinces, import.meta.url).href },
      map: {
        type: 'vector',
        // Named from where the server is.
        tiles: urls.map((url) => ROOT.href + url),
        minzoom,
        maxzoom,
        attribution: [escapeHtml(attribution), notice].filter(Boolean).join(' · '),
      },
      ...(tiles
        ? { tiles: { type: 'raster', tiles: [tiles.url], tileSize: 256, attribution: tiles.notice } }
        : {}),
    },
    layers,
  }
}

function streets(c: Colours): LayerSpecification[] {
  const common = { type: 'line', source: 'map', 'source-layer': 'streets' } as const
  const layout = {
    'line-cap': 'round',
    'line-join': 'round',
    'line-sort-key': ['get', 'rank'] as ExpressionSpecification,
  } as const
  return [
    {
      ...common,
      id: 'casings',
      layout: { ...layout },
      paint: { 'line-color': c.casing, 'line-width': width(1.6) },
    },
    {
      ...common,
      id: 'streets',
      layout: { ...layout },
      paint: { 'line-color': c.street, 'line-width': width(0) },
    },
  ]
}

/** Raster tiles that the operator chose (VPOSTCODE_TILES); the server writes them into the page. */
function tilesOfOperator(): { url: string; notice: string } | null {
  const meta = document.querySelector<HTMLMetaElement>('meta[name=tiles]')
  return meta && { url: meta.content, notice: escapeHtml(meta.dataset['notice'] ?? '') }
}

/** maplibre reads notices as HTML. */
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
