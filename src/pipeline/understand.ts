import { once } from '../gazetteer/once.ts'
import type { Gazetteer } from '../gazetteer/types.ts'
import type { Components } from '../match/types.ts'
import { understandText } from '../match/understand.ts'
import { UnitsMemo } from '../match/unitsMemo.ts'
import { type PrepareOptions, type Row, type RowFields, reject } from './row.ts'

const memoOf = once((_: Gazetteer) => new UnitsMemo())

/** What the text says, with the columns that say what they hold. */
export function understand(
  row: Row,
  gazetteer: Gazetteer,
  { decided, formers = false, era }: PrepareOptions,
): void {
  const read = understandText(row.text, gazetteer, {
    // A point that is good to a hundred metres or more decides nothing.
    point: row.point?.known ? row.point : null,
    decided,
    memo: memoOf(gazetteer),
    formers,
    ...(era && { era }),
  })
  const components = withColumns(read.components, row.fields)
  row.understanding = components === read.components ? read : { ...read, components }
  if (read.grade === 'D' && (!row.point || Object.keys(components).length === 0)) {
    // Of what is not understood the reason counts, not the way to it.
    row.understanding = read
    reject(row, 'not-understood')
  } else for (const { code } of read.issues) row.issues.push(code)
}

/** A column says what its cell is, whatever the words in it. */
function withColumns(components: Components, fields: RowFields): Components {
  const unit = fields.unit?.trim()
  const hamlet = components.hamlet || components.group ? '' : fields.hamlet?.trim()
  if (!unit && !hamlet) return components
  return { ...components, ...(unit ? { unit } : {}), ...(hamlet ? { hamlet } : {}) }
}
