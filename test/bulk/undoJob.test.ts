import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { rehearseUndo, UNDO_COLUMNS, undoJob } from '../../src/bulk/undoJob.ts'
import { parseCsv } from '../../src/gazetteer/csv.ts'
import { load as loadGazetteer } from '../../src/gazetteer/load.ts'
import { openLife } from '../../src/registry/life.ts'
import type { StoreWriter } from '../../src/registry/store.ts'
import type { HouseholdDraft } from '../../src/registry/types.ts'
import { draft, hamlet, loader, point, statuses } from '../registry/helpers.ts'

const folder = mkdtempSync(join(tmpdir(), 'vpostcode-undo-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let count = 0

const house = (number: number, more: Partial<HouseholdDraft> = {}) =>
  draft({
    text: `${number} Lê Lợi`,
    parts: { houseNumber: String(number), street: 'Lê Lợi' },
    point: point(number),
    ...more,
  })

async function job(store: StoreWriter, kind = 'assign') {
  return store.createJob({
    kind,
    owner: 'test',
    fingerprint: String(count++),
    input: 'in.csv',
    output: 'out.csv',
    list: 'list',
    options: {},
    engineVersion: '1',
    dataVersion: '1',
    startedAt: 1,
  })
}

/** Loads drafts as a job and ends it. */
async function loadAs(one: ReturnType<typeof loader>, drafts: HouseholdDraft[], list: string) {
  const { id } = await job(one.store)
  const outcomes = await one.load(drafts, { list, context: { job: id } })
  await one.store.finishJob(id, 'done', 2)
  return { id, outcomes }
}

function undo(store: StoreWriter, id: number, more: { stop?: () => boolean; output?: string } = {}) {
  const output = more.output ?? join(folder, `${count++}.csv`)
  const quiet = { onStart: () => {}, onProgress: () => {}, stop: more.stop ?? (() => false) }
  return undoJob({ store, job: id, actor: 'boss', engineVersion: '1', dataVersion: '1', output, ...quiet })
}
const left = (path: string) => parseCsv(readFileSync(path, 'utf8')).rows

test('a job is taken back but for what was changed since, which is listed; the second time nothing is', async () => {
  const one = loader()
  const { store } = one
  const before = await loadAs(one, [house(1), house(2), house(3, { point: null })], 'good')
  const [known] = await store.households([3])
  const bad = await loadAs(
    one,
    [
      house(2, { externalId: 'A-2' }),
      // A gap filled by one row, a number by another: two events of one job.
      house(3),
      house(3, { externalId: 'A-3' }),
      house(4, { externalId: 'A-4' }),
      house(5),
      hamlet({ point: point(500) }),
    ],
    'bad',
  )
  expect(statuses(bad.outcomes)).toEqual([
    'updated',
    'updated',
    'duplicate',
    'assigned',
    'assigned',
    'assigned',
  ])
  const life = openLife({ store, gazetteer: loadGazetteer(), engineVersion: '1' })
  const changed = bad.outcomes[4]!.household
  await life.correct({ actor: 'clerk' }, changed.id, house(55))

  const said: unknown[] = []
  const rehearsed = await rehearseUndo(store, bad.id, (line) => said.push(line))
  expect(rehearsed.counts).toEqual({ updated: 4, unchanged: 1 })
  const { counts, ending, output } = await undo(store, bad.id)
  expect([ending, counts]).toEqual(['done', { updated: 4, unchanged: 1 }])
  const [row, ...more] = left(output)
  expect(more).toEqual([])
  expect(row).toMatchObject({
    household_id: changed.id,
    because: 'changed-since',
    event: 'update',
    actor: 'clerk',
  })
  expect(said).toEqual([UNDO_COLUMNS.map((name) => row![name])])

  const homes = await store.households([1, 2, 3, 4, 5, 6])
  expect(homes[2]).toEqual({ ...known!, updatedAt: homes[2]!.updatedAt })
  expect(homes.map(({ status, externalIds }) => [status, externalIds.length])).toEqual([
    ['provisional', 0],
    ['provisional', 0],
    ['provisional', 0],
    ['historical', 0],
    ['provisional', 0],
    ['historical', 0],
  ])
  expect((await store.history(3)).map(({ kind, undoes }) => [kind, undoes])).toEqual([
    ['insert', null],
    ['update', null],
    ['update', null],
    ['undo', { job: bad.id }],
  ])
  const events = (await store.events('79', 0, 100)).length
  expect((await undo(store, bad.id)).counts).toEqual({ unchanged: 1 })
  expect((await store.events('79', 0, 100)).length).toBe(events)

  // The corrected list enters its rows anew and finds what was there before.
  const again = await one.load([house(2), house(4, { externalId: 'A-4' }), hamlet({ point: point(500) })], {
    list: 'bad',
  })
  expect(statuses(again)).toEqual(['unchanged', 'assigned', 'assigned'])
  // The first load can be taken back after it too: what was taken back is no change.
  expect((await undo(store, before.id)).counts).toEqual({ updated: 3 })
  expect((await store.households([1, 2, 3])).map(({ status }) => status)).toEqual(
    new Array(3).fill('historical'),
  )
})

test('stopped after each step it goes on and ends like a run that was not stopped', async () => {
  const drafts = Array.from({ length: 1200 }, (_, i) => house(i + 1, { externalId: `A-${i}` }))
  const undone = async (stop: () => boolean) => {
    const one = loader()
    const { id } = await loadAs(one, drafts, 'list')
    const output = join(folder, `${count++}.csv`)
    let runs = 0
    for (let ending = ''; ending !== 'done'; runs++)
      ({ ending } = await undo(one.store, id, { stop, output }))
    const homes = (await one.households()).map(({ updatedAt: _, createdAt: _c, ...home }) => home)
    const events = (await one.events()).map(({ number, n, kind, after }) => ({ number, n, kind, after }))
    await one.store.close()
    return { runs, homes, events }
  }
  const whole = await undone(() => false)
  const pieces = await undone(() => true)
  expect([whole.runs, pieces.runs > 2]).toEqual([1, true])
  expect(whole.homes.every(({ status, vpostcode }) => status === 'historical' && vpostcode === null)).toBe(
    true,
  )
  expect(pieces.homes).toEqual(whole.homes)
  expect(pieces.events).toEqual(whole.events)
})

test('jobs that cannot be taken back are refused', async () => {
  const { store } = loader()
  await expect(undo(store, 7)).rejects.toThrow('no job 7')
  const running = await job(store)
  await expect(undo(store, running.id)).rejects.toThrow('cancel it first')
  await store.finishJob(running.id, 'done', 1)
  const { job: own } = await undo(store, running.id)
  await expect(undo(store, own)).rejects.toThrow('took another one back')
})
