/**
 * Whether a door has one household key however its address is spelled: every street and hamlet that a list or the map has, each
 * name once, in a commune that has it; with accents, in capitals, without accents; with the word of a street and without; as a
 * house and in an alley.
 *
 *     npx tsx scripts/check/spellings.ts [EVERY [EXAMPLES]]
 *
 * Takes every EVERY-th name (1). Prints { streets: { names, different, forms: { form: how many differ } }, hamlets: ... } and, with
 * EXAMPLES, so many of each form.
 */

import { load } from '../../src/gazetteer/load.ts'
import { nameIndex } from '../../src/gazetteer/names.ts'
import { streetKeys } from '../../src/gazetteer/streetsKey.ts'
import type { CurrentCommune } from '../../src/gazetteer/types.ts'
import { prepareRow } from '../../src/pipeline.ts'
import { keysOf } from '../../src/registry/canonical.ts'
import { drawsFor } from '../households/random.ts'

const [every = '1', examples = '0'] = process.argv.slice(2)
const gazetteer = load()
const index = nameIndex(gazetteer)

/** Names with a word of their own take no other one. */
const WORDED =
  /^(?:đường|phố|đại lộ|đl|quốc lộ|tỉnh lộ|hương lộ|liên tỉnh lộ|ql|tl|đt|đh|hl|ltl|ngõ|ngách|hẻm|kiệt)(?=[\s.\d])/i

const bare = (text: string) =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D')
const SPELLINGS: Record<string, (text: string) => string> = {
  accents: (text) => text,
  capitals: (text) => text.toUpperCase(),
  small: (text) => text.toLowerCase(),
  bare: (text) => bare(text).toLowerCase(),
  'bare capitals': (text) => bare(text).toUpperCase(),
}
const DOORS = ['12/3', 'Số 5 ngõ 12']
const streetLines = (name: string): string[] =>
  DOORS.flatMap((door) =>
    (WORDED.test(name) ? [''] : ['Đường ', '', 'Đ. ', 'Phố ']).map((word) => `${door} ${word}${name}`),
  )
const hamletLines = (name: string): string[] => [`Số nhà 7, ${name}`, `7 ${name}`]

/** The key without its commune: which commune a text means is measured elsewhere. */
function doorKey(line: string, commune: CurrentCommune, write: (text: string) => string) {
  const { lat, lon } = commune.inside
  const { draft } = prepareRow(
    {
      address: write(`${line}, ${commune.fullName}, ${commune.province.fullName}`),
      lat: String(lat),
      lon: String(lon),
    },
    gazetteer,
    { formers: false, door: false },
  )
  if (!draft) return { key: 'none', parts: {} }
  const { parts } = draft
  return { key: keysOf({ communeCode: commune.code, formerCommuneCode: null, parts })[0], parts }
}

/** Every name once, in one of its places. */
const streets = new Map<string, CurrentCommune>()
const pick = (name: string, place: CurrentCommune | undefined) => {
  if (place && !streets.has(name)) streets.set(name, place)
}
gazetteer.eachStreet((_, names, place) => {
  for (const name of names) {
    if ('bbox' in place) pick(name, place)
    else {
      const shares = index.communesOf(place)
      pick(name, shares[drawsFor(1, streets.size).below(shares.length)]?.commune)
    }
  }
})
const hamlets = new Map<string, CurrentCommune>()
for (const commune of gazetteer.communes) {
  for (const street of gazetteer.streetLayers.streetsOf(commune))
    if (!/\d\//.test(street.name)) for (const name of [street.name, ...street.otherNames]) pick(name, commune)
  for (const { name } of gazetteer.streetLayers.hamletsOf(commune))
    if (!hamlets.has(name)) hamlets.set(name, commune)
}

function sweep(places: Map<string, CurrentCommune>, linesOf: (name: string) => string[]) {
  let names = 0
  let different = 0
  const forms: Record<string, number> = {}
  const shown: Record<string, number> = {}
  const firsts: Record<string, number> = {}
  for (const [i, [name, commune]] of [...places].entries()) {
    if (i % Number(every) !== 0) continue
    names++
    const lines = linesOf(name)
    const half = lines.length / 2
    let differs = false
    for (const [k, line] of lines.entries()) {
      // The first line of a door, with its accents, is what the others are held against.
      const meant = doorKey(
        lines[k < half || linesOf === hamletLines ? 0 : half]!,
        commune,
        SPELLINGS.accents!,
      )
      for (const [spelling, write] of Object.entries(SPELLINGS)) {
        const said = doorKey(line, commune, write)
        if (said.key === meant.key) continue
        differs = true
        const form = `${line.replace(name, 'X')} ${spelling}`
        forms[form] = (forms[form] ?? 0) + 1
        shown[form] = (shown[form] ?? 0) + 1
        if (shown[form] <= Number(examples))
          console.error(
            form,
            '|',
            write(line),
            commune.code,
            JSON.stringify(said.parts),
            JSON.stringify(meant.parts),
          )
      }
    }
    if (differs) {
      different++
      const first = streetKeys(name)[0]!.split(' ')[0]!
      firsts[first] = (firsts[first] ?? 0) + 1
    }
  }
  const most = Object.entries(firsts)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 60)
  return { names, different, forms, firsts: Object.fromEntries(most) }
}
console.log(
  JSON.stringify({ streets: sweep(streets, streetLines), hamlets: sweep(hamlets, hamletLines) }, null, 1),
)
