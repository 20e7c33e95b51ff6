import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { inScope } from '../../access/caller.ts'
import { type Manifest, manifestSchema, SET_NAME } from '../../bulk/publish/manifest.ts'
import { manifestOf, setsIn } from '../../bulk/publish/sets.ts'
import { z } from '../params.ts'
import { Problem } from '../problems.ts'
import { type Context, defineRoute, type Route, SENT } from '../route.ts'
import { time } from '../schemas.ts'
import { sendStored } from '../sendStored.ts'

const set = z.string().regex(SET_NAME).openapi({
  description: 'Name of a set: its day in Viet Nam; from the second one of a day on with a number behind it',
  example: '2026-11-22',
})
const summary = z
  .strictObject({
    set,
    takenAt: time,
    households: z.int(),
    bytes: z.int().openapi({ description: 'Of all files' }),
    changes: z
      .strictObject({ since: set, rows: z.int() })
      .nullable()
      .openapi({ description: 'The difference to an earlier set; null in the first one' }),
  })
  .openapi('Publication')
type Summary = z.infer<typeof summary>

const publicationsRoute = defineRoute({
  method: 'get',
  path: '/v1/publications',
  operationId: 'listPublications',
  access: 'registry',
  tag: 'publications',
  summary: 'The published sets of the registry, latest first',
  answer: z.strictObject({
    registry: z.string().openapi({ description: 'Tells this registry from every other' }),
    publications: z.array(summary),
  }),
  problems: ['unknown-parameter'],
  examples: [{}],
  handle(_input, { published: { folder, registry } }) {
    const publications = setsIn(folder).flatMap((name) => summaryOf(folder, name) ?? [])
    return { registry, publications }
  },
})

/** What was read of sets: they never change. */
const summaries = new Map<string, Summary>()

function summaryOf(folder: string, name: string): Summary | null {
  const path = manifestOf(folder, name)
  const known = summaries.get(path)
  if (known) return known
  let manifest: Manifest
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    // Removed after its time, just now.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const { takenAt, households, bytes, changes } = manifest
  const told = {
    set: name,
    takenAt,
    households,
    bytes,
    changes: changes && { since: changes.since, rows: changes.rows },
  }
  summaries.set(path, told)
  return told
}

const FILE = {
  method: 'get',
  access: 'registry',
  tag: 'publications',
  tagged: true,
  ranges: true,
  problems: ['bad-parameter', 'unknown-publication', 'range-not-satisfiable'],
} satisfies Partial<Route>

const manifestRoute = defineRoute({
  ...FILE,
  path: '/v1/publications/{set}/manifest.json',
  operationId: 'getManifest',
  summary: 'What a set holds: moment, cursors, and per commune rows, bytes and checksums',
  description: 'With ETag; Range and If-Range are heard.',
  params: z.strictObject({ set }),
  answer: manifestSchema,
  examples: [{ params: { set: '2026-11-22' } }],
  async handle({ params }, context): Promise<typeof SENT> {
    await sendOf(params.set, 'manifest.json', 'application/json; charset=utf-8', context)
    return SENT
  },
})

const fileRoute = defineRoute({
  ...FILE,
  path: '/v1/publications/{set}/{part}/{province}/{file}',
  operationId: 'getPublishedFile',
  summary: 'The households of a commune, or what changed in it',
  description:
    'Paths stand in the manifest. Gzip, as a file: there is no Content-Encoding. A staff key reads the communes of its scope. With ETag; Range and If-Range are heard.',
  params: z.strictObject({
    set,
    part: z.enum(['snapshot', 'changes']).openapi({ example: 'snapshot' }),
    province: z
      .string()
      .regex(/^\d{2}$/)
      .openapi({ example: '01' }),
    file: z
      .string()
      .regex(/^\d{5}\.(?:csv|geojsonl)\.gz$/)
      .openapi({ description: 'Code of the commune, and the format', example: '00070.csv.gz' }),
  }),
  answer: z.string(),
  media: 'application/gzip',
  problems: [...FILE.problems, 'outside-scope'],
  examples: [{ params: { set: '2026-11-22', part: 'snapshot', province: '01', file: '00070.csv.gz' } }],
  async handle({ params }, context): Promise<typeof SENT> {
    const { set, part, province, file } = params
    if (!inScope(context.caller.scope, province, file.slice(0, 5))) throw new Problem('outside-scope')
    await sendOf(set, join(part, province, file), 'application/gzip', context)
    return SENT
  },
})

/** Sends a file of a set. Every part of the path was held against its form: none can lead out of the folder. */
async function sendOf(name: string, path: string, type: string, { published, res }: Context): Promise<void> {
  const whole = join(published.folder, name, path)
  const found = statSync(whole, { throwIfNoEntry: false })
  if (!found?.isFile()) throw new Problem('unknown-publication')
  await sendStored(res, { path: whole, found, type, tag: name }, 'unknown-publication')
}

export const publicationRoutes: readonly Route[] = [publicationsRoute, manifestRoute, fileRoute]
