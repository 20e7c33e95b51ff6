import { type Api, PATIENCE } from './api.ts'
import {
  type Controls,
  FIELDS,
  type Field,
  findControls,
  makeFields,
  readValues,
  type Values,
  writeValue,
} from './fields.ts'
import { type Known, UNKNOWN } from './formData.ts'
import { type Chosen, type Finding, isAsked, look } from './look.ts'
import type { Question } from './panel.ts'
import { type PrivatePiece, privatePieces, withoutPrivate } from './split.ts'
import type { Place } from './suggestions.ts'
import type { Say } from './texts.ts'

/** Milliseconds in which a browser fills in all fields of a form. */
const FILLING = 200

interface Hooks {
  api: Api
  /** Something is known that was not, or no more. */
  changed(): void
  announce(text: string): void
  say(): Say
  /** The event that tells the page of private pieces; whether it took them over. */
  split(text: string, pieces: readonly PrivatePiece[]): boolean
}

/** The address in the fields and what the API knows of it. */
export class Address {
  controls: Controls = {}
  known: Known = UNKNOWN
  pieces: PrivatePiece[] = []
  chosen: Chosen | null = null
  question: Question | null = null
  /** What stood in the fields before the line was rewritten. */
  before: Values | null = null
  /** The fields are being written here, not by the shopper. */
  writing = false
  /** An input method is at work in them. */
  composing = false

  private readonly hooks: Hooks
  private asking = new AbortController()
  private timer: ReturnType<typeof setTimeout> | undefined
  /** What the fields said when they were looked at last, and what is being looked at. */
  private seen = ''
  private underWay: { key: string; since: number; done: Promise<void> } | null = null
  /** What was written here into the fields. */
  private ours: Partial<Values> = {}
  /** A line that the shopper wants as it is. */
  private kept = ''
  private told = { text: '', taken: false }

  constructor(hooks: Hooks) {
    this.hooks = hooks
  }

  get values(): Values {
    return readValues(this.controls)
  }

  find(host: Element): void {
    if (!host.querySelector('input, select, textarea')) makeFields(host, this.hooks.say())
    this.controls = findControls(host)
  }

  fieldOf(target: EventTarget | null): Field | undefined {
    return target ? FIELDS.find((field) => this.controls[field] === target) : undefined
  }

  /** The shopper or the browser wrote: what was found of the text before holds no more. */
  touched(field: Field): void {
    if (field !== 'line') this.chosen = null
    this.forget()
    if (this.known !== UNKNOWN) this.know(UNKNOWN)
  }

  /** The fields are those of a new form. */
  reset(): void {
    this.chosen = null
    this.ours = {}
    this.seen = ''
    this.forget()
    this.know(UNKNOWN)
  }

  stop(): void {
    clearTimeout(this.timer)
    this.asking.abort()
    this.underWay = null
  }

  lookSoon(): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.look(), FILLING)
  }

  /**
   * Asks the API what the fields say, unless that is known or under way. `asked`: the shopper did something for which fields may
   * be written (pasted, chose). Never rejects.
   */
  look(asked = false, values = this.values): Promise<void> {
    clearTimeout(this.timer)
    const key = this.keyOf(values)
    if (key === this.seen) return Promise.resolve()
    if (key === this.underWay?.key) return this.underWay.done
    this.stop()
    if (!isAsked(values)) {
      this.know(UNKNOWN)
      return Promise.resolve()
    }
    this.asking = new AbortController()
    const { signal } = this.asking
    const since = performance.now()
    const done = look(this.hooks.api, values, this.chosen, signal).then((found) => {
      if (signal.aborted) return
      this.underWay = null
      if (found) this.adopt(found, values, asked, performance.now() - since > PATIENCE)
    })
    this.underWay = { key, since, done }
    return done
  }

  /**
   * A line that was pasted as a whole is a new address: what was written here into the other fields belongs to the one before, and
   * what the shopper wrote there is asked only when the line says no place. Answers whether a place is known now.
   */
  async lookAtPasted(): Promise<boolean> {
    this.chosen = null
    const left = FIELDS.filter((field) => field !== 'line' && this.values[field] === this.ours[field])
    this.write(Object.fromEntries(left.map((field) => [field, ''])))
    const { line } = this.values
    await this.look(true, { line, commune: '', district: '', province: '', postcode: '' })
    const placed = () => Boolean(this.known.answer?.current?.commune)
    if (!placed() && this.values.line === line) await this.look(true)
    return placed() || this.question !== null
  }

  /** Milliseconds that it is worth while to wait for an answer; 0 when there is none to come. */
  get wait(): number {
    const { values } = this
    if (this.hooks.api.away || this.keyOf(values) === this.seen || !isAsked(values)) return 0
    return this.underWay ? Math.max(0, this.underWay.since + PATIENCE - performance.now()) : PATIENCE
  }

  /** A suggestion was chosen. */
  pick(place: Place): void {
    const { name, type, city = '', citycode, district = '', state, postcode = '', label } = place
    this.forget()
    // A unit says nothing of the house that may have been typed in front of it.
    const typed = this.values.line.split(',').slice(0, -1).join(',').trim()
    const street = type === 'municipality' ? typed : name
    const line = !citycode && district && !this.controls.district ? `${street}, ${district}` : street
    this.chosen = citycode ? { code: citycode, former: null, crosswalks: [], line: null } : null
    this.write({ line, commune: city, district, province: state, postcode })
    this.hooks.announce(label)
    this.look(true)
  }

  /** The shopper says which commune it is: the index of a choice, or their number for somewhere else. */
  answer(index: number): void {
    const { question } = this
    if (!question) return
    question.chosen = index
    const choice = question.choices[index]
    const { answer } = question.asked
    this.stop()
    if (!choice) {
      this.chosen = null
      this.seen = this.keyOf(this.values)
      this.know(question.asked)
      return
    }
    const reading = answer?.candidates.find(
      ({ current, former }) =>
        current.commune?.code === choice.communeCode &&
        (former?.commune?.code ?? null) === choice.formerCommuneCode,
    )
    const { line } = this.values
    this.chosen = {
      code: choice.communeCode,
      former: reading?.former ?? answer?.former ?? null,
      crosswalks: answer?.crosswalks ?? [],
      line: { written: line, place: answer?.labels.place.vi.join(', ') || line },
    }
    this.look(true)
  }

  /** Puts back what stood in the fields, and leaves it from now on. */
  undo(): void {
    if (!this.before) return
    const { before } = this
    this.before = null
    this.kept = before.line
    this.write(before)
    this.ours = {}
    this.seen = this.keyOf(this.values)
    this.know(this.known)
    this.hooks.announce(this.hooks.say()('undone'))
  }

  private adopt(
    { answer, former, chosen, byLine }: Finding,
    values: Values,
    asked: boolean,
    late: boolean,
  ): void {
    this.pieces = privatePieces(answer)
    const taken = this.tell(answer.input)
    const known: Known = { status: answer.ask.length > 0 ? 'open' : 'checked', answer, former }
    const asks = answer.ask.find(({ choices }) => choices.length > 0)
    // An answer that nobody waited for any more asks, but demands nothing.
    if (asks) this.question ??= { ...asks, asked: known, chosen: null, demanded: !late }
    const { commune, province } = (answer.grade === 'C' ? null : answer.current) ?? {}
    if (commune && province) {
      // What the shopper wrote into a field of its own stays, unless he asked for it; and nothing changes when he has gone on.
      const may = (field: Field) =>
        asked || byLine || (!late && (values[field] === '' || values[field] === this.ours[field]))
      const units: Partial<Values> = {
        commune: commune.fullName,
        province: province.fullName,
        district: former?.district?.fullName ?? '',
        postcode: answer.postcode ?? '',
      }
      const next = Object.fromEntries(Object.entries(units).filter(([field]) => may(field as Field)))
      // The units stood in the line.
      const whole = byLine || (values.commune === '' && may('commune'))
      const inHand = !asked && this.controls.line?.matches(':focus')
      if (whole && taken && !inHand && values.line !== this.kept) next['line'] = lineOf(answer)
      const before = this.before ?? values
      if (!this.composing) this.write(next)
      this.before = this.values.line === before.line ? null : before
      this.chosen = { code: commune.code, former, crosswalks: answer.crosswalks, line: chosen?.line ?? null }
    }
    this.seen = this.keyOf(commune ? this.values : values)
    this.know(known)
    const { announce, say } = this.hooks
    if (this.question?.chosen === null) announce(this.question.question)
    else if (answer.labels.current) announce(`${say()('understood')}: ${answer.labels.current.vi.join(', ')}`)
  }

  /** Tells the page once of what is no address. */
  private tell(text: string): boolean {
    if (this.pieces.length === 0) return true
    if (this.told.text !== text) this.told = { text, taken: this.hooks.split(text, this.pieces) }
    return this.told.taken
  }

  private forget(): void {
    this.stop()
    this.question = null
    this.before = null
  }

  private know(known: Known): void {
    if (known === UNKNOWN) this.pieces = []
    this.known = known
    this.hooks.changed()
  }

  private keyOf(values: Values): string {
    return JSON.stringify([values, this.chosen?.code])
  }

  private write(values: Partial<Values>): void {
    this.writing = true
    for (const field of FIELDS) {
      const value = values[field]
      if (value === undefined) continue
      writeValue(this.controls[field], value)
      this.ours[field] = this.values[field]
    }
    this.writing = false
  }
}

/** What stays in the line when the units stand in fields of their own: nothing that was not understood is lost. */
const lineOf = (answer: Finding['answer']): string =>
  answer.unresolved.length > 0 ? withoutPrivate(answer) : answer.labels.place.vi.join(', ')
