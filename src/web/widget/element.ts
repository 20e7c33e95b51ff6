import { Address } from './address.ts'
import { Api } from './api.ts'
import type { Values } from './fields.ts'
import { entriesOf, UNKNOWN } from './formData.ts'
import { holdSubmit } from './hold.ts'
import type { Chosen } from './look.ts'
import { element, Panel } from './panel.ts'
import { oneLine } from './split.ts'
import { adoptPage, SHADOW, sheetOf } from './styles.ts'
import { Suggestions } from './suggestions.ts'
import { type Say, textsIn } from './texts.ts'

/**
 * <vpostcode-address>: the address of a checkout. The plain fields of the page stand inside it and stay what they are; it helps
 * to fill them in, and adds what the API knows of the address to what the form sends. docs/widget.md is the contract.
 */
export class VpostcodeAddress extends HTMLElement {
  static readonly formAssociated = true
  static readonly observedAttributes = ['required']
  /** Where the API is when the attribute `api` does not say it: where the script came from. */
  static base = ''

  readonly #internals = this.attachInternals()
  readonly #api = new Api(
    () => ({ base: this.#base, key: this.getAttribute('key') ?? '', language: this.#language }),
    () => this.#address.look(),
  )
  readonly #address = new Address({
    api: this.#api,
    changed: () => this.#publish(),
    announce: (text) => this.#announce(text),
    say: () => this.#say,
    split: (text, pieces) => !this.#emit('vpostcode-split', { text, private: pieces }, { cancelable: true }),
  })
  readonly #panel = new Panel({
    choose: (index) => {
      this.#demanded = false
      this.#address.answer(index)
    },
    undo: () => {
      this.#address.undo()
      this.focus()
    },
  })
  readonly #list = document.createElement('vpostcode-list')
  readonly #popup = element('div', 'popup')
  readonly #notice = element('p', 'notice')
  readonly #status = element('div', 'status')
  #suggestions: Suggestions | null = null
  #connection = new AbortController()
  #submission = new AbortController()
  #announcing: ReturnType<typeof setTimeout> | undefined
  /** What is being pasted. */
  #pasting = ''
  /** The form was sent while a question was open. */
  #demanded = false
  #told = UNKNOWN
  /** Fields that this element disabled. */
  #disabled: { disabled: boolean }[] = []

  connectedCallback(): void {
    this.#connection = new AbortController()
    const { signal } = this.#connection
    const upgrade = () => signal.aborted || this.#upgrade(signal)
    // The parser has come to the start of the element only: the fields are still to come.
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', upgrade, { signal })
    else queueMicrotask(upgrade)
  }

  disconnectedCallback(): void {
    this.#connection.abort()
    clearTimeout(this.#announcing)
    this.#address.stop()
    this.#api.close()
    this.#suggestions?.dispose()
    this.#suggestions = null
  }

  formAssociatedCallback(form: HTMLFormElement | null): void {
    this.#submission.abort()
    this.#submission = new AbortController()
    if (form)
      holdSubmit(form, () => (this.matches(':disabled') ? null : this.#address), this.#submission.signal)
  }

  formDisabledCallback(disabled: boolean): void {
    const all = Object.values(this.#address.controls)
    if (disabled) this.#disabled = all.filter((control) => !control.disabled)
    for (const control of this.#disabled) control.disabled = disabled
    this.#panel.root.inert = disabled
    if (disabled) this.#suggestions?.close()
  }

  formResetCallback(): void {
    this.#address.reset()
    // The fields go back to what the page had in them after this element.
    setTimeout(() => this.#address.look())
  }

  formStateRestoreCallback(state: unknown): void {
    // The fields come back by themselves, or not: a commune that was chosen for others is none of theirs.
    setTimeout(() => {
      const address = this.#address
      const { chosen, units } = read(state)
      if (!this.isConnected || !chosen || units !== unitsOf(address.values)) return
      address.chosen = chosen
      address.look()
    })
  }

  attributeChangedCallback(): void {
    const { line } = this.#address.controls
    if (line) line.required = this.required
    this.#validate()
  }

  get form(): HTMLFormElement | null {
    return this.#internals.form
  }
  get name(): string {
    return this.getAttribute('name') || 'vpostcode'
  }
  get type(): string {
    return this.localName
  }
  get required(): boolean {
    return this.hasAttribute('required')
  }
  set required(on: boolean) {
    this.toggleAttribute('required', on)
  }
  get disabled(): boolean {
    return this.hasAttribute('disabled')
  }
  set disabled(on: boolean) {
    this.toggleAttribute('disabled', on)
  }
  get validity(): ValidityState {
    return this.#internals.validity
  }
  get validationMessage(): string {
    return this.#internals.validationMessage
  }
  get willValidate(): boolean {
    return this.#internals.willValidate
  }
  checkValidity(): boolean {
    return this.#internals.checkValidity()
  }
  reportValidity(): boolean {
    return this.#internals.reportValidity()
  }
  /** What `vpostcode-change` tells. */
  get value() {
    const { known, values, pieces } = this.#address
    return { ...known, values, fields: Object.fromEntries(entriesOf(this.name, known)), private: pieces }
  }
  override focus(options?: FocusOptions): void {
    this.#address.controls.line?.focus(options)
  }

  get #base(): string {
    const given = this.getAttribute('api') ?? VpostcodeAddress.base
    return given.endsWith('/') ? given : `${given}/`
  }
  get #language(): 'vi' | 'en' {
    return this.closest<HTMLElement>('[lang]')?.lang.toLowerCase().startsWith('en') ? 'en' : 'vi'
  }
  get #say(): Say {
    return textsIn(this.#language)
  }

  #upgrade(signal: AbortSignal): void {
    if (!this.shadowRoot) this.#build()
    const address = this.#address
    address.find(this)
    this.append(this.#list)
    adoptPage(this.getRootNode())
    const { line } = address.controls
    if (line && this.required) line.required = true
    if (line instanceof HTMLInputElement) this.#suggestions = this.#help(line)
    this.addEventListener('input', (event) => this.#onInput(event as InputEvent), { signal })
    this.addEventListener('change', (event) => this.#onChange(event), { signal })
    this.addEventListener('paste', (event) => this.#onPaste(event), { signal })
    this.addEventListener('invalid', (event) => this.#onInvalid(event), { signal })
    for (const type of ['compositionstart', 'compositionend'])
      this.addEventListener(type, () => (address.composing = type === 'compositionstart'), { signal })
    this.#publish()
    if (this.matches(':disabled')) this.formDisabledCallback(true)
    // What the page or the browser had filled in already.
    address.look()
  }

  #build(): void {
    const shadow = this.attachShadow({ mode: 'open' })
    shadow.adoptedStyleSheets = [sheetOf(SHADOW)]
    const slot = document.createElement('slot')
    slot.name = 'list'
    this.#list.slot = 'list'
    this.#popup.append(slot, this.#notice)
    this.#popup.hidden = true
    this.#status.setAttribute('role', 'status')
    this.#status.setAttribute('aria-live', 'polite')
    shadow.append(document.createElement('slot'), this.#popup, this.#panel.root, this.#status)
  }

  #help(input: HTMLInputElement): Suggestions {
    const address = this.#address
    return new Suggestions(
      { input, list: this.#list, popup: this.#popup, notice: this.#notice, host: this },
      {
        api: this.#api,
        say: () => this.#say,
        announce: (text) => this.#announce(text),
        around: () => [address.values.commune, address.values.province].filter(Boolean).join(', '),
        pick: (place) => address.pick(place),
      },
    )
  }

  #onInput(event: InputEvent): void {
    const address = this.#address
    const field = address.fieldOf(event.target)
    if (address.writing || !field) return
    const pasted = this.#pasting
    this.#pasting = ''
    address.touched(field)
    // Without a type: a browser filled it in, a script did, or somebody chose from a list of the page.
    if (!event.inputType) address.lookSoon()
    else if (field !== 'line') return
    else if (pasted && pasted === address.values.line) this.#lookAtPasted()
    else this.#suggestions?.soon(event.isComposing)
  }

  async #lookAtPasted(): Promise<void> {
    this.#suggestions?.close()
    const { line } = this.#address.values
    const placed = await this.#address.lookAtPasted()
    if (!placed && this.#address.values.line === line) this.#suggestions?.soon()
  }

  #onChange(event: Event): void {
    const address = this.#address
    if (!address.writing && address.fieldOf(event.target)) address.lookSoon()
  }

  /** Of several lines an input would leave out the ends, and join a name to a number. */
  #onPaste(event: ClipboardEvent): void {
    const { line } = this.#address.controls
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (!line || event.target !== line || !text.trim()) return
    this.#pasting = oneLine(text)
    if (!/[\r\n]/.test(text) || !(line instanceof HTMLInputElement)) return
    event.preventDefault()
    // The one way that keeps the browser's own "undo"; where it is gone, the text is set.
    if (document.execCommand?.('insertText', false, oneLine(text))) return
    line.setRangeText(oneLine(text), line.selectionStart ?? 0, line.selectionEnd ?? 0, 'end')
    line.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }))
  }

  #onInvalid(event: Event): void {
    if (event.target !== this) return
    // Browsers cannot all point at something inside this element: it shows the message itself.
    event.preventDefault()
    this.#demanded = true
    this.#render()
    this.#panel.anchor?.focus()
  }

  #publish(): void {
    const { known, chosen, values } = this.#address
    const data = new FormData()
    for (const [name, value] of entriesOf(this.name, known)) data.append(name, value)
    // The browser keeps the second one with the page's history; what was pasted stays out of it.
    const kept: Kept = { chosen: chosen && { ...chosen, line: null }, units: unitsOf(values) }
    this.#internals.setFormValue(data, JSON.stringify(kept))
    this.#render()
    this.#validate()
    if (known !== this.#told) this.#emit('vpostcode-change', this.value)
    this.#told = known
  }

  #emit(type: string, detail: unknown, options: EventInit = {}): boolean {
    return this.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail, ...options }))
  }

  #validate(): void {
    const { question } = this.#address
    const { anchor } = this.#panel
    const open = this.required && question?.demanded && question.chosen === null
    if (open && anchor) this.#internals.setValidity({ valueMissing: true }, this.#say('choose'), anchor)
    else this.#internals.setValidity({})
  }

  #render(): void {
    const { known, question, before } = this.#address
    if (!question) this.#demanded = false
    const { answer, former } = known
    this.#panel.render(
      { answer, former, question, demanded: this.#demanded, canUndo: before !== null && answer !== null },
      this.#say,
    )
  }

  /** Behind what a screen reader says of the last key. */
  #announce(text: string): void {
    clearTimeout(this.#announcing)
    this.#status.textContent = ''
    this.#announcing = setTimeout(() => {
      this.#status.textContent = text
    }, 300)
  }
}

/** What the browser keeps of the element in the history of the page. */
interface Kept {
  chosen: Chosen | null
  /** What stood in the fields of the units. */
  units: string
}
const unitsOf = ({ commune, district, province }: Values) => [commune, district, province].join('|')

const NOTHING: Kept = { chosen: null, units: '' }

function read(state: unknown): Kept {
  try {
    return (JSON.parse(String(state)) as Kept | null) ?? NOTHING
  } catch {
    return NOTHING
  }
}
