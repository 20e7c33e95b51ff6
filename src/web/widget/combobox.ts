/** One line of the list: `name` in front, `context` below it. */
export interface Suggestion {
  name: string
  context: string
}

interface Places {
  /** The field of the page. It stays where it is: browsers fill it, and it goes with the form. */
  input: HTMLInputElement
  /** The list. In the tree of the input, for what `aria-activedescendant` names has to be. */
  list: HTMLElement
  /** Holds the list, in the shadow tree; placed below or above the input. */
  popup: HTMLElement
  /** What `popup` is placed in. */
  host: HTMLElement
}

/** Pixels: what the list needs below the input, else it stands above where there is more room; and its greatest height. */
const ROOM = 260
const TALLEST = 380
/** Pixels: a list no narrower than this where the page has room, so far from the edges of the page. */
const NARROWEST = 320
const MARGIN = 8

let numbers = 0

/**
 * The combobox of ARIA 1.2 with a list (list autocomplete, selected by hand): the focus stays in the input, the arrows move
 * through the list, Enter and a click choose, Escape closes. Keys that an input method uses to compose letters are its own.
 */
export class Combobox {
  private readonly at: Places
  private readonly choose: (index: number) => void
  private active = -1
  private readonly stop = new AbortController()

  constructor(at: Places, name: string, choose: (index: number) => void) {
    this.at = at
    this.choose = choose
    const { input, list } = at
    const { signal } = this.stop
    list.id = `vpostcode-list-${++numbers}`
    describe(list, { role: 'listbox', 'aria-label': name })
    describe(input, {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-controls': list.id,
    })
    input.addEventListener('keydown', (event) => this.onKey(event), { signal })
    input.addEventListener('blur', () => this.close(), { signal })
    // The focus stays in the input, or the keyboard of a phone would fold away under the finger.
    at.popup.addEventListener('mousedown', (event) => event.preventDefault(), { signal })
    list.addEventListener('click', (event) => this.pick(this.indexOf(event.target as Element)), { signal })
    const place = () => this.place()
    for (const target of [globalThis.visualViewport, globalThis])
      for (const type of ['resize', 'scroll'])
        target?.addEventListener(type, place, { signal, passive: true })
  }

  get open(): boolean {
    return !this.at.popup.hidden
  }

  /** Shows a list in place of the one before; none closes it. */
  show(suggestions: readonly Suggestion[]): void {
    const { list } = this.at
    this.activate(-1)
    list.replaceChildren(
      ...suggestions.map(({ name, context }, index) => {
        const option = document.createElement('vpostcode-option')
        option.id = `${list.id}-${index}`
        describe(option, { role: 'option', 'aria-selected': 'false' })
        const [first, second] = [document.createElement('b'), document.createElement('span')]
        first.textContent = name
        second.textContent = context
        option.append(first, second)
        return option
      }),
    )
    this.toggle(suggestions.length > 0)
  }

  close(): void {
    this.activate(-1)
    this.toggle(false)
  }

  /** Leaves the input as it was. */
  dispose(): void {
    this.close()
    this.stop.abort()
    const { input } = this.at
    for (const name of ['role', 'aria-autocomplete', 'aria-expanded', 'aria-controls'])
      input.removeAttribute(name)
  }

  private onKey(event: KeyboardEvent): void {
    // 229: what some browsers send while an input method is at work.
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return
    const count = this.at.list.children.length
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && count > 0) {
      event.preventDefault()
      const from = this.active < 0 && step < 0 ? 0 : this.active
      if (!this.open) this.toggle(true)
      else if (event.altKey && step < 0) this.close()
      if (!event.altKey) this.activate((from + step + count) % count)
    } else if (event.key === 'Enter' && this.open && this.active >= 0) {
      event.preventDefault()
      this.pick(this.active)
    } else if (event.key === 'Escape' && this.open) {
      // Or the dialog around it would close as well.
      event.preventDefault()
      event.stopPropagation()
      this.close()
    } else if (event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End') this.activate(-1)
  }

  private pick(index: number): void {
    if (index < 0) return
    this.close()
    this.choose(index)
  }

  private indexOf(target: Element): number {
    const option = target.closest('[role=option]')
    return option ? [...this.at.list.children].indexOf(option) : -1
  }

  private activate(index: number): void {
    const { input, list } = this.at
    this.active = index
    for (const [i, option] of [...list.children].entries())
      describe(option, { 'aria-selected': String(i === index) })
    const option = list.children[index]
    if (option) {
      input.setAttribute('aria-activedescendant', option.id)
      option.scrollIntoView({ block: 'nearest' })
    } else input.removeAttribute('aria-activedescendant')
  }

  private toggle(open: boolean): void {
    this.at.popup.hidden = !open
    describe(this.at.input, { 'aria-expanded': String(open) })
    if (open) this.place()
  }

  /** In what is seen of the page: on a phone that ends above the keyboard. */
  private place(): void {
    if (!this.open) return
    const { input, popup, host } = this.at
    const view = globalThis.visualViewport
    const top = view?.offsetTop ?? 0
    const field = input.getBoundingClientRect()
    const around = host.getBoundingClientRect()
    const below = top + (view?.height ?? globalThis.innerHeight) - field.bottom - 12
    const above = field.top - top - 12
    const over = below < ROOM && above > below
    // A field without styles of the page is narrower than an address.
    const page = document.documentElement.clientWidth
    const width = Math.min(Math.max(field.width, NARROWEST), page - 2 * MARGIN)
    const left = Math.max(MARGIN, Math.min(field.left, page - MARGIN - width))
    Object.assign(popup.style, {
      left: `${(width > field.width ? left : field.left) - around.left}px`,
      width: `${Math.max(width, field.width)}px`,
      top: over ? '' : `${field.bottom - around.top + 4}px`,
      bottom: over ? `${around.bottom - field.top + 4}px` : '',
      maxHeight: `${Math.max(Math.min(over ? above : below, TALLEST), 120)}px`,
    })
  }
}

/** By attributes: not every browser has them as properties. */
function describe(element: Element, attributes: Record<string, string>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
}
