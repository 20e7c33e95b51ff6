import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { HouseholdDraft } from '../../src/registry/types.ts'
import { draft, type Loader, loader, point, statuses } from './helpers.ts'

/** Rows from a small world, so that all kinds of coincidences happen. */
const anyDraft: fc.Arbitrary<HouseholdDraft> = fc
  .record({
    houseNumber: fc.constantFrom(undefined, undefined, '1', '2'),
    street: fc.constantFrom(undefined, 'Lê Lợi'),
    hamlet: fc.constantFrom(undefined, 'thôn A', 'thôn B'),
    former: fc.constantFrom(null, null, '26740', '26743'),
    commune: fc.constantFrom('26743', '26743', '26743', '26740'),
    north: fc.constantFrom(null, null, 0, 3, 8, 14, 40, 60, 61, 110),
    source: fc.constantFrom('given' as const, 'given' as const, 'surveyed' as const, 'mapped' as const),
    externalId: fc.constantFrom(null, null, null, '1', '2', '3'),
    doubtful: fc.constantFrom(false, false, false, true),
  })
  .map(({ houseNumber, street, hamlet, former, commune, north, source, externalId, doubtful }) => {
    const parts = { houseNumber, street, hamlet }
    return draft({
      text: JSON.stringify(parts),
      parts,
      communeCode: commune,
      formerCommuneCode: former,
      point: north === null ? null : point(north, { source }),
      externalId,
      review: doubtful ? ['commune-ambiguous'] : [],
      grade: doubtful ? 'C' : 'A',
    })
  })
const anyFile = fc.array(anyDraft, { minLength: 1, maxLength: 60 })

/** Everything that a registry holds, without times. */
async function content({ households, events, store }: Loader) {
  const untimed = <T extends object>({
    createdAt: _c,
    updatedAt: _u,
    at: _a,
    ...rest
  }: T & Record<string, unknown>) => rest
  return {
    households: (await households()).map((household) => untimed({ ...household })),
    events: (await events()).map((event) => untimed({ ...event })),
    aliases: await Promise.all(
      [...new Set((await events()).flatMap(({ before }) => before?.vpostcode ?? []))].map(async (code) =>
        (await store.oldCodes(code, 100)).map(({ n }) => `${code} ${n}`).sort(),
      ),
    ),
  }
}

test('any cut of a file into chunks gives the same registry', async () => {
  await fc.assert(
    fc.asyncProperty(anyFile, anyFile, fc.integer({ min: 1, max: 20 }), async (first, second, size) => {
      const [one, whole] = [loader(), loader()]
      for (const [list, file] of [
        ['A', first],
        ['B', second],
        ['A', second],
      ] as const)
        expect(statuses(await one.load(file, { list, size }))).toEqual(
          statuses(await whole.load(file, { list })),
        )
      expect(await content(one)).toEqual(await content(whole))
      await one.store.close()
      await whole.store.close()
    }),
    { numRuns: 60, seed: 2025 },
  )
}, 120_000)

test('a second load of the same file makes and changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(anyFile, anyFile, async (before, file) => {
      const one = loader()
      await one.load(before, { list: 'before' })
      const first = await one.load(file)
      const held = await content(one)
      const second = await one.load(file, { size: 7 })
      expect(await content(one)).toEqual(held)
      expect(second.map(({ n }) => n)).toEqual(first.map(({ n }) => n))
      expect(new Set(statuses(second))).not.toContain('updated')
      await one.store.close()
    }),
    { numRuns: 60, seed: 2025 },
  )
}, 120_000)
