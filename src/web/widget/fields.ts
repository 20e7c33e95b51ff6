import type { Say } from './texts.ts'
import { unitOption } from './unitOption.ts'

/** The plain fields of an address. `line` is what stands in front of the units, or a whole address in one line. */
export const FIELDS = ['line', 'commune', 'district', 'province', 'postcode'] as const
export type Field = (typeof FIELDS)[number]
export type Values = Record<Field, string>
type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement
export type Controls = Partial<Record<Field, Control>>

/** What browsers fill in where, the last word of `autocomplete`. Forms of three levels have the district as level 2. */
const TOKENS: Record<string, Field> = {
  'street-address': 'line',
  'address-line1': 'line',
  'address-level3': 'commune',
  'address-level2': 'commune',
  'address-level1': 'province',
  'postal-code': 'postcode',
}

/** The fields of the page inside the element: told by `data-vpostcode`, else by `autocomplete`. */
export function findControls(host: Element): Controls {
  const all = [...host.querySelectorAll<Control>('input, select, textarea')]
  const token = (control: Control) => control.autocomplete.trim().split(/\s+/).at(-1) ?? ''
  const threeLevels = all.some((control) => token(control) === 'address-level3')
  const found: Controls = {}
  for (const control of all) {
    const named = control.dataset['vpostcode'] as Field | undefined
    const filled = token(control)
    const field = named ?? (threeLevels && filled === 'address-level2' ? 'district' : TOKENS[filled])
    if (field && FIELDS.includes(field)) found[field] ??= control
  }
  return found
}

/** Fields for a page that brought none. */
export function makeFields(host: Element, say: Say): void {
  const group = document.createElement('vpostcode-fields')
  const add = (name: string, text: string, autocomplete: AutoFill) => {
    const label = document.createElement('label')
    const caption = document.createElement('span')
    const input = document.createElement('input')
    caption.textContent = text
    input.name = name
    input.autocomplete = autocomplete
    label.append(caption, input)
    group.append(label)
  }
  add('address', say('line'), 'street-address')
  add('commune', say('commune'), 'address-level2')
  add('province', say('province'), 'address-level1')
  host.append(group)
}

/** What stands in the fields; '' for those that are not there. Of a list the words that people see. */
export function readValues(controls: Controls): Values {
  const read = (control: Control | undefined) => {
    if (!control) return ''
    if (!(control instanceof HTMLSelectElement)) return control.value.trim()
    return control.value === '' ? '' : (control.selectedOptions[0]?.text.trim() ?? '')
  }
  return Object.fromEntries(FIELDS.map((field) => [field, read(controls[field])])) as Values
}

/** Fills a field as a person would, so that frameworks notice. Of a list the line that means this unit, if there is one. */
export function writeValue(control: Control | undefined, text: string): void {
  if (!control || control.disabled) return
  let value = text
  if (control instanceof HTMLSelectElement) {
    const index = unitOption(
      [...control.options].map((option) => option.text),
      text,
    )
    if (index < 0) return
    value = control.options[index]!.value
  }
  if (control.value === value) return
  // Of the prototype: React keeps its own on the element, and would take what is set there for known.
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(control), 'value')!.set!.call(control, value)
  for (const type of ['input', 'change']) control.dispatchEvent(new Event(type, { bubbles: true }))
}
