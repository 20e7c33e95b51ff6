import { type AssignRow, assignRows } from '../../src/registry/assign.ts'
import { idCodec } from '../../src/registry/id.ts'
import type { Change, StoreWriter } from '../../src/registry/store.ts'
import { lineOf } from '../../src/registry/streetLine.ts'
import { drafts, randomFrom } from './drafts.ts'

/** Households of one transaction. */
const CHUNK = 2_000

/** Registers made-up drafts, always the same. Answers how many households they led to. */
export async function registerDrafts(store: StoreWriter, amount: number): Promise<number> {
  const ids = idCodec(store.secret)
  const rows: AssignRow[] = [...drafts(amount, randomFrom(20_250_701))].map((draft, row) => ({ draft, row }))
  const touched = new Set<number>()
  for (let first = 0; first < rows.length; first += CHUNK)
    await store.transaction((tx) =>
      assignRows(tx, rows.slice(first, first + CHUNK), {
        ...{ ids, job: null, list: 'bench', actor: 'bench', touched, engineVersion: '1', dataVersion: '1' },
        now: Date.now(),
      }),
    )
  return store.count()
}

/** Changes every `step`-th household a little. Answers how many. */
export async function changeSome(store: StoreWriter, step: number): Promise<number> {
  const count = await store.count()
  let changed = 0
  for (let n = step; n <= count; n += CHUNK * step) {
    const wanted = Array.from({ length: CHUNK }, (_, i) => n + i * step).filter((n) => n <= count)
    await store.transaction(async (tx) => {
      const changes = (await tx.households(wanted)).map((household): Change => {
        const after = { parts: { ...household.parts, floor: '2' } }
        const revised = { ...household, ...after, updatedAt: Date.now() }
        return { kind: 'update', household: revised, before: { parts: household.parts }, after }
      })
      changed += changes.length
      await tx.write({ lineOf, changes, at: Date.now(), actor: 'bench', job: null })
    })
  }
  return changed
}
