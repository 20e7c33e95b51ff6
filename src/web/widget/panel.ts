import type { Validation } from 'vpostcode/client'
import { unitsLine } from '../shared/units.ts'
import type { Known } from './formData.ts'
import type { Say } from './texts.ts'

/** Which of several communes: asked as long as the address stays as it is, so that the answer can be changed. */
export interface Question {
  question: string
  choices: Validation['ask'][number]['choices']
  /** What was known when it was asked. */
  asked: Known
  /** Index of the choice; the number of choices: somewhere else; null: not answered. */
  chosen: number | null
  /** A required address is not complete without an answer. */
  demanded: boolean
}

export interface View {
  answer: Known['answer']
  former: Known['former']
  question: Question | null
  /** The question was passed over. */
  demanded: boolean
  canUndo: boolean
}

interface Hooks {
  choose(index: number): void
  undo(): void
}

/** What the widget shows below the fields: the question, the understood address, what is missing. Everything as text. */
export class Panel {
  readonly root = element('div', 'panel')
  private readonly result = element('div', 'result')
  private readonly asked = element('div')
  private readonly hooks: Hooks
  private drawn: Question | null = null

  constructor(hooks: Hooks) {
    this.hooks = hooks
    this.root.append(this.asked, this.result)
  }

  /** The first thing of the question that can have the focus. */
  get anchor(): HTMLElement | null {
    return this.asked.querySelector('input:checked') ?? this.asked.querySelector('input')
  }

  render(view: View, say: Say): void {
    // A question that stands there stays: the focus may be in it.
    if (view.question !== this.drawn) this.drawQuestion(view.question, say)
    this.demand(view.demanded && view.question?.chosen === null ? say('choose') : '')
    this.result.replaceChildren(...this.resultOf(view, say))
    this.result.hidden = this.result.childElementCount === 0
  }

  private drawQuestion(question: Question | null, say: Say): void {
    this.drawn = question
    this.asked.replaceChildren()
    if (!question) return
    const group = element('fieldset', 'question')
    group.append(element('legend', 'legend', question.question))
    const labels = [...question.choices.map(({ label }) => label), say('elsewhere')]
    for (const [index, text] of labels.entries()) {
      const label = element('label', 'choice')
      const radio = element('input', 'radio')
      radio.type = 'radio'
      radio.name = 'commune'
      radio.checked = question.chosen === index
      radio.addEventListener('change', () => this.hooks.choose(index))
      label.append(radio, element('span', null, text))
      group.append(label)
    }
    const error = element('p', 'error')
    error.id = 'error'
    group.append(error)
    this.asked.append(group)
  }

  private demand(text: string): void {
    const error = this.asked.querySelector('#error')
    if (!error) return
    error.textContent = text
    this.asked.querySelector('fieldset')!.toggleAttribute('data-demanded', text !== '')
    for (const radio of this.asked.querySelectorAll('input'))
      if (text) radio.setAttribute('aria-describedby', 'error')
      else radio.removeAttribute('aria-describedby')
  }

  private *resultOf({ answer, former, question, canUndo }: View, say: Say): Iterable<HTMLElement> {
    const lines = answer?.labels.current?.vi
    if (answer && lines) {
      const sure = answer.verdict.possibleNextAction !== 'CONFIRM'
      this.result.dataset['verdict'] = sure ? 'good' : 'doubtful'
      yield element('p', 'heading', say(sure ? 'understood' : 'confirm'))
      yield element('p', 'address', lines.join(', '))
      if (former?.commune) {
        const names = unitsLine(former.commune, former.district, former.province)
        yield element('p', 'former', `${say('former')}: ${names}`)
      }
      if (answer.formatted) {
        const line = element('p', 'code', 'Vpostcode ')
        line.append(element('b', null, answer.formatted))
        yield line
      }
    } else if (answer) this.result.dataset['verdict'] = 'doubtful'
    const missing = answer?.ask.filter(({ part }) => part !== 'commune' || !question) ?? []
    if (missing.length > 0) {
      const text = missing.map((ask) => ask.question).join(' ')
      yield element('p', 'missing', `${say('missing')}: ${text}`)
    }
    if (canUndo) {
      const button = element('button', 'undo', say('undo'))
      button.type = 'button'
      button.addEventListener('click', () => this.hooks.undo())
      yield button
    }
  }
}

/** An element with a part for the page's styles and a text, which is never read as HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  part: string | null = null,
  text = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  if (part) made.setAttribute('part', part)
  made.textContent = text
  return made
}
