import { extname } from 'node:path'

/** How a result is written. */
export const FORMATS = ['csv', 'xlsx', 'geojson', 'ndjson'] as const
export type Format = (typeof FORMATS)[number]

const EXTENSIONS: Record<string, Format> = {
  '.xlsx': 'xlsx',
  '.geojson': 'geojson',
  '.json': 'geojson',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
}

/** The format that a file name asks for; any name that asks for none is CSV. */
export const formatOf = (path: string): Format => EXTENSIONS[extname(path).toLowerCase()] ?? 'csv'

/** Result columns that hold numbers; all others hold text. */
export const NUMBERS: ReadonlySet<string> = new Set([
  'latitude',
  'longitude',
  'accuracy',
  'confidence',
  'distance',
])

/** The headers as names that differ from each other and are not empty. */
export function uniqueNames(header: readonly string[]): string[] {
  const taken = new Set<string>()
  return header.map((cell, i) => {
    const name = cell || `column_${i + 1}`
    let free = name
    for (let n = 2; taken.has(free); n++) free = `${name}_${n}`
    taken.add(free)
    return free
  })
}
