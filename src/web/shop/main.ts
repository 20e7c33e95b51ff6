import { chooseLanguage, language } from '../shared/language.ts'
import { shared } from '../shared/texts.ts'
import { type SHOP, text } from './texts.ts'

// The example shop: what a page does with <vpostcode-address>. The form is in shop.html and works without this script.

/** What is told of a line beside its address, by the event. */
interface Split {
  private: { kind: 'phone' | 'person' | 'id' | 'note'; text: string }[]
}
const LINES = [
  'Chị Lan 0912 345 678, 12 Hàng Trống, phường Hàng Trống, quận Hoàn Kiếm, Hà Nội. Giao giờ hành chính',
  '12 Nguyễn Trãi, phường Thanh Xuân Trung, Thanh Xuân, Hà Nội',
  'P. 1205 tầng 12 chung cư Sunrise, 25 Lê Lợi, Quận 1, TPHCM',
]

const form = document.querySelector<HTMLFormElement>('#form')!
const checkout = document.querySelector<HTMLElement>('#checkout')!
const sent = document.querySelector<HTMLElement>('#sent')!
const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement

document.documentElement.lang = language()
document.title = text('page')
for (const part of document.querySelectorAll<HTMLElement>('[data-text]'))
  part.textContent = text(part.dataset['text'] as keyof typeof SHOP)
const other = language() === 'vi' ? 'en' : 'vi'
const button = document.querySelector<HTMLButtonElement>('#language')!
button.textContent = shared('language')
button.lang = other
button.addEventListener('click', () => chooseLanguage(other))

// What stood in the line beside the address has fields of its own here: preventDefault says that they took it.
const FIELDS = { person: 'name', phone: 'phone', note: 'note', id: null } as const
form.addEventListener('vpostcode-split', (event) => {
  const pieces = (event as CustomEvent<Split>).detail.private
  if (pieces.some(({ kind }) => FIELDS[kind] === null)) return
  for (const { kind, text } of pieces) {
    const place = field(FIELDS[kind]!)
    if (kind === 'note' && place.value) place.value += `, ${text}`
    else if (!place.value) place.value = text
  }
  event.preventDefault()
})

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const data = [...new FormData(form, event.submitter)].map(([name, value]) => [name, String(value)] as const)
  document.querySelector('#rows')!.replaceChildren(
    ...data
      .filter(([, value]) => value)
      .map(([name, value]) => {
        const row = document.createElement('tr')
        const head = document.createElement('th')
        head.scope = 'row'
        // Long names break at their underscores.
        head.append(...name.split(/(?<=_)/).flatMap((word) => [word, document.createElement('wbr')]))
        row.append(head, Object.assign(document.createElement('td'), { textContent: value }))
        return row
      }),
  )
  const names = data.filter(([, value]) => !value).map(([name]) => name)
  document.querySelector('#empty')!.textContent = text('empty', { names: names.join(', ') })
  checkout.hidden = true
  sent.hidden = false
  sent.focus()
})
document.querySelector('#again')!.addEventListener('click', () => {
  form.reset()
  sent.hidden = true
  checkout.hidden = false
  field('name').focus()
})

for (const line of LINES) {
  const item = document.createElement('li')
  const fill = document.createElement('button')
  fill.type = 'button'
  fill.className = 'quiet'
  fill.textContent = line
  fill.addEventListener('click', () => {
    for (const name of ['commune', 'province', 'address']) {
      field(name).value = name === 'address' ? line : ''
      field(name).dispatchEvent(new Event('input', { bubbles: true }))
    }
  })
  item.append(fill)
  document.querySelector('#lines')!.append(item)
}
