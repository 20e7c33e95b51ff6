/** Why a change of a household is refused: a closed list, added to and never renamed. */
const REFUSALS = {
  'unknown-household': 'no household has this id',
  'same-household': 'a household is named twice',
  erased: 'the household was erased, which cannot be taken back',
  historical: 'the household is historical; reinstate it first',
  'not-historical': 'the household is not historical',
  'not-provisional': 'only a provisional household can be verified',
  alternative: 'the household is an alternative address of another one',
  'has-alternatives':
    'the household has alternative addresses: retire them or give them another main household first',
  'in-review': 'the household waits for a decision',
  'no-known-place': 'the household has no point',
  'no-evidence':
    'there is no evidence: a surveyed point of stated accuracy is needed, or another person than those who entered address and point',
  'nothing-changed': 'nothing would change',
  'within-accuracy': 'the new point is no better and lies within the accuracy of the stored one',
  'bad-point': 'the point cannot be used',
  'point-far-from-commune': 'the point lies more than 100 m from the commune',
  'unknown-commune': 'no commune of today has the code of the household',
  'address-in-doubt': 'the address leaves a doubt',
  'address-taken': 'another household has this address',
  'bad-external-id': 'the external id has a wrong form',
  'external-id-taken': 'another household has this external id',
  'external-id-missing': 'the household has no such external id',
  'too-few-parts': 'a split needs at least two new households, or one beside the household that stays',
  'reason-missing': 'a reason is needed',
  'changed-since': 'a household of this operation was changed since',
  'not-in-sample': 'the household is in no sample',
  'round-over': 'another round of checks was drawn since',
  'checked-already': 'the household was checked already in this round; take that check back first',
  'same-person': 'the checker entered, changed or decided this household: another person must check it',
  'check-incomplete':
    'a house that was found needs its point, and the commune where the point does not tell it',
  'not-checked': 'the household was not checked in this round',
  'nothing-to-undo': 'the latest event is itself an undo; make the change anew or reinstate the household',
} as const

export type RefusalCode = keyof typeof REFUSALS

/** A change that the rules do not allow. Nothing was changed. */
export class ChangeRefused extends Error {
  override name = 'ChangeRefused'
  readonly code: RefusalCode
  /** The households that stand in the way, by n. */
  readonly households: readonly number[]

  constructor(
    code: RefusalCode,
    { detail, households = [] }: { detail?: string; households?: number[] } = {},
  ) {
    super(detail ? `${REFUSALS[code]}: ${detail}` : REFUSALS[code])
    this.code = code
    this.households = households
  }
}
