import type { Command } from 'commander'
import { load } from '../gazetteer/load.ts'
import { readCoordinates } from '../geo/coordinates.ts'
import { encodePoint, issue } from '../locate/encode.ts'
import { answer } from './answer.ts'

/** `encode`: points to Vpostcodes. */
export function encode(program: Command): void {
  program
    .command('encode')
    .description('the Vpostcode, postcode and commune of a point')
    .argument('[LAT,LON]', 'degrees WGS 84, for example 10.7721,106.6983')
    .option('--ndjson', 'read one point a line from standard input, write one JSON object a line')
    .action(async (point: string | undefined, { ndjson }: { ndjson?: boolean }) => {
      const gazetteer = load()
      await answer(point, ndjson, 'LAT,LON', (input) => {
        const read = readCoordinates(input, '')
        if (!read) throw new Error('bad-coordinates')
        if ('error' in read) throw new Error(read.error)
        const encoded = encodePoint(gazetteer, read.lat, read.lon)
        if (!encoded) throw new Error('outside-coverage')
        const repaired = read.issues.map((code) => issue(code, 'point', 'info', `${read.lat}, ${read.lon}`))
        return { input, ...encoded, issues: [...repaired, ...encoded.issues] }
      })
    })
}
