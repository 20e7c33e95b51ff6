import { type RowFields, TEXT_FIELDS } from '../pipeline/row.ts'
import { RESULT_COLUMNS } from './result.ts'

/** What a column can hold. `coordinates` is one cell with both numbers ("10.77, 106.69"); `none` = leave the column alone. */
export const FIELDS = [...TEXT_FIELDS, 'lat', 'lon', 'externalId', 'coordinates'] as const
export type Field = (typeof FIELDS)[number]

/** A mapping that cannot be used; the message names the headers and the way out. `vi` = the same in Vietnamese, for who uploads. */
export class MappingError extends Error {
  override name = 'MappingError'
  readonly vi: string
  constructor(message: string, vi = message) {
    super(message)
    this.vi = vi
  }
}

/** Field to position of its column. */
export type Columns = Partial<Record<Field, number>>

/**
 * Headers without accents, case and punctuation. Earlier entries win over later ones. "Số hộ" is not there: it counts
 * households, or numbers them anew in each hamlet.
 */
const NAMES: Record<Field, string> = {
  address:
    'dia chi|dia chi day du|dia chi chi tiet|dia chi ho|dia chi nha|dia chi thuong tru|noi thuong tru|dia chi cu tru|noi o|noi cu tru|' +
    'address|full address|address line|addr|addressfull|fulladdress|diachi|dia chi hien tai',
  houseNumber: 'so nha|sonha|house number|housenumber|house no|addr housenumber|nha so',
  street:
    'duong|duong pho|ten duong|ten duong pho|pho|ten pho|street|street name|streetname|road|addr street|duong ngo|so nha duong|' +
    'so nha ten duong|so nha duong pho|so nha va duong|so nha va ten duong',
  hamlet:
    'thon|xom|ap|to|to dan pho|khu pho|thon xom|thon xom to|thon to|thon ap|thon ban|thon to dan pho|thon xom ap|thon ap ban|' +
    'thon ap khu pho|thon ban to dan pho|ap khu pho|khu pho ap|to dan pho thon|to thon|xom to|thon lang|lang|ban|buon|khom|khu dan cu|hamlet|village',
  unit: 'can ho|so can ho|can ho so|unit|flat|apartment|apt',
  commune:
    'phuong xa|xa phuong|phuong|xa|phuong xa thi tran|xa phuong thi tran|xa phuong dac khu|phuong xa dac khu|ten phuong xa|ten xa phuong|' +
    'ten xa|ten phuong|commune|ward|ward name|commune name|subdistrict|phuongxa|xaphuong',
  district:
    'quan huyen|huyen quan|quan|huyen|quan huyen thi xa|quan huyen tp|quan huyen thanh pho|quan huyen thi xa thanh pho|quan huyen tx tp|' +
    'quan huyen thi xa tp|huyen thi xa|thanh pho huyen|huyen thanh pho|tp huyen|huyen tp|huyen thi xa thanh pho|huyen tx tp|huyen thi xa tp|' +
    'thanh pho thi xa huyen|tp tx huyen|huyen thanh pho thi xa|huyen tp tx|thi xa huyen|quan huyen cu|huyen cu|quan cu|ten quan huyen|district|district name|quanhuyen|county',
  province:
    'tinh thanh pho|tinh tp|tinh thanh|tinh|thanh pho|tp|thanh pho tinh|tp tinh|tinh thanh pho tw|ten tinh|ten tinh thanh pho|' +
    'province|city|province city|city province|province name|tinhthanh|tinhtp|state',
  lat: 'vi do|vido|lat|latitude|vi do y|vi do lat|lat y|gps lat|y',
  lon: 'kinh do|kinhdo|lon|lng|long|longitude|kinh do x|kinh do long|kinh do lng|lng x|gps lng|gps lon|gps long|x',
  externalId:
    'ma ho|ma ho gia dinh|ma so ho|ma so ho gia dinh|household id|household code|household number|household no|householdid|external id|externalid',
  coordinates:
    'toa do|toado|toa do gps|gps|coordinates|coordinate|coords|latlng|lat lng|lat lon|lat long|vi do kinh do',
}
/** What a header says, by its key. */
export const FIELD_OF: ReadonlyMap<string, Field> = new Map(
  FIELDS.flatMap((field) => NAMES[field].split('|').map((name) => [name, field] as const)),
)

/** Taken as the address when it is the only one of its kind and nothing better is there. */
const SECOND_ADDRESSES = new Set(
  'dia chi cu|dia chi moi|old address|new address|dia chi giao hang|dia chi nhan|dia chi lien he|delivery address|shipping address'.split(
    '|',
  ),
)

/** "Phường/Xã", "phuong_xa" and "PHƯỜNG XÃ" are one header. */
export function headerKey(header: string): string {
  return header
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** A header that nothing but our results has. */
const OF_RESULTS_ONLY = 'former_successor_code'

export interface Recognition {
  columns: Columns
  /** What a person should know about the choice. */
  notes: string[]
}

/**
 * Which column holds what. `map` gives "header=field" (or "header=none"), which wins over recognition; a field that is
 * mapped is not looked for elsewhere. What no header says is asked of `content`, which tells what the cells of a column look
 * like. Throws `MappingError` when nothing says where the address stands.
 */
export function recognise(
  header: readonly string[],
  map: readonly string[] = [],
  content: (column: number) => Field | null = () => null,
  reads: 'address' | 'point' = 'address',
): Recognition {
  const columns: Columns = {}
  const notes: string[] = []
  const taken = new Set<number>()
  for (const entry of map) {
    const { column, field } = mapped(header, entry)
    taken.add(column)
    if (field === 'none') continue
    if (columns[field] !== undefined)
      throw new MappingError(`--map gives two columns for ${field}.`, `--map khai báo hai cột cho ${field}.`)
    columns[field] = column
  }
  const keys = header.map(headerKey)
  // Our own answers in a result that is loaded again are no statements of the office: a commune's centre is no point of a home.
  const answered = reads === 'address' && header.includes(OF_RESULTS_ONLY)
  if (answered) for (const name of RESULT_COLUMNS) taken.add(header.lastIndexOf(name))
  for (const field of FIELDS) {
    if (columns[field] !== undefined) continue
    for (const name of NAMES[field].split('|')) {
      const column = keys.findIndex((key, i) => key === name && !taken.has(i))
      if (column < 0) continue
      columns[field] = column
      taken.add(column)
      break
    }
  }
  settlePoint(columns, header, map)
  if (answered) notes.push('the columns of an earlier result are left alone')
  notes.push(...askContent(columns, header, keys, taken, content))
  const others = keys.flatMap((key, i) => {
    const field = FIELD_OF.get(key)
    const used = field && columns[field]
    if (used === undefined || used === i || taken.has(i)) return []
    return `column ${i + 1} "${header[i]}" could be ${field} too; column ${used + 1} "${header[used]}" is used`
  })
  notes.push(...others.slice(0, MOST_NAMED))
  if (others.length > MOST_NAMED)
    notes.push(`${others.length - MOST_NAMED} more columns are called like one that is used`)
  if (columns.address === undefined) secondAddress(columns, header, keys, taken)
  if (reads === 'point') {
    if (columns.lat !== undefined || columns.coordinates !== undefined) return { columns, notes }
    throw new MappingError(
      `No columns were recognised as coordinates. The first line reads: ${shown(header)}. ` +
        'Name them with --map "HEADER=lat" and --map "HEADER=lon", or --map "HEADER=coordinates".',
      `Không cột nào được nhận ra là toạ độ. Dòng đầu là: ${shown(header)}. ` +
        'Hãy chỉ rõ bằng --map "TIÊU ĐỀ=lat" và --map "TIÊU ĐỀ=lon", hoặc --map "TIÊU ĐỀ=coordinates".',
    )
  }
  // A point alone is no household: every row would be rejected.
  if (!PLACED.some((field) => columns[field] !== undefined)) {
    throw new MappingError(
      `No column was recognised as an address. The first line reads: ${shown(header)}. ` +
        `If it is the header, name the column with --map "HEADER=address" (fields: ${FIELDS.join(', ')}); ` +
        'if it is not, put a header above the data.',
      `Không cột nào được nhận ra là địa chỉ. Dòng đầu là: ${shown(header)}. ` +
        `Nếu đó là dòng tiêu đề, hãy chỉ rõ cột bằng --map "TIÊU ĐỀ=address" (các trường: ${FIELDS.join(', ')}); ` +
        'nếu không, hãy thêm một dòng tiêu đề phía trên dữ liệu.',
    )
  }
  return { columns, notes }
}

/** Columns that are named one by one. */
const MOST_NAMED = 10

const PLACED = ['address', 'street', 'houseNumber', 'hamlet', 'commune'] as const
const UNITS = ['commune', 'district', 'province'] as const

/** Fills what the headers leave open: the point, and the place when no header says it. */
function askContent(
  columns: Columns,
  header: readonly string[],
  keys: readonly string[],
  taken: Set<number>,
  content: (column: number) => Field | null,
): string[] {
  const placed = columns.address !== undefined || columns.commune !== undefined
  const pointed = columns.coordinates !== undefined || columns.lat !== undefined
  if (placed && pointed) return []
  const free = header.flatMap((_, i) =>
    taken.has(i) || FIELD_OF.has(keys[i]!) || SECOND_ADDRESSES.has(keys[i]!) ? [] : [i],
  )
  const looks = new Map(free.map((i) => [i, content(i)]))
  const found: [number, Field][] = []
  const take = (fields: readonly Field[]) => {
    for (const field of fields) {
      const column = free.find((i) => looks.get(i) === field && !taken.has(i))
      if (column === undefined || columns[field] !== undefined) continue
      columns[field] = column
      taken.add(column)
      found.push([column, field])
    }
  }
  if (!pointed) {
    const has = (field: Field) => [...looks.values()].includes(field)
    take(has('lat') && has('lon') ? ['lat', 'lon'] : ['coordinates'])
  }
  if (!placed) {
    take(['address'])
    if (columns.address === undefined) take(UNITS)
  }
  return found.map(
    ([column, field]) => `column ${column + 1} "${header[column]}" is taken for ${field} by its cells`,
  )
}

/** What an entry "header=field" says. Throws `MappingError` when it fits no column or several. */
export function mapped(header: readonly string[], entry: string): { column: number; field: Field | 'none' } {
  const cut = entry.lastIndexOf('=')
  const name = entry.slice(0, cut).trim()
  const field = entry.slice(cut + 1).trim() as Field | 'none'
  if (cut < 1)
    throw new MappingError(
      `--map "${entry}" is not of the form HEADER=FIELD.`,
      `--map "${entry}" không có dạng TIÊU ĐỀ=TRƯỜNG.`,
    )
  if (field !== 'none' && !FIELDS.includes(field)) {
    throw new MappingError(
      `--map "${entry}": there is no field "${field}". The fields: ${FIELDS.join(', ')}, none.`,
      `--map "${entry}": không có trường "${field}". Các trường: ${FIELDS.join(', ')}, none.`,
    )
  }
  const same = (test: (cell: string) => boolean) => header.flatMap((cell, i) => (test(cell) ? [i] : []))
  const exact = same((cell) => cell.trim() === name)
  const found = exact.length > 0 ? exact : same((cell) => headerKey(cell) === headerKey(name))
  if (found.length === 0)
    throw new MappingError(
      `--map "${entry}": no column "${name}". The columns: ${shown(header)}.`,
      `--map "${entry}": không có cột "${name}". Các cột: ${shown(header)}.`,
    )
  if (found.length > 1)
    throw new MappingError(
      `--map "${entry}": ${found.length} columns are called "${name}"; rename one.`,
      `--map "${entry}": ${found.length} cột cùng tên "${name}"; hãy đổi tên một cột.`,
    )
  return { column: found[0]!, field }
}

/** A lone latitude is no point, and a coordinates column stands back behind a pair. */
function settlePoint(columns: Columns, header: readonly string[], map: readonly string[]): void {
  const { lat, lon, coordinates } = columns
  if (lat !== undefined && lon !== undefined) {
    if (coordinates !== undefined && !map.some((entry) => entry.endsWith('=coordinates')))
      delete columns.coordinates
  } else if (lat !== undefined || lon !== undefined) {
    const only = (lat ?? lon)!
    if (map.some((entry) => /=(lat|lon)$/.test(entry.trim()))) {
      throw new MappingError(
        `"${header[only]}" is one half of a point: map the other half too (lat and lon).`,
        `"${header[only]}" chỉ là một nửa toạ độ: hãy khai báo cả nửa kia (lat và lon).`,
      )
    }
    delete columns.lat
    delete columns.lon
  }
}

function secondAddress(
  columns: Columns,
  header: readonly string[],
  keys: string[],
  taken: Set<number>,
): void {
  if (columns.street !== undefined || columns.commune !== undefined) return
  const found = keys.flatMap((key, i) => (SECOND_ADDRESSES.has(key) && !taken.has(i) ? [i] : []))
  if (found.length === 1) columns.address = found[0]!
  if (found.length > 1) {
    const names = found.map((i) => `"${header[i]}"`).join(', ')
    throw new MappingError(
      `${names}: each could be the address. Choose with --map "${header[found[0]!]}=address".`,
      `${names}: cột nào cũng có thể là địa chỉ. Hãy chọn bằng --map "${header[found[0]!]}=address".`,
    )
  }
}

const shown = (header: readonly string[]) => {
  const text = header.map((cell) => `"${cell}"`).join(', ')
  return text.length > 500 ? `${text.slice(0, 500)} ...` : text
}

/** The cells that the pipeline may see; the others are never looked at and never stored. */
export function fieldsOf(cells: readonly string[], columns: Columns): RowFields {
  const fields: RowFields = {}
  for (const field of FIELDS) {
    const column = columns[field]
    if (column === undefined || field === 'coordinates') continue
    const cell = cells[column]
    if (cell) fields[field] = cell
  }
  // The pipeline reads a pair in one cell.
  const pair = columns.coordinates === undefined ? '' : cells[columns.coordinates]
  if (pair && !fields.lat && !fields.lon) fields.lat = pair
  return fields
}
