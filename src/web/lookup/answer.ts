import type { Bounds, LatLon } from '../shared/map/map.ts'

/** What the page shows of one place, wherever it was asked from. */
export interface Answer {
  heading: string
  /** What has to be known first: superseded, mistyped, nothing found. */
  notice?: { text: string; bad?: boolean }
  vpostcode?: string | null
  /** Why there is no code. */
  noCode?: string
  postcode?: string | null
  /** "Phường Bến Thành, Thành phố Hồ Chí Minh" */
  current?: string | null
  /** Lines; several when nobody knows which. */
  former?: string[]
  plusCode?: string | null
  point?: LatLon & { accuracy?: number | null; precision?: string; cell?: Bounds | null }
  /** Where one leaves the street for it. */
  access?: LatLon | null
  grade?: 'A' | 'B' | 'C' | 'D' | null
  household?: { id: string; status: string }
  /** Of everything else: issues, questions. */
  remarks?: string[]
  choices?: { title: string; list: Choice[] }
}

export interface Choice {
  label: string
  detail?: string
  /** What stands in the box when it is taken. */
  text: string
  ask(): Promise<Answer>
}
