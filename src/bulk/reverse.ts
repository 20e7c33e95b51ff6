import type { Gazetteer } from '../gazetteer/types.ts'
import { degrees } from '../locate/encode.ts'
import type { KnownHouseholds } from '../locate/knownHouseholds.ts'
import { type Beside, reverse } from '../locate/reverse.ts'
import type { Counts } from '../registry/jobStore.ts'
import type { RowStatus } from '../registry/types.ts'
import { lineOf } from './cells.ts'
import { type FileJobSummary, runFileJob } from './fileJob.ts'
import type { FileJobOptions } from './job.ts'
import { LineSink } from './lineSink.ts'
import type { PreparedLine } from './prepare.ts'
import { RESULT_COLUMNS } from './result.ts'

/** Metres in which a household is looked for, as in GET /v1/reverse. */
const RADIUS = 100

/**
 * The columns of `assign`; the metres from the row's point to the household, else to the street or hamlet; where there is no
 * household that street or hamlet, and the number that a house at the point should have.
 */
const OWN_COLUMNS = ['distance', 'street', 'estimated_number', 'hamlet'] as const
export const REVERSE_COLUMNS = [...RESULT_COLUMNS, ...OWN_COLUMNS]
type Cells = Partial<Record<(typeof RESULT_COLUMNS)[number] | (typeof OWN_COLUMNS)[number], string>>

export interface ReverseOptions extends FileJobOptions {
  households: Pick<KnownHouseholds, 'nearest' | 'idsNear'>
}

/** Answers each row's point with the nearest known household, else with its commune and the code of the point itself. */
export const reverseFile = ({ households, ...options }: ReverseOptions): Promise<FileJobSummary> =>
  runFileJob(options, {
    kind: 'reverse',
    columns: REVERSE_COLUMNS,
    reads: 'point',
    sink: ({ at, file, delimiter }) =>
      new LineSink(at, file, (lines, counts) =>
        pointLines(lines, delimiter, counts, { gazetteer: options.gazetteer, households }),
      ),
  })

interface Known {
  gazetteer: Gazetteer
  households: ReverseOptions['households']
}

/** The lines of the result; adds to `counts` how many there are of each status. */
export async function pointLines(
  lines: readonly PreparedLine[],
  delimiter: string,
  counts: Counts,
  known: Known,
): Promise<string> {
  let text = ''
  for (const line of lines) {
    const found = await answer(line, known)
    const status = found.status as RowStatus
    // What the registry is asked can reject a row too.
    if (status === 'rejected') line.rejected ??= 'outside-coverage'
    counts[status] = (counts[status] ?? 0) + 1
    const ours = REVERSE_COLUMNS.map((name) => found[name as keyof Cells] ?? '')
    text += `${line.input}${delimiter}${lineOf(ours, delimiter)}\n`
  }
  return text
}

/** The street or hamlet at a point, when one is known. */
function besides(beside: Beside | undefined): Cells {
  if (!beside) return {}
  const { place, metres, estimate } = beside
  return {
    precision: place.precision,
    accuracy: String(place.accuracy),
    distance: String(Math.round(metres * 10) / 10),
    // Of an alley its whole name.
    street: place.type === 'street' ? place.name : (place.street ?? ''),
    estimated_number: place.housenumber ?? (estimate ? String(estimate.number) : ''),
    hamlet: place.type === 'locality' ? place.name : '',
  }
}

/** A row with a known household is `unchanged`, one without waits for a `visit`, one without a usable point is `rejected`. */
async function answer({ location, rejected, issues }: PreparedLine, deps: Known): Promise<Cells> {
  const noPlace = (code?: string): Cells => ({
    status: 'rejected',
    precision: 'none',
    grade: 'D',
    confidence: '0',
    issues: [...issues, ...(code ? [code] : [])].join(';'),
  })
  if (rejected || !location) return noPlace()
  const { place, households, found } = await reverse(deps, location.lat, location.lon, RADIUS, 1)
  const [near] = households
  // The household's commune may be newer than the data.
  const commune =
    deps.gazetteer.commune(near?.household.communeCode ?? '') ??
    deps.gazetteer.commune(place?.commune.code ?? '')
  if (!commune) return noPlace('outside-coverage')
  const units = {
    commune_code: commune.code,
    commune_name: commune.fullName,
    province_code: commune.province.code,
    province_name: commune.province.fullName,
    issues: [...issues, ...(place?.issues ?? []).map(({ code }) => code)].join(';'),
  }
  if (!near) {
    return {
      ...units,
      status: 'visit',
      vpostcode: place!.vpostcode,
      postcode: place!.postcode,
      latitude: String(degrees(location.lat)),
      longitude: String(degrees(location.lon)),
      precision: 'commune',
      ...besides(found[0]),
    }
  }
  const { id, vpostcode, postcode, point } = near.household
  return {
    ...units,
    status: 'unchanged',
    household_id: id,
    vpostcode: vpostcode ?? '',
    postcode,
    latitude: String(degrees(point!.lat)),
    longitude: String(degrees(point!.lon)),
    precision: 'household',
    accuracy: String(point!.accuracy),
    distance: String(Math.round(near.metres * 10) / 10),
  }
}
