import { type Columns, readArtefact } from './artefact.ts'
import { boundariesFrom, type LoadedBoundaries, loadBoundaries } from './boundaries/load.ts'
import { dataDirectory } from './directory.ts'
import { LiveLayers, layersFrom } from './streetLayer/live.ts'
import { loadStreets } from './streets.ts'
import { listed, listedNames } from './tables.ts'
import type {
  CurrentCommune,
  District,
  EarlierCommune,
  EarlierDistrict,
  Era,
  FormerCommune,
  Gazetteer,
  Province,
  Succession,
  TypeChange,
  Unit,
  UnitType,
} from './types.ts'
import { TYPE_WORDS } from './unitTypes.ts'

/** An object while it is being filled; it is frozen before it leaves this file. */
type Open<T, Lists extends keyof T = never> = { -readonly [K in Exclude<keyof T, Lists>]: T[K] } & {
  [K in Lists]: T[K] extends readonly (infer E)[] ? E[] : never
}
type OpenCurrent = Open<CurrentCommune, 'sources'>
type OpenFormer = Open<FormerCommune, 'successors'>

/** What threads share: memory that needs no second copy, and the street layers as they are at this moment. */
export interface SharedWorld {
  readonly boundaries: SharedArrayBuffer
  readonly layers: readonly ArrayBufferLike[]
  /** `Gazetteer.version` of this moment. */
  readonly version: string
}

/** The loaded world. */
export interface LoadedGazetteer extends Gazetteer {
  readonly boundaries: LoadedBoundaries
  /** To be handed to a worker thread, which loads with it. It keeps the street layers of its start. */
  readonly shared: SharedWorld
  /**
   * Takes over imported street layers, for which it looks every second, and calls `onChange`, until the returned function is called.
   * A layer that cannot be used is told of; the others are.
   */
  watchLayers(onFault: (error: Error) => void, onChange: () => void): () => void
}

/**
 * Reads the built gazetteer, synchronously and anew on every call.
 * @param dir folder of the built data; by default VPOSTCODE_DATA, else data/gazetteer of the package.
 * @param shared what another thread has loaded of the same data.
 * @param which 'shipped': no imported street layer is opened, so that a damaged one can be imported again.
 * @throws Error that says what to run when the data are missing, broken or of another format.
 */
export function load(
  dir: string = dataDirectory(),
  shared?: SharedWorld,
  which: 'all' | 'shipped' = 'all',
): LoadedGazetteer {
  const { version, tables } = readArtefact(dir)
  const provinces = rows(
    tables.provinces,
    (row): Province =>
      Object.assign(currentUnit(row), {
        era: 'current' as const,
        postcodePrefixes: listed(row('postcode_prefixes')),
      }),
  )
  const formerProvinces = rows(
    tables['former-provinces'],
    (row): Province =>
      Object.assign(unit(row), { era: 'former' as const, postcodePrefixes: listed(''), typeChange: null }),
  )
  const meridians = new Map(
    rows(tables['vn2000-meridians'], (row) => [row('province_code'), Number(row('meridian'))] as const),
  )
  const provinceByCode = { current: byCode(provinces), former: byCode(formerProvinces) }

  const districts = rows(
    tables['former-districts'],
    (row): Open<District> =>
      Object.assign(unit(row), {
        province: get(provinceByCode.former, row('province_code')),
        otherNames: listedNames(row('other_names')),
        becameCommune: null,
      }),
  )
  const districtByCode = byCode(districts)
  const communes = rows(
    tables.communes,
    (row, index): OpenCurrent =>
      Object.assign(currentUnit(row), {
        era: 'current' as const,
        index,
        province: get(provinceByCode.current, row('province_code')),
        postcode: row('postcode'),
        otherNames: listedNames(row('other_names')),
        inside: Object.freeze({ lat: Number(row('inside_lat')), lon: Number(row('inside_lon')) }),
        centroid: Object.freeze({ lat: Number(row('centroid_lat')), lon: Number(row('centroid_lon')) }),
        declaredKm2: Number(row('declared_area_km2')),
        bbox: box(row),
        sources: [],
      }),
  )
  const communeByCode = byCode(communes)
  rows(
    tables.communes,
    (row, index) => row('code_alt') && communeByCode.set(row('code_alt'), communes[index]!),
  )

  const formerCommunes = rows(tables['former-communes'], (row, index): OpenFormer => {
    const district = get(districtByCode, row('district_code'))
    return Object.assign(unit(row), {
      era: 'former' as const,
      index,
      district,
      province: district.province,
      otherNames: listedNames(row('other_names')),
      successors: [],
    })
  })
  const formerByCode = byCode(formerCommunes)
  link(tables.successions, formerByCode, districtByCode, communeByCode)

  const earlierDistricts = rows(
    tables['earlier-districts'],
    (row): EarlierDistrict => ({
      code: row('code') || null,
      name: row('name'),
      fullName: `${TYPE_WORDS[row('type') as UnitType]} ${row('name')}`,
      type: row('type') as UnitType,
      province: get(provinceByCode.former, row('province_code')),
      asOf: row('as_of') || null,
      successors: Object.freeze(listed(row('successors')).map((code) => get(districtByCode, code))),
      communes: Object.freeze(listed(row('communes')).map((code) => get(formerByCode, code))),
    }),
  )
  const earlierDistrictByName = new Map(
    earlierDistricts.map((district) => [`${district.province.code} ${district.fullName}`, district]),
  )
  const earlierCommunes = rows(tables['earlier-communes'], (row): EarlierCommune => {
    const type = row('type') as UnitType
    const name = `${row('province_code')} ${row('district_name')}`
    return {
      name: row('name'),
      fullName: `${TYPE_WORDS[type]} ${row('name')}`,
      type,
      code: row('code') || null,
      district: earlierDistrictByName.get(name) ?? get(districtByCode, row('district_code')),
      districtName: row('district_name'),
      province: get(provinceByCode.former, row('province_code')),
      asOf: row('as_of') || null,
      successors: Object.freeze(listed(row('successors')).map((code) => get(formerByCode, code))),
    }
  })

  for (const list of [
    provinces,
    formerProvinces,
    districts,
    communes,
    formerCommunes,
    earlierCommunes,
    earlierDistricts,
  ]) {
    for (const item of list) Object.freeze(item)
    Object.freeze(list)
  }
  for (const commune of communes) Object.freeze(commune.sources)
  for (const commune of formerCommunes) Object.freeze(commune.successors)

  const communeOfPostcode = new Map(communes.map((commune) => [commune.postcode, commune]))
  const provinceOfPrefix = new Map(
    provinces.flatMap((province) => province.postcodePrefixes.map((prefix) => [prefix, province] as const)),
  )
  const boundaries = shared ? boundariesFrom(shared.boundaries, communes) : loadBoundaries(dir, communes)
  const communeOf = (code: string) => communeByCode.get(code)
  const live = shared ? null : new LiveLayers(dir, communeOf, which)
  const given = shared && layersFrom(shared.layers, communeOf)
  const layers = () => given ?? live!.current
  // the version of the seeds names what is shipped; what is imported adds its own
  const versionNow = () =>
    [version, boundaries.use !== 'shipped' && boundaries.version, !live!.isShipped && live!.current.version]
      .filter(Boolean)
      .join('-')
  const streets = loadStreets(dir, version, communeByCode, districtByCode, formerByCode)
  return {
    get version() {
      return shared?.version ?? versionNow()
    },
    get streetLayers() {
      return layers()
    },
    get shared() {
      return {
        boundaries: boundaries.buffer,
        layers: layers().layers.map(({ buffer }) => buffer),
        version: this.version,
      }
    },
    watchLayers: (onFault, onChange) => live?.watch(onFault, onChange) ?? (() => {}),
    provinces,
    communes,
    formerProvinces,
    districts,
    formerCommunes,
    earlierCommunes,
    earlierDistricts,
    boundaries,
    meridian: ({ code }) => meridians.get(code)!,
    province: (code: string, era: Era) => provinceByCode[era].get(code),
    district: (code) => districtByCode.get(code),
    commune: (code) => communeByCode.get(code),
    formerCommune: (code) => formerByCode.get(code),
    communeByPostcode: (postcode) => communeOfPostcode.get(postcode),
    provinceByPrefix: (prefix) => provinceOfPrefix.get(prefix),
    get streetNames() {
      return streets.streetNames
    },
    communesOfStreet: streets.communesOfStreet,
    nearestNumber: streets.nearestNumber,
    coreOf: streets.coreOf,
    groundOf: streets.groundOf,
    formerStreet: streets.formerStreet,
    districtsOfStreet: streets.districtsOfStreet,
    eachStreet: streets.eachStreet,
  }
}

type Row = (column: string) => string

function rows<T>(columns: Columns, make: (row: Row, index: number) => T): T[] {
  let index = 0
  const row: Row = (column) => columns[column]![index]!
  const made: T[] = []
  for (const length = Object.values(columns)[0]!.length; index < length; index++) made.push(make(row, index))
  return made
}

/** Its other fields are assigned, not spread: then all units of a kind have one hidden class, and reading them is fast. */
function unit(row: Row, type = row('type') as UnitType): Unit {
  return { code: row('code'), name: row('name'), fullName: `${TYPE_WORDS[type]} ${row('name')}`, type }
}

/** A unit since July 2025: it has the type that it has now. */
function currentUnit(row: Row): Unit & { typeChange: TypeChange | null } {
  const from = row('type_2025') as UnitType
  const to = row('type_changed_to') as UnitType | ''
  const typeChange = to === '' ? null : Object.freeze({ from, to, on: row('type_changed_on') })
  return Object.assign(unit(row, to || from), { typeChange })
}

const box = (row: Row): CurrentCommune['bbox'] =>
  Object.freeze([
    Number(row('min_lon')),
    Number(row('min_lat')),
    Number(row('max_lon')),
    Number(row('max_lat')),
  ] as const)

const byCode = <T extends Unit>(units: T[]): Map<string, T> => new Map(units.map((unit) => [unit.code, unit]))

function get<T>(units: Map<string, T>, code: string): T {
  const found = units.get(code)
  if (!found)
    throw new Error(`the built gazetteer names the unit ${code} that it does not hold: build it again`)
  return found
}

/** Hangs the official relation on both its sides; the successor that takes the population comes first. */
function link(
  columns: Columns,
  formerByCode: Map<string, OpenFormer>,
  districtByCode: Map<string, Open<District>>,
  communeByCode: Map<string, OpenCurrent>,
): void {
  const withCommunes = new Set([...formerByCode.values()].map((commune) => commune.district))
  rows(columns, (row) => {
    const current = get(communeByCode, row('current_code'))
    const whole = row('share') === 'whole'
    if (row('former_code') === '') {
      const district = get(districtByCode, row('former_district_code'))
      // the mudflats of Kim Sơn have no commune code either, but their district has communes
      if (!withCommunes.has(district)) district.becameCommune = current
      return
    }
    const former = get(formerByCode, row('former_code'))
    const succession: Succession = Object.freeze({
      former,
      current,
      whole,
      takesPopulation: row('takes_population') === '1',
    })
    current.sources.push(succession)
    if (succession.takesPopulation) former.successors.unshift(succession)
    else former.successors.push(succession)
  })
}
