import type { SearchResult } from 'vpostcode/client'
import type { Api } from './api.ts'
import { Combobox } from './combobox.ts'
import { mayBePrivate } from './split.ts'
import type { Say } from './texts.ts'

export type Place = SearchResult['features'][number]['properties']

/** Milliseconds of rest after which is asked, and while an input method still composes a word. */
const REST = 150
const COMPOSING = 350
/** Letters from which suggestions make sense, and beyond which nobody types a street any more. */
const SHORTEST = 2
const LONGEST = 120

interface Hooks {
  api: Api
  say: () => Say
  announce(text: string): void
  /** Where the address is, as far as the other fields say it: "Phường Hoàn Kiếm, Hà Nội". */
  around(): string
  pick(place: Place): void
}

/** The list under the line while somebody types. An answer that a later letter has overtaken is dropped. */
export class Suggestions {
  private readonly input: HTMLInputElement
  private readonly notice: HTMLElement
  private readonly hooks: Hooks
  private readonly combobox: Combobox
  private offered: readonly Place[] = []
  private asking = new AbortController()
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(at: ConstructorParameters<typeof Combobox>[0] & { notice: HTMLElement }, hooks: Hooks) {
    this.input = at.input
    this.notice = at.notice
    this.hooks = hooks
    this.combobox = new Combobox(at, hooks.say()('list'), (index) => {
      const place = this.offered[index]
      if (place) hooks.pick(place)
    })
  }

  /** After a letter. */
  soon(composing = false): void {
    this.close(false)
    const text = this.input.value.trim()
    const askable = text.length >= SHORTEST && text.length <= LONGEST && !mayBePrivate(text)
    if (askable) this.timer = setTimeout(() => this.ask(text), composing ? COMPOSING : REST)
    else this.combobox.close()
  }

  /** Asks nothing more; `hide`: the list goes too. */
  close(hide = true): void {
    clearTimeout(this.timer)
    this.asking.abort()
    if (hide) this.combobox.close()
  }

  dispose(): void {
    this.close()
    this.combobox.dispose()
  }

  private async ask(text: string): Promise<void> {
    const { api, around, say, announce } = this.hooks
    this.asking = new AbortController()
    const { signal } = this.asking
    const place = around()
    let found = await api.suggest(place ? `${text}, ${place}` : text, signal)
    // Somebody writes another address over the one before.
    if (found?.features.length === 0 && place) found = await api.suggest(text, signal)
    const gone = !this.input.matches(':focus') || this.input.value.trim() !== text
    if (signal.aborted || gone) return
    this.offered = found?.features.map(({ properties }) => properties) ?? []
    this.notice.textContent = found?.geocoding.attribution ?? ''
    this.combobox.show(
      this.offered.map(({ label, name }) => ({
        name,
        context: label.startsWith(`${name}, `) ? label.slice(name.length + 2) : label,
      })),
    )
    if (found) announce(this.offered.length > 0 ? say()('count', { n: this.offered.length }) : say()('none'))
  }
}
