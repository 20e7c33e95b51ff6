import { type Context, readCsv } from '../context.ts'

/**
 * hcmc-points.csv with the ward left out: "12 Đồng Khởi, Quận 1, TP.HCM". Rows whose point agrees with the street map; the
 * commune is that of the polygons (right in about 98 of 100). Lines whose street is named like a ward are left out: they
 * name a commune.
 */
export function districts({ understand, report, gazetteer }: Context): void {
  for (const row of readCsv('hcmc-points.csv')) {
    if (row['clean'] !== '1' || row['street'] === '') continue
    const at = gazetteer.boundaries.communeAt(Number(row['lat']), Number(row['lon']))
    if (at < 0) continue
    const text = `${row['housenumber']} ${row['street']}, ${row['district']}, TP. Hồ Chí Minh`
    const answer = understand(text)
    const { code, fullName } = gazetteer.communes[at]!
    if (answer.grade !== 'C' || answer.current?.commune) continue
    const offered = answer.candidates.map(({ current }) => current.commune?.code).filter(Boolean)
    report.score('district.among', offered.includes(code), text, fullName, answer)
    report.score('district.best', offered[0] === code, text, fullName, answer)
  }
}
