import { NUMBERS } from './formats.ts'

/** Results as JSON: GeoJSON or one object a line. Result columns that say nothing are null, numbers are numbers. */

export interface Table {
  /** Names that differ from each other. */
  names: readonly string[]
  /** Columns of the input: their cells stay text. */
  inputs: number
  rows: Iterable<string[][]>
}

/** One object a line. */
export function* ndjson({ rows, ...table }: Table): Generator<string> {
  for (const some of rows) yield some.map((cells) => `${JSON.stringify(object(cells, table))}\n`).join('')
}

/** The beginning of a collection, which tells whose result it is. */
export const geojsonHead = (names: readonly string[]) =>
  `{"type":"FeatureCollection","columns":${JSON.stringify(names)},"features":[\n`

/** A collection of points (RFC 7946), one feature a line; a row without a place has no geometry. */
export function* geojson({ rows, ...table }: Table): Generator<string> {
  yield geojsonHead(table.names)
  const lat = table.names.lastIndexOf('latitude')
  const lon = table.names.lastIndexOf('longitude')
  let first = true
  for (const some of rows) {
    const lines = some.map((cells) => {
      const point = cells[lat] && cells[lon] ? [Number(cells[lon]), Number(cells[lat])] : null
      return JSON.stringify({
        type: 'Feature',
        geometry: point && { type: 'Point', coordinates: point },
        properties: object(cells, table),
      })
    })
    if (lines.length === 0) continue
    yield (first ? '' : ',\n') + lines.join(',\n')
    first = false
  }
  yield '\n]}\n'
}

function object(
  cells: readonly string[],
  { names, inputs }: Omit<Table, 'rows'>,
): Record<string, string | number | null> {
  return Object.fromEntries(
    names.map((name, i) => {
      const cell = cells[i] ?? ''
      if (i < inputs) return [name, cell]
      if (cell === '') return [name, null]
      return [name, NUMBERS.has(name.replace(/^(?:result_)+/, '')) ? Number(cell) : cell]
    }),
  )
}
