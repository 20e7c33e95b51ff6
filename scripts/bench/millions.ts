import { load } from '../../src/gazetteer/load.ts'
import { keyOf } from '../../src/registry/key.ts'
import type { Insert } from '../../src/registry/store.ts'
import { lineOf } from '../../src/registry/streetLine.ts'
import { openWriter } from '../../src/store/sqlite/open.ts'
import { encodeVpostcode } from '../../src/vpostcode/vpostcode.ts'
import { randomOf } from './random.ts'

/** Metres that the houses of a settlement scatter about its middle. */
const SCATTER = 250
/** A batch that the writer takes in at once. */
const BATCH = 2_000

/**
 * Registers `count` households, equally many in each commune: nine in ten in settlements of some 200, one of a hundred
 * points is a building of 40 homes, the others stand alone. Numbered along ten streets a commune; one in four has a hamlet only.
 */
export async function registerMillions(path: string, count: number): Promise<void> {
  const { communes } = load()
  const random = randomOf(20_250_701)
  const store = openWriter(path, { synchronous: 'NORMAL' })
  const each = Math.ceil(count / communes.length)
  let n = 1
  let changes: Insert[] = []
  for (const { code, province, postcode, bbox, inside } of communes) {
    const [west, south, east, north] = bbox
    // A box around an archipelago is mostly sea.
    const [wide, high] = [Math.min(east - west, 0.3), Math.min(north - south, 0.3)]
    const anywhere = () => ({
      lat: inside.lat + (random() - 0.5) * high,
      lon: inside.lon + (random() - 0.5) * wide,
    })
    const settlements = Array.from({ length: Math.ceil(each / 200) }, anywhere)
    let tower = { left: 0, lat: 0, lon: 0 }
    for (let i = 0; i < each && n <= count; i++, n++) {
      if (tower.left === 0 && random() < 0.01)
        tower = { left: 40, ...around(settlements[i % settlements.length]!) }
      const isFlat = tower.left > 0
      const at = isFlat ? tower : random() < 0.9 ? around(settlements[i % settlements.length]!) : anywhere()
      if (isFlat) tower.left--
      const point = { lat: at.lat, lon: at.lon, source: 'given' as const, accuracy: 15 }
      const street = `Đường số ${1 + (i % 10)}`
      const houseNumber = String(1 + Math.floor(i / 10))
      const parts = isFlat
        ? { unit: `A${tower.left}`, houseNumber, street }
        : i % 4 === 3
          ? { hamlet: `thôn ${i % settlements.length}` }
          : { houseNumber, street }
      const household = {
        n,
        status: 'provisional' as const,
        of: null,
        successors: [],
        key: keyOf({ communeCode: code, formerCommuneCode: null, parts }),
        keyVersion: 1,
        text: `${houseNumber} ${street}`,
        parts,
        provinceCode: province.code,
        communeCode: code,
        formerCommuneCode: null,
        postcode,
        point,
        access: null,
        vpostcode: encodeVpostcode(postcode, at.lat, at.lon),
        grade: 'A' as const,
        confidence: 0.97,
        review: [],
        cleared: [],
        externalIds: [],
        engineVersion: 'bench',
        dataVersion: 'bench',
        createdAt: 1_750_000_000_000,
        updatedAt: 1_750_000_000_000,
      }
      changes.push({ kind: 'insert', household })
      if (changes.length === BATCH) await write()
    }
  }
  await write()
  await store.close()

  function around({ lat, lon }: { lat: number; lon: number }) {
    const angle = random() * 2 * Math.PI
    const reach = (SCATTER * Math.sqrt(-2 * Math.log(1 - random()))) / 111_000
    return { lat: lat + reach * Math.sin(angle), lon: lon + reach * Math.cos(angle) }
  }

  async function write() {
    const batch = {
      changes,
      lineOf,
      list: 'bench',
      listRows: [],
      at: 1_750_000_000_000,
      actor: 'bench',
      job: null,
    }
    await store.transaction((tx) => tx.write(batch))
    changes = []
  }
}
