import { lineOf } from '../../bulk/cells.ts'
import { guarded } from '../../bulk/guard.ts'
import { HEADER } from '../../bulk/worklist/sheet.ts'
import { toVisit, visitCells } from '../../bulk/worklist/write.ts'
import type { Place } from '../../registry/types.ts'
import { requireScope } from '../households/scope.ts'
import { logFailure } from '../log.ts'
import { z } from '../params.ts'
import { Problem } from '../problems.ts'
import { type Context, defineRoute, SENT } from '../route.ts'
import { sendLines } from '../sendLines.ts'
import { openShares, UNDER_WAY } from '../slots.ts'

const PAGE = 100
/** Lists under way of one key in one process. */
const shares = openShares(UNDER_WAY.worklists)

export const worklistRoute = defineRoute({
  method: 'get',
  path: '/v1/worklist',
  operationId: 'getWorklist',
  access: 'registry',
  tag: 'households',
  summary: 'The households of a commune that wait for a visit, as a list to be filled in on site',
  description:
    'CSV with a byte order mark, in the columns of the command `worklist`; `worklist read` takes it back. In the order of the addresses.',
  query: z.strictObject({
    commune: z.string().max(5).openapi({ description: 'Five digits', example: '00070' }),
  }),
  answer: z.string(),
  media: 'text/csv',
  problems: [
    'unknown-parameter',
    'missing-parameter',
    'bad-parameter',
    'unknown-unit',
    'outside-scope',
    'too-many-at-once',
  ],
  examples: [{ query: { commune: '00082' } }],
  async handle({ query }, context): Promise<typeof SENT> {
    const { gazetteer, caller, res, req, log } = context
    const commune = gazetteer.commune(query.commune)
    if (!commune) throw new Problem('unknown-unit')
    const place = { provinceCode: commune.province.code, communeCode: commune.code }
    requireScope(caller, place)
    const leave = shares.take(`${caller.key!.line}`)
    try {
      res.attachment(`worklist-${commune.code}.csv`)
      res.set({ 'Content-Type': 'text/csv; charset=utf-8', 'Cache-Control': 'no-store, no-transform' })
      if (req.method === 'HEAD') {
        res.end()
        return SENT
      }
      if ((await sendLines(res, `\ufeff${line(HEADER)}`, visits(place, context))) !== null) res.end()
    } catch (error) {
      // The first line is out: a list that is cut off must not look whole.
      logFailure(log, req.id, error)
      res.destroy()
    } finally {
      leave()
    }
    return SENT
  },
})

const line = (cells: readonly string[]) => `${lineOf(cells.map(guarded), ',')}\r\n`

async function* visits(place: Place, { households }: Context) {
  let cursor: string | null = null
  do {
    const page = await households.list([place], { cursor, limit: PAGE, status: 'provisional' })
    const rows = page.households.filter(toVisit).map((one) => line(visitCells(one, one.id)))
    yield { text: rows.join(''), rows: rows.length }
    cursor = page.next
  } while (cursor !== null)
}
