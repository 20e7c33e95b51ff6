/** Why a change of a household is refused, in both languages: a closed list, added to and never renamed. */
export const REFUSALS = {
  'unknown-household': { en: 'no household has this id', vi: 'không có hộ mang mã này' },
  'same-household': { en: 'a household is named twice', vi: 'một hộ được nêu hai lần' },
  erased: {
    en: 'the household was erased, which cannot be taken back',
    vi: 'hộ đã bị xoá, không thể khôi phục',
  },
  historical: {
    en: 'the household is historical; reinstate it first',
    vi: 'hộ không còn hiệu lực; hãy phục hồi trước',
  },
  'not-historical': { en: 'the household is not historical', vi: 'hộ vẫn còn hiệu lực' },
  'not-provisional': {
    en: 'only a provisional household can be verified',
    vi: 'chỉ xác minh được hộ ở trạng thái tạm',
  },
  alternative: {
    en: 'the household is an alternative address of another one',
    vi: 'hộ là địa chỉ phụ của một hộ khác',
  },
  'has-alternatives': {
    en: 'the household has alternative addresses: retire them or give them another main household first',
    vi: 'hộ còn địa chỉ phụ: hãy kết thúc chúng hoặc gán cho hộ chính khác trước',
  },
  'in-review': { en: 'the household waits for a decision', vi: 'hộ đang chờ quyết định' },
  'no-known-place': { en: 'the household has no point', vi: 'hộ chưa có toạ độ' },
  'no-evidence': {
    en: 'there is no evidence: a surveyed point of stated accuracy is needed, or another person than those who entered address and point',
    vi: 'chưa có bằng chứng: cần điểm đo tại chỗ có độ chính xác, hoặc một người khác với người đã nhập địa chỉ và toạ độ',
  },
  'nothing-changed': { en: 'nothing would change', vi: 'không có gì thay đổi' },
  'within-accuracy': {
    en: 'the new point is no better and lies within the accuracy of the stored one',
    vi: 'điểm mới không tốt hơn và nằm trong sai số của điểm đã lưu',
  },
  'bad-point': { en: 'the point cannot be used', vi: 'không dùng được điểm này' },
  'point-far-from-commune': {
    en: 'the point lies more than 100 m from the commune',
    vi: 'điểm cách xã, phường hơn 100 m',
  },
  'unknown-commune': {
    en: 'no commune of today has the code of the household',
    vi: 'không có xã, phường hiện nay mang mã của hộ',
  },
  'address-in-doubt': { en: 'the address leaves a doubt', vi: 'địa chỉ còn điểm chưa rõ' },
  'address-taken': { en: 'another household has this address', vi: 'địa chỉ này đã thuộc một hộ khác' },
  'bad-external-id': { en: 'the external id has a wrong form', vi: 'mã ngoài sai dạng' },
  'external-id-taken': {
    en: 'another household has this external id',
    vi: 'mã ngoài này đã thuộc một hộ khác',
  },
  'external-id-missing': {
    en: 'the household has no such external id',
    vi: 'hộ không có mã ngoài này',
  },
  'too-few-parts': {
    en: 'a split needs at least two new households, or one beside the household that stays',
    vi: 'tách hộ cần ít nhất hai hộ mới, hoặc một hộ mới bên cạnh hộ ở lại',
  },
  'reason-missing': { en: 'a reason is needed', vi: 'cần nêu lý do' },
  'changed-since': {
    en: 'a household of this operation was changed since',
    vi: 'một hộ của thao tác này đã thay đổi sau đó',
  },
  'changed-meanwhile': {
    en: 'the household is no longer as it was read: somebody else was faster',
    vi: 'hộ không còn như lúc đọc: đã có người thay đổi trước',
  },
  'outside-scope': {
    en: 'this lies outside the communes of the one who does it',
    vi: 'nằm ngoài các xã, phường được giao',
  },
  'not-in-sample': { en: 'the household is in no sample', vi: 'hộ không nằm trong mẫu nào' },
  'round-over': {
    en: 'another round of checks was drawn since',
    vi: 'đã rút mẫu kiểm tra vòng khác',
  },
  'checked-already': {
    en: 'the household was checked already in this round; take that check back first',
    vi: 'hộ đã được kiểm tra trong vòng này; hãy huỷ lần kiểm tra đó trước',
  },
  'same-person': {
    en: 'the checker entered, changed or decided this household: another person must check it',
    vi: 'người kiểm tra đã nhập, sửa hoặc quyết định hộ này: cần người khác kiểm tra',
  },
  'check-incomplete': {
    en: 'a house that was found needs its point, and the commune where the point does not tell it',
    vi: 'nhà tìm thấy cần có toạ độ, và xã, phường khi toạ độ chưa cho biết',
  },
  'observed-just-now': {
    en: 'the same key told of this household just now',
    vi: 'khoá này vừa báo về hộ này',
  },
  'not-checked': {
    en: 'the household was not checked in this round',
    vi: 'hộ chưa được kiểm tra trong vòng này',
  },
  'nothing-to-undo': {
    en: 'the latest event is itself an undo; make the change anew or reinstate the household',
    vi: 'sự kiện gần nhất đã là một lần hoàn tác; hãy thay đổi lại hoặc phục hồi hộ',
  },
} as const satisfies Record<string, { en: string; vi: string }>

export type RefusalCode = keyof typeof REFUSALS

interface Details {
  /** For people at a command: may repeat what was given. */
  detail?: string
  /** Codes of what is in doubt. */
  reasons?: readonly string[]
  /** The households that stand in the way, by n. */
  households?: readonly number[]
}

/** A change that the rules do not allow. Nothing was changed. The message is in English. */
export class ChangeRefused extends Error {
  override name = 'ChangeRefused'
  readonly code: RefusalCode
  readonly reasons: readonly string[]
  /** By n. */
  readonly households: readonly number[]

  constructor(code: RefusalCode, { reasons = [], detail, households = [] }: Details = {}) {
    const { en } = REFUSALS[code]
    const more = detail ?? reasons.join(', ')
    super(more ? `${en}: ${more}` : en)
    this.code = code
    this.reasons = reasons
    this.households = households
  }
}
