/** One row of the printed table. */
export interface Figure {
  readonly id: string
  readonly what: string
  /** The share that the product aims at, 0 to 1; absent for rows that only inform. */
  readonly target?: number
}

/**
 * Every figure, in the order printed. All are shares of right answers, so that higher is always better: "sure" counts the
 * answers that are not wrong with grade A or B.
 */
export const FIGURES: readonly Figure[] = [
  { id: 'convert.clean', what: 'former to current, as written', target: 0.999 },
  { id: 'convert.abbr', what: 'former to current, abbreviated', target: 0.999 },
  { id: 'convert.noaccent', what: 'former to current, no accents', target: 0.995 },
  { id: 'convert.nocomma', what: 'former to current, no commas', target: 0.993 },
  { id: 'convert.sure', what: 'no wrong commune with grade A or B', target: 0.999 },
  { id: 'legacy.all', what: 'former commune, district and province', target: 0.993 },
  { id: 'legacy.clean', what: '  as written' },
  { id: 'legacy.abbr', what: '  abbreviated' },
  { id: 'legacy.noaccent', what: '  no accents' },
  { id: 'legacy.nocomma', what: '  no commas' },
  { id: 'new.all', what: 'current commune', target: 0.997 },
  { id: 'new.clean', what: '  as written' },
  { id: 'new.abbr', what: '  abbreviated' },
  { id: 'new.noaccent', what: '  no accents' },
  { id: 'new.nocomma', what: '  no commas' },
  { id: 'new.sure', what: 'no wrong commune with grade A or B', target: 0.999 },
  { id: 'pairs.whole.former', what: 'whole communes, from the former text', target: 0.998 },
  { id: 'pairs.whole.former.country', what: '  with ", Việt Nam" added or removed', target: 0.998 },
  { id: 'pairs.whole.current', what: 'whole communes, from the current text', target: 0.998 },
  { id: 'pairs.whole.current.country', what: '  with ", Việt Nam" added or removed', target: 0.998 },
  { id: 'pairs.whole.sure', what: 'whole communes, none wrong with grade A or B', target: 0.99 },
  { id: 'pairs.back.among', what: 'current text to former: commune among the candidates', target: 0.998 },
  { id: 'pairs.back.district', what: '  its district best', target: 0.95 },
  { id: 'pairs.back.commune', what: '  best commune', target: 0.75 },
  { id: 'pairs.former', what: 'former commune or its June 2025 successor', target: 0.997 },
  { id: 'pairs.split.best', what: 'split communes, text only: best reading', target: 0.78 },
  { id: 'pairs.split.sure', what: '  not wrong with grade A or B', target: 0.95 },
  { id: 'pairs.split.among', what: '  among the candidates', target: 0.99 },
  { id: 'pairs.split.point', what: '  with the point', target: 0.97 },
  { id: 'pairs.split.current', what: '  from the current text' },
  { id: 'split.candidates', what: 'grade C, every acceptable commune offered', target: 1 },
  { id: 'district.among', what: 'no ward: the commune is among those of the district' },
  { id: 'district.best', what: '  it is the best of them, by the street' },
  { id: 'noisy.all', what: 'street, commune and province', target: 0.93 },
  { id: 'noisy.units', what: '  commune and province' },
  { id: 'noisy.street', what: '  street (rows that have one)' },
  { id: 'noisy.sure', what: 'no wrong commune with grade A or B', target: 0.99 },
  { id: 'typos.all', what: 'units named', target: 0.92 },
  { id: 'variants.all', what: 'units named', target: 0.95 },
  { id: 'map4d.all', what: 'house number, street and units, no accents', target: 0.9 },
  { id: 'map4d.address', what: '  addresses' },
  { id: 'map4d.housenumber', what: '  house numbers' },
  { id: 'spans.all', what: 'spans exact', target: 0.88 },
  { id: 'spans.units', what: '  WDS, DST, PRO' },
  { id: 'spans.house', what: '  NUM, ALY, STR' },
  { id: 'spans.place', what: '  NHB, BLD, POI, PCD' },
  { id: 'grade.A', what: 'grade A right, outside split communes', target: 0.999 },
  { id: 'grade.B', what: 'grade B right, outside split communes', target: 0.99 },
]
