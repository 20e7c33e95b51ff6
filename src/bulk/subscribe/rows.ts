import type { CopyTransaction } from '../../registry/copyStore.ts'
import { KEY_VERSION, keyOf, NO_KEY } from '../../registry/key.ts'
import { BLANK, ERASED } from '../../registry/life/erase.ts'
import type { Change, HouseholdFields, StoredHousehold } from '../../registry/store.ts'
import { lineOf } from '../../registry/streetLine.ts'
import { NO_COMMUNE } from '../../registry/types.ts'
import { type PublishedHousehold, pointColumns } from '../publish/row.ts'
import type { SourceChange } from './source.ts'

/** Who stands in the events of a copy. */
const ACTOR = 'source'
/** Stands for whatever reason the source has. */
const IN_REVIEW = 'in-review-at-source'

export interface Versions {
  engineVersion: string
  dataVersion: string
}

/** A household as a copy stores it: what is published, and the key that follows from it. */
function stored(
  row: Omit<PublishedHousehold, 'vpostcode_since' | 'old_vpostcodes' | 'waits'> & { inReview: boolean },
  tx: Pick<CopyTransaction, 'nOf'>,
  { engineVersion, dataVersion }: Versions,
): StoredHousehold {
  const { building, block, floor, unit, house_number, alleys, street, group, hamlet } = row
  const said = { building, block, floor, unit, houseNumber: house_number, alleys, street, group, hamlet }
  const parts = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
  const place = { communeCode: row.commune_code, formerCommuneCode: row.former_commune_code, parts }
  const isBlank = row.status === 'historical' && Object.keys(parts).length === 0
  return {
    engineVersion,
    dataVersion,
    ...place,
    n: tx.nOf(row.id),
    status: row.status,
    of: row.of === null ? null : tx.nOf(row.of),
    successors: row.successors.map((id) => tx.nOf(id)),
    key: isBlank ? NO_KEY : keyOf(place),
    keyVersion: KEY_VERSION,
    text: '',
    provinceCode: row.province_code,
    postcode: row.postcode,
    point:
      row.latitude === null
        ? null
        : { lat: row.latitude, lon: row.longitude!, source: row.source!, accuracy: row.accuracy! },
    access: row.access_latitude === null ? null : { lat: row.access_latitude, lon: row.access_longitude! },
    vpostcode: row.vpostcode,
    grade: row.grade,
    confidence: 1,
    review: row.inReview ? [IN_REVIEW] : [],
    cleared: [],
    externalIds: [],
    createdAt: Date.parse(row.created_at),
    updatedAt: Date.parse(row.updated_at),
  }
}

/** Writes households of a snapshot, which are not there yet, with the codes that they had. */
export async function writeRows(
  tx: CopyTransaction,
  rows: readonly PublishedHousehold[],
  versions: Versions,
): Promise<void> {
  const plain: Change[] = []
  for (const row of rows) {
    const household = stored({ ...row, inReview: row.waits === 'review' }, tx, versions)
    if (row.updated_at === row.created_at && row.old_vpostcodes.length === 0) {
      plain.push({ kind: 'insert', household })
      continue
    }
    // When each code was given and taken is told by events, as where it happened.
    const [first, ...later] = codesOver(row)
    const begin = { ...household, vpostcode: first!.vpostcode }
    await write(tx, first!.at, [{ kind: 'insert', household: begin }])
    for (let i = 0; i < later.length; i++) {
      const { at, vpostcode } = later[i]!
      const before = { vpostcode: (i === 0 ? first! : later[i - 1]!).vpostcode }
      await write(tx, at, [
        { kind: 'update', household: { ...household, vpostcode }, before, after: { vpostcode } },
      ])
    }
  }
  await write(tx, Date.now(), plain)
}

const write = (tx: CopyTransaction, at: number, changes: readonly Change[]) =>
  tx.write({ lineOf, actor: ACTOR, job: null, at, changes })

/** The codes of a household, null while it had none, from when it was entered on. */
function codesOver(row: PublishedHousehold): { at: number; vpostcode: string | null }[] {
  const { created_at, vpostcode, vpostcode_since, old_vpostcodes } = row
  const spans = old_vpostcodes.map((old) => ({
    code: old.vpostcode,
    from: old.from,
    until: old.until as string | null,
  }))
  if (vpostcode !== null) spans.push({ code: vpostcode, from: vpostcode_since ?? created_at, until: null })
  const over: { at: number; vpostcode: string | null }[] = [{ at: Date.parse(created_at), vpostcode: null }]
  const say = (time: string, vpostcode: string | null) => {
    const at = Date.parse(time)
    if (over.at(-1)!.at === at) over.pop()
    over.push({ at, vpostcode })
  }
  for (const { code, from, until } of spans) {
    say(from, code)
    if (until !== null) say(until, null)
  }
  return over
}

/**
 * Carries out changes of the feed, in their order, as far as they concern the provinces that are copied (null: all). One that was
 * carried out before changes nothing.
 */
export async function writeChanges(
  tx: CopyTransaction,
  changes: readonly SourceChange[],
  { province, ...versions }: Versions & { province: string | null },
): Promise<void> {
  const provinces = province?.split(',')
  const reaches = (code: string) => provinces?.includes(code) ?? true
  for (const change of changes) {
    const isHere = change.household !== null && reaches(change.province)
    const n = isHere ? tx.nOf(change.householdId) : tx.knownN(change.householdId)
    const [before] = n === null ? [] : await tx.households([n])
    if (!isHere && !(before && reaches(before.provinceCode))) continue
    const household = isHere ? present(change, tx, versions) : gone(before!, change)
    const at = Date.parse(change.at)
    const revision = before && revised(before, household, change)
    if (before && !revision) continue
    await write(tx, at, [revision ?? { kind: 'insert', household }])
  }
}

function revised(before: StoredHousehold, household: StoredHousehold, { kind }: SourceChange): Change | null {
  const fields = Object.keys(household).filter(
    (name) =>
      !['n', 'createdAt', 'updatedAt', 'engineVersion', 'dataVersion'].includes(name) &&
      JSON.stringify(household[name as keyof StoredHousehold]) !==
        JSON.stringify(before[name as keyof StoredHousehold]),
  )
  const left = household.communeCode === NO_COMMUNE && household.key === NO_KEY
  // The feed tells what is erased as blank from its first event on: codes and events of the copy are looked through at the last.
  const erases = kind === 'erase' || left
  if (!erases && fields.length === 0 && household.updatedAt === before.updatedAt) return null
  // The event itself must not tell what was erased.
  const kept = erases ? fields.filter((name) => !(name in BLANK)) : fields
  const of = (one: StoredHousehold) =>
    Object.fromEntries(kept.map((name) => [name, one[name as keyof StoredHousehold]])) as HouseholdFields
  return {
    kind: erases ? 'erase' : kind === 'insert' ? 'update' : kind,
    household,
    before: of(before),
    after: of(household),
    ...(erases && { erases: ERASED }),
  }
}

/** A household that went where the copy does not reach: of it only the province is known. */
const gone = (before: StoredHousehold, { province, at }: SourceChange): StoredHousehold => ({
  ...before,
  ...BLANK,
  status: 'historical',
  of: null,
  successors: [],
  review: [],
  provinceCode: province,
  communeCode: NO_COMMUNE,
  updatedAt: Date.parse(at),
})

function present(
  { household, province }: SourceChange,
  tx: Pick<CopyTransaction, 'nOf'>,
  versions: Versions,
): StoredHousehold {
  const { point, access, parts, communeCode, formerCommuneCode, review, createdAt, updatedAt, ...same } =
    household!
  const { houseNumber, ...others } = parts
  return stored(
    {
      ...same,
      ...others,
      house_number: houseNumber,
      ...pointColumns({ point, access }),
      province_code: province,
      commune_code: communeCode ?? NO_COMMUNE,
      former_commune_code: formerCommuneCode,
      created_at: createdAt,
      updated_at: updatedAt,
      inReview: review.length > 0,
    },
    tx,
    versions,
  )
}
