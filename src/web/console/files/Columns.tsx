import type { FilePreview } from 'vpostcode/client'
import { Fault, Scroll } from '../parts.tsx'
import { text } from '../texts.ts'

type Field = keyof FilePreview['columns']

/** What a column can hold, in the order of the choice. Each field of the API has to stand here. */
const ORDER: Record<Field, true> = {
  address: true,
  houseNumber: true,
  street: true,
  hamlet: true,
  unit: true,
  commune: true,
  district: true,
  province: true,
  lat: true,
  lon: true,
  coordinates: true,
  externalId: true,
}
const FIELDS = Object.keys(ORDER) as Field[]

/** What a person chose, by position of the column: a field, or "none". */
export type Choices = Record<number, string>

/** The choices as the server takes them; a column without a header cannot be named. */
export const mapOf = (choices: Choices, header: readonly string[]): string[] =>
  Object.entries(choices).flatMap(([column, field]) => {
    const name = header[Number(column)]
    return name ? [`${name}=${field}`] : []
  })

/** The found columns on real rows, to be corrected. */
export function Columns({
  look,
  choices,
  onChoices,
  sheet,
  onSheet,
}: {
  look: FilePreview
  choices: Choices
  onChoices: (choices: Choices) => void
  sheet: string | null
  onSheet: (sheet: string) => void
}) {
  const fieldOf = (header: string, column: number): string =>
    choices[column] ?? Object.entries(look.columns).find(([, name]) => name === header)?.[0] ?? 'none'
  const choose = (column: number, field: string) => {
    const taken = look.header.findIndex(
      (header, other) => other !== column && fieldOf(header, other) === field,
    )
    const freed = field !== 'none' && taken >= 0 ? { [taken]: 'none' } : {}
    onChoices({ ...choices, ...freed, [column]: field })
  }
  return (
    <section class="stack" aria-labelledby="columns">
      <h2 id="columns">{text('columns')}</h2>
      <p class="soft">{text('columnsHint')}</p>
      <p class="row small">
        <span>{text('charset', { charset: look.charset })}</span>
        {look.sheets.length > 1 ? (
          <label class="row">
            {text('sheet')}
            <select
              value={sheet ?? look.sheet ?? ''}
              onChange={(event) => onSheet(event.currentTarget.value)}
            >
              {look.sheets.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        ) : (
          look.sheet && <span>{text('oneSheet', { sheet: look.sheet })}</span>
        )}
      </p>
      <Fault>{look.fault}</Fault>
      <Scroll label={text('firstRows')} bounded>
        <table class="columns">
          <thead>
            <tr>
              {look.header.map((header, column) => (
                <th key={column} scope="col" class={fieldOf(header, column) === 'none' ? '' : 'used'}>
                  <select
                    aria-label={text('fieldOf', { header: header || `${column + 1}` })}
                    value={fieldOf(header, column)}
                    disabled={!header}
                    onChange={(event) => choose(column, event.currentTarget.value)}
                  >
                    <option value="none">{text('field_none')}</option>
                    {FIELDS.map((field) => (
                      <option key={field} value={field}>
                        {text(`field_${field}`)}
                      </option>
                    ))}
                  </select>
                  <span>{header}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {look.rows.map((cells, row) => (
              <tr key={row}>
                {look.header.map((header, column) => (
                  <td key={column} class={fieldOf(header, column) === 'none' ? 'left' : ''}>
                    {cells[column]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {look.notes.length > 0 && (
        <details class="small">
          <summary>{text('notes')}</summary>
          <ul lang="en">
            {look.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}
