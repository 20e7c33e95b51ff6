/**
 * Whether every id and label that the service gives leads back to the same place: seeded points over reverse, streets, alleys,
 * houses and hamlets over search, beginnings of them over autocomplete; each answer's id, then its label, is searched again.
 *
 *     npx tsx scripts/check/leadBack.ts [POINTS [EXAMPLES]]
 *
 * Prints { asked, answers, byId: { kind: { of, lost } }, byLabel: ... } and, with EXAMPLES, some of what is lost.
 */
import { load } from '../../src/gazetteer/load.ts'
import { openRegistry } from '../../src/registry/registry.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { aboutStreets, leadsBack } from './leads.ts'

const [points = '600', examples = '0'] = process.argv.slice(2)
const store = openWriter(':memory:')
const deps = { gazetteer: load(), households: openRegistry(store) }
const found = await leadsBack(deps, aboutStreets(deps.gazetteer, Number(points)))
console.log(JSON.stringify(found.shares, null, 2))
for (const kind of ['byId', 'byLabel'] as const)
  for (const [name, lost] of Object.entries(found.lost[kind]))
    for (const one of lost.slice(0, Number(examples))) console.error(kind, name, JSON.stringify(one))
await store.close()
