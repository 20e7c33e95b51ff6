import fc from 'fast-check'
import { type IdCodec, idCodec } from '../../../src/registry/id.ts'
import { ChangeRefused } from '../../../src/registry/life/refused.ts'
import { type Life, openLife } from '../../../src/registry/life.ts'
import type { StoreWriter } from '../../../src/registry/store.ts'
import { draft, type Loader, point } from '../../registry/helpers.ts'
import { gazetteer } from './sets.ts'

/** Two communes of Ho Chi Minh City, one of Ha Noi. */
const PLACES = [
  { provinceCode: '79', communeCode: '26743', postcode: '71009' },
  { provinceCode: '79', communeCode: '26740', postcode: '71006' },
  { provinceCode: '01', communeCode: '00070', postcode: '11024' },
]
export const anyStep = fc.record({
  what: fc.constantFrom(
    'register',
    'register',
    'correct',
    'correct',
    'move',
    'verify',
    'retire',
    'merge',
    'split',
    'undo',
    'erase',
    'reinstate',
  ),
  a: fc.nat(20),
  b: fc.nat(20),
  north: fc.constantFrom(0, 30, 90, 200),
  place: fc.constantFrom(...PLACES),
})
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never

export async function carryOut(
  one: Pick<Loader, 'store'>,
  life: Life,
  { what, a, b, north, place }: Step,
): Promise<void> {
  const ids = idsOf(one.store)
  const count = await one.store.count()
  const id = (i: number) => ids.idOf(1 + (i % Math.max(count, 1)))
  const by = { actor: 'a clerk', reason: 'a secret reason' }
  const address = (unit?: string) =>
    draft({
      ...place,
      text: 'a secret text',
      parts: { houseNumber: `${b}`, street: 'X', unit },
      point: north === 0 ? null : point(north),
      externalId: null,
    })
  try {
    if (what === 'register') await life.register(by, { draft: address() })
    else if (what === 'correct') await life.correct(by, id(a), address())
    else if (what === 'move')
      await life.move(by, id(a), { point: point(north, { source: 'surveyed', accuracy: 4 }) })
    else if (what === 'verify') await life.verify({ ...by, actor: 'another' }, id(a))
    else if (what === 'retire') await life.retire(by, id(a), b % 2 ? [id(b)] : [])
    else if (what === 'merge') await life.merge(by, id(a), [id(b)])
    else if (what === 'split')
      await life.split(by, id(a), [{ draft: address('p1') }, { draft: address('p2') }], b % 2 === 0)
    else if (what === 'undo') await life.undo(by, id(a))
    else if (what === 'reinstate') await life.reinstate(by, id(a))
    else await life.erase(by, id(a))
  } catch (error) {
    if (!(error instanceof ChangeRefused)) throw error
  }
}

/** Making a codec takes as long as a dozen steps. */
const codecs = new WeakMap<StoreWriter, IdCodec>()
function idsOf(store: StoreWriter): IdCodec {
  const known = codecs.get(store) ?? idCodec(store.secret)
  codecs.set(store, known)
  return known
}

/** A clock that goes on with every look, as times of two changes differ. */
let clock = Date.UTC(2026, 5, 1)
export const lifeOf = ({ store }: Pick<Loader, 'store'>) =>
  openLife({
    store: { ...store, ids: idsOf(store) } as StoreWriter,
    gazetteer,
    engineVersion: '1',
    now: () => (clock += 1_000),
  })
