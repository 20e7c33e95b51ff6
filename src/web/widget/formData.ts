import type { FormerReading, Validation } from 'vpostcode/client'

/**
 * checked: the address is understood. open: the shopper has not said which commune it is, or something is missing. unchecked: the
 * API did not answer (yet): check it at the server.
 */
export type Status = 'checked' | 'open' | 'unchecked'

/** What is known of an address. */
export interface Known {
  status: Status
  answer: Validation | null
  /** The units before July 2025: of the answer, or of the one that asked for the commune. */
  former: FormerReading | null
}

export const UNKNOWN: Known = { status: 'unchecked', answer: null, former: null }

/**
 * What goes with the form beside its plain fields, in the order of docs/widget.md. Always all of them, '' where nothing is known,
 * and one more for each list of a carrier that the server has.
 */
export function entriesOf(
  prefix: string,
  { status, answer, former }: Known,
): [name: string, value: string][] {
  const sure = status !== 'unchecked' && answer?.grade !== 'C' ? answer : null
  const commune = sure?.current?.commune
  const province = sure?.current?.province
  const parts = sure?.components
  const values: Record<string, string | number | null | undefined> = {
    status,
    household_id: sure?.household,
    postcode: sure?.postcode,
    commune_code: commune?.code,
    commune_name: commune?.fullName,
    province_code: province?.code,
    province_name: province?.fullName,
    former_commune_code: sure && former?.commune?.code,
    former_commune_name: sure && former?.commune?.fullName,
    former_district_code: sure && former?.district?.code,
    former_district_name: sure && former?.district?.fullName,
    former_province_code: sure && former?.province?.code,
    former_province_name: sure && former?.province?.fullName,
    latitude: sure?.point?.lat,
    longitude: sure?.point?.lon,
    precision: sure?.point?.precision,
    accuracy: sure?.point?.accuracy,
    grade: answer?.grade,
    confidence: answer?.confidence,
    action: answer?.verdict.possibleNextAction,
    issues: answer?.issues.map(({ code }) => code).join(';'),
    place_name: parts?.name,
    building: parts?.building,
    block: parts?.block,
    floor: parts?.floor,
    unit: parts?.unit,
    house_number: parts?.houseNumber,
    alleys: parts?.alleys?.map(({ kind, number }) => (kind ? `${kind} ${number}` : number)).join(';'),
    street: parts?.street,
    group: parts?.group,
    hamlet: parts?.hamlet,
  }
  for (const { scheme, id } of sure?.crosswalks ?? []) values[`carrier_${scheme}`] = id
  return [
    [prefix, sure?.vpostcode ?? ''],
    ...Object.entries(values).map(([name, value]): [string, string] => [
      `${prefix}_${name}`,
      String(value ?? ''),
    ]),
  ]
}
