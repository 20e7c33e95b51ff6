/** One alley of the way to the door, outermost first. `kind` is null in southern slash chains. */
export interface Alley {
  kind: 'ngo' | 'ngach' | 'hem' | 'kiet' | null
  number: string
}

/** What the text says; an absent part was not said. */
export interface Components {
  name?: string
  building?: string
  block?: string
  floor?: string
  unit?: string
  /** The whole number as written without "số": "130/20/14/3", "K448/H20/2", "BL.A-10". */
  houseNumber?: string
  alleys?: Alley[]
  street?: string
  group?: string
  hamlet?: string
  postcode?: string
  vpostcode?: string
  plusCode?: string
}

export interface PrivateSpan {
  kind: 'phone' | 'person' | 'id' | 'note'
  start: number
  end: number
}
export interface Span {
  start: number
  end: number
}
