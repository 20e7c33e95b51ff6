/** How precise an answered point is, best first. */
export type Precision =
  | 'point'
  | 'household'
  | 'building'
  | 'interpolated'
  | 'alley'
  | 'street'
  | 'hamlet'
  | 'commune'
  | 'none'

/** A thing of known place that tells where an address is. */
export interface Evidence {
  /** What it is: a registered household, a mapped house number, alley, street, hamlet; the middle of a former or a present commune. */
  readonly kind: 'household' | 'house' | 'alley' | 'street' | 'hamlet' | 'former-commune' | 'commune'
  /** Its number or name, as it is known there ("128", "Hẻm 42/3", "Đường Lê Lợi"). */
  readonly text: string
  /** The street layer that has it; null for what the registry or the gazetteer knows. */
  readonly layer: string | null
}
